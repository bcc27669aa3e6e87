"""Reading the files, parameters and metadata of a job. Each has a live table and an archive, which counts
where the live one has nothing."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import F

from bigpandamon_core.domain.conditions import All, Condition, equal, one_of
from bigpandamon_core.panda.periods import FILES, METADATA, PARAMETERS
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from bigpandamon_core.queries.jobs import at_once, highest_of
from bigpandamon_core.queries.where import in_chunks, listed, text_columns, where
from bigpandamon_core.sources.presence import present
from bigpandamon_core.sources.reading import ALIAS, declare, dicts, tuples

OF_JOB = declare("files.of_job", "The files of a job.", binds=("pandaid",), cap=20_000)
OF_JOBS = declare("files.of_jobs", "The files of several jobs.", binds=("pandaids",))
TEXTS = declare("files.texts", "The parameters and the metadata of a job.", binds=("pandaid",))
META_OF_JOBS = declare("files.metadata_of_jobs", "The metadata of several jobs.", binds=("pandaids",))
CONTENTS = declare("files.contents", "The task's rows of a job's files.", binds=("jeditaskid", "fileids"))
DATASETS = declare("files.datasets", "Datasets of a task.", binds=("jeditaskid",), cap=1_000)
PRODUCER = declare("files.producer", "Jobs that wrote an output file.", binds=("lfn",), cap=1)
FOUND = declare("files.found", "Jobs that read or wrote a file.", binds=("conditions",), cap=1_000)
_TEXTS = {"jobparameters": PARAMETERS, "metadata": METADATA}
COLUMNS = tuple(
    """row_id pandaid modificationtime guid lfn type dataset status proddblock proddblocktoken dispatchdblock
    dispatchdblocktoken destinationdblock destinationdblocktoken destinationse fsize md5sum checksum scope
    jeditaskid datasetid fileid attemptnr""".split()
)
DATASET_COLUMNS = tuple(column.attname for column in JediDatasets._meta.concrete_fields)


def of_job(pandaid: int, is_recent: bool = False) -> list[dict[str, Any]]:
    """The job's files, ordered by type. is_recent: the archive cannot have them yet."""
    tables = FILES[:1] if is_recent else _there(FILES)
    rows = at_once([_of(table, pandaid) for table in tables], COLUMNS)
    ordered = rows.order_by("_place", "type", "row_id")[: OF_JOB.cap]
    found = list(tuples(OF_JOB, ordered))
    return [dict(zip(COLUMNS, values, strict=True)) for place, *values in found if place == found[0][0]]


def of_jobs(pandaids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Files by job, ordered by type."""
    found: dict[int, list[dict[str, Any]]] = {}
    for table in _there(FILES):
        for some in in_chunks(set(pandaids) - found.keys()):
            rows = table._default_manager.using(ALIAS).filter(listed("pandaid", some))
            for row in dicts(OF_JOBS, rows.order_by("pandaid", "type", "row_id"), COLUMNS):
                found.setdefault(row["pandaid"], []).append(row)
    return found


def texts_of(pandaid: int, is_recent: bool = False) -> dict[str, str]:
    """The parameters and the metadata of a job, "" where it has none, as `jobparameters` and `metadata`; one
    whose table cannot be read is left out. is_recent: as of `of_job`."""
    wanted = {column: tables[:1] if is_recent else tables for column, tables in _TEXTS.items()}
    asked = [(column, table) for column, tables in wanted.items() for table in present(tables)]
    found = {column: "" for column, _ in asked}
    rows = [_of(table, pandaid).annotate(text=F(column)) for column, table in asked]
    told = tuples(TEXTS, at_once(rows, ("text",))) if rows else ()
    for place, text in sorted(told, key=itemgetter(0)):
        column, _ = asked[place]
        found[column] = found[column] or text or ""
    return found


def metadata_of_jobs(pandaids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for table in _there(METADATA):
        for some in in_chunks(set(pandaids) - found.keys()):
            rows = table._default_manager.using(ALIAS).filter(listed("pandaid", some))
            texts = tuples(META_OF_JOBS, rows.values_list("pandaid", "metadata"))
            found |= {number: text for number, text in texts if text}
    return found


def datasets_of(jeditaskid: int) -> dict[int, dict[str, Any]]:
    """The datasets of a task by datasetid."""
    rows = JediDatasets.objects.using(ALIAS).filter(jeditaskid=jeditaskid)[: DATASETS.cap]
    return {row["datasetid"]: row for row in dicts(DATASETS, rows, DATASET_COLUMNS)}


def attempts_of(jeditaskid: int, fileids: list[int]) -> dict[tuple[int, int], tuple[int | None, Any]]:
    """(maxattempt, creationdate) by (datasetid, fileid)."""
    found: dict[tuple[int, int], tuple[int | None, Any]] = {}
    for some in in_chunks(fileids):
        rows = JediDatasetContents.objects.using(ALIAS).filter(listed("fileid", some), jeditaskid=jeditaskid)
        columns = ("datasetid", "fileid", "maxattempt", "creationdate")
        found |= {(row[0], row[1]): (row[2], row[3]) for row in tuples(CONTENTS, rows.values_list(*columns))}
    return found


def producer_of(lfn: str) -> int | None:
    """The newest job that has this file as output or log."""
    wanted = All((equal("lfn", lfn), one_of("type", ("output", "log"))))
    tables = _there(FILES)
    rows = [
        table._default_manager.using(ALIAS).filter(where(wanted, text_columns(table))) for table in tables
    ]
    return highest_of(PRODUCER, rows)


def found(condition: Condition) -> list[dict[str, Any]]:
    """The rows of a file in jobs, FOUND.cap of them, the newest first. An index must serve the condition."""
    rows = [
        row
        for table in _there(FILES)
        for row in dicts(
            FOUND,
            table._default_manager.using(ALIAS)
            .filter(where(condition, text_columns(table)))
            .order_by("-pandaid", "-row_id")[: FOUND.cap],
            COLUMNS,
        )
    ]
    by_row = {row["row_id"]: row for row in reversed(rows)}
    return sorted(by_row.values(), key=lambda row: (-row["pandaid"], -row["row_id"]))[: FOUND.cap]


def _there(tables: tuple[type[models.Model], ...]) -> tuple[type[models.Model], ...]:
    """The live table, and its archive where there is one."""
    return tables[0], *present(tables[1:])


def _of(table: type[models.Model], pandaid: int) -> models.QuerySet[Any]:
    return table._default_manager.using(ALIAS).filter(pandaid=pandaid)
