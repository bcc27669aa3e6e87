"""Files of data sets as the BigPanDA JSON API gives them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from bigpandamon_core.domain import datasets as dataset_rules
from bigpandamon_core.domain import file_requests
from bigpandamon_core.domain.files import event_count
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.payloads.files import Files, FilesOfDatasets
from bigpandamon_core.payloads.job_files import MB, TEXTS, with_blank
from bigpandamon_core.payloads.of_tasks import as_told
from bigpandamon_core.payloads.tables import plain
from bigpandamon_core.queries import dataset_records, datasets
from bigpandamon_core.queries.datasets import COLUMNS

USUAL_LIMIT, MOST_DATASETS = 1_000, 10_000
Row = dict[str, Any]
_MAIN_TIMES = ("creationdate", "modificationtime")
_NAMED = ("jeditaskid", "datasetid", "datasetname", "type")


def summary(files: Files) -> Row:
    """`/files/`: which data sets were asked for, and how many files and names of files they have."""
    selection = files.selection
    names = ("jeditaskid", *file_requests.OF_DATASETS)
    asked = {name: selection.get(name) or "|".join(selection.values(name + SHOWN)) for name in names}
    wanted = dataset_rules.wanted({name: value for name, value in asked.items() if value})
    found = list(as_told(files.call, datasets.asked_for(wanted, _NAMED, MOST_DATASETS)))
    return {
        "dataset": {
            "name": _all(row["datasetname"] for row in found),
            "id": _all(row["datasetid"] for row in found),
            "type": _all(row["type"] for row in found),
            "nfilestotal": files.count(),
            "nfilesunique": dataset_records.how_many_names(selection),
        }
    }


def _all(values: Iterable[object]) -> str:
    """Each once, as a comma list."""
    return ",".join(dict.fromkeys(str(value) for value in reversed([*values]) if value))


def array(files: FilesOfDatasets) -> Iterator[Row]:
    """`/loadFileList/`: the files, so many of them as `limit` says."""
    asked = files.selection.limit
    limit = USUAL_LIMIT if asked is None else asked
    total = files.count()
    if total > limit:
        files.truncated = f"{limit} of {total} files: limit asks for more"
    return (_listed(row) for row in files.rows(COLUMNS, limit))


def _listed(row: Row) -> Row:
    created = row["creationdate"]
    return columns(row) | {
        "creationdatecut": created.strftime("%Y-%m-%d") if isinstance(created, datetime) else "",
        "end_start_nevents": event_count(row),
    }


def columns(row: Mapping[str, Any]) -> Row:
    """The columns of a file: absent texts are "", its main times have a blank, others a T."""
    told = {name: "" if row[name] is None and name in TEXTS else plain(row[name]) for name in row}
    main = {name: with_blank(row[name]) or None for name in _MAIN_TIMES if name in row}
    return (
        told
        | main
        | {
            "fsizemb": f"{(row['fsize'] or 0) / MB:.2f}",
        }
    )
