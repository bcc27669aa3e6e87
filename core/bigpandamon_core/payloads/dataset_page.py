"""`/dataset/` as a page: how far a data set is, what its files are, which other tasks use it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain import files as file_rules
from bigpandamon_core.domain.datasets import dataset_group
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import SHOWN, written
from bigpandamon_core.domain.privacy import is_told_otherwise
from bigpandamon_core.domain.states import file_group
from bigpandamon_core.payloads.call import Call, Table
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.dataset import OneDataset, Row
from bigpandamon_core.payloads.datasets import dataset_url, done, files_url, identity, jobs_url
from bigpandamon_core.payloads.files import task_cell
from bigpandamon_core.payloads.tables import (
    Fact,
    all_fields,
    fact,
    fact_groups,
    moment_text,
    state_cell,
    table,
)
from bigpandamon_core.queries.datasets import ALSO_USED
from bigpandamon_core.queries.listing import MOST_COUNTED

_ELSEWHERE = (
    Column("jeditaskid", "Task", "mono"),
    Column("datasetid", "Data set", "mono"),
    Column("type", "Type", "text"),
    Column("status", "State", "state"),
    Column("nfiles", "Files", "number"),
    Column("nfilesfinished", "Finished", "number"),
    Column("nfilesfailed", "Failed", "number"),
    Column("modificationtime", "Modified", "time"),
)
_LABELS = {
    "type": "Type", "streamname": "Stream", "state": "In data management", "nfilestobeused": "To be used",
    "nfilesused": "Used", "nfilesfinished": "Finished", "nfilesfailed": "Failed", "nfilesonhold": "On hold",
    "nfileswaiting": "Waiting", "nfilesmissing": "Missing", "nevents": "Events",
    "neventstobeused": "To be used", "neventsused": "Used",
    "site": "Site", "destination": "Destination", "storagetoken": "Storage token",
    "creationtime": "Created", "modificationtime": "Modified", "statechecktime": "State checked",
    "frozentime": "Frozen",
}  # fmt: skip
_FILES = tuple(
    "nfilestobeused nfilesused nfilesfinished nfilesfailed nfilesonhold nfileswaiting nfilesmissing".split()
)
_EVENTS = ("nevents", "neventstobeused", "neventsused")
_WHERE = ("site", "destination", "storagetoken")
_WHEN = ("creationtime", "modificationtime", "statechecktime", "frozentime")
_PLACES = {state: place for place, state in enumerate(file_rules.STATES)}


def shape(found: OneDataset) -> Row:
    """The context of the page.

    Raises:
        Problem: there is no such data set.
    """
    row, call = found.there, found.call
    url = dataset_url(call, row)
    return {
        "title": f"Data set {row['datasetid']}",
        "heading": f"Data set {row['datasetid']}",
        "name": row["datasetname"],
        "window": None,
        "state": {"state": row["status"] or "unknown", "group": dataset_group(row["status"] or "")},
        "counted": "Files",
        "states": _states(found),
        "said": [],
        "facts": facts(found),
        "tables": [one for one in (_elsewhere(found),) if one["rows"]],
        "fields": all_fields(row),
        "truncated": _cut(found),
        "ignored": found.ignored,
        "notes": found.lacking,
        "source": "read in the PanDA database",
        "links": {"json": f"{url}&json", "lasting": url, "api": f"{call.api}dataset?{identity(row)}"},
    }


def _cut(found: OneDataset) -> str:
    cut = found.files.total() >= MOST_COUNTED
    return f"counting stopped at {MOST_COUNTED:,} files" if cut else ""


def _states(found: OneDataset) -> list[Row]:
    """Its files by state, each a link to them."""
    counts = sorted(found.files.items(), key=lambda item: (_PLACES.get(item[0], len(_PLACES)), item[0]))
    return [
        {
            "state": state,
            "short": state,
            "group": file_group(state),
            "count": count,
            "url": files_url(found.call, found.there, **{f"status{SHOWN}": state}),
        }
        for state, count in counts
    ]


def facts(found: OneDataset) -> list[Row]:
    row = found.there
    groups = {
        "What": _what(found),
        "Files": [*_progress(found), *_facts(row, _FILES)],
        "Events": _facts(row, _EVENTS),
        "Where": [*_facts(row, _WHERE), fact("Stored at", ", ".join(found.storage))],
        "When": _facts(row, _WHEN),
    }
    return fact_groups(groups)


def _facts(row: Row, names: tuple[str, ...]) -> list[Fact]:
    return [fact(_LABELS[name], _words(row[name])) for name in names]


def _words(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    return f"{value:,}" if isinstance(value, int) else value


def _what(found: OneDataset) -> list[Fact]:
    row, call = found.there, found.call
    task, master = found.task, row["masterid"]
    number = row["jeditaskid"]
    return [
        fact("Task", number, f"{call.root}task/{number}/", note=str(task["status"] or "") if task else ""),
        fact("Its name", task["taskname"] if task else ""),
        fact("Container", row["containername"], _container_url(call, row)),
        *_facts(row, ("type", "streamname", "state")),
        fact("Master", master, dataset_url(call, row | {"datasetid": master})),
        fact("Data sets", "all of the task", f"{call.root}datasets/?jeditaskid={number}"),
    ]


def _container_url(call: Call, row: Row) -> str:
    """Nobody can be asked for by a name that is told otherwise."""
    name = str(row["containername"] or "")
    asked = urlencode({"containername": written("containername", name)})
    return "" if is_told_otherwise(name) else f"{call.root}datasets/?{asked}"


def _progress(found: OneDataset) -> list[Fact]:
    row, call = found.there, found.call
    percent, count = done(row), row["nfiles"]
    return [
        fact("Files", "" if count is None else f"{count:,}", files_url(call, row)),
        fact("Done", "" if percent is None else f"{percent} %"),
        fact("Jobs", "that read or wrote them", jobs_url(call, row)),
    ]


def _elsewhere(found: OneDataset) -> dict[str, Any]:
    rows = [_other(found.call, row) for row in found.elsewhere]
    sub = f"the newest {ALSO_USED.cap} of them" if len(rows) >= ALSO_USED.cap else ""
    return table("elsewhere", "The same data set in other tasks", _ELSEWHERE, rows, sub=sub)


def _other(call: Call, row: Row) -> Row:
    return row | {
        "jeditaskid": task_cell(call, row["jeditaskid"]),
        "datasetid": cell("mono", row["datasetid"], dataset_url(call, row)),
        "status": state_cell(row["status"], dataset_group(row["status"] or "")),
        "nfiles": cell("number", row["nfiles"], files_url(call, row)),
    }


def lines(found: OneDataset) -> Table:
    """What a terminal shows of a data set: the facts, one a line."""
    row = found.there
    told = [(one["label"], one["text"]) for group in facts(found) for one in group["rows"]]
    rows = [("Data set", row["datasetid"]), ("Name", row["datasetname"]), ("State", row["status"]), *told]
    return Table(("fact", "value"), ({"fact": name, "value": value} for name, value in rows if value))
