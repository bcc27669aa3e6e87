"""Tasks as lists of records."""

from collections.abc import Iterable, Mapping
from functools import partial

from bigpandamon_core.domain import task_requests
from bigpandamon_core.domain import tasks as rules
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.nouns import Noun
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.columns import Offered
from bigpandamon_core.payloads.records import Listing, Records, Row
from bigpandamon_core.queries import last_attempts, listing
from bigpandamon_core.queries import tasks as queries

COLUMNS = Offered(
    (
        Column("jeditaskid", "Task", "mono", "jeditaskid"),
        Column("taskname", "Name", "text", "taskname"),
        Column("username", "User", "text", "username"),
        Column("status", "State", "state", "status"),
        Column("tasktype", "Type", "text", "tasktype"),
        Column("currentpriority", "Priority", "number", "currentpriority"),
        Column("nfiles", "Files in", "number"),
        Column("pctfinished", "Done", "percent"),
        Column("pctfailed", "Failed", "percent"),
        Column("attemptnr", "Attempt", "number", "attemptnr"),
        Column("modificationtime", "Modified", "time", "modificationtime"),
        Column("errordialog", "Said last", "error"),
    ),
    (
        Column("creationdate", "Created", "time", "creationdate"),
        Column("starttime", "Started", "time", "starttime"),
        Column("endtime", "Ended", "time", "endtime"),
        Column("statechangetime", "State changed", "time", "statechangetime"),
        Column("superstatus", "Request state", "text", "superstatus"),
        Column("workinggroup", "Group", "text", "workinggroup"),
        Column("reqid", "Request", "mono", "reqid"),
        Column("parent_tid", "Parent", "mono", "parent_tid"),
        Column("processingtype", "Kind of work", "text", "processingtype"),
        Column("prodsourcelabel", "Activity", "text", "prodsourcelabel"),
        Column("campaign", "Campaign", "text", "campaign"),
        Column("gshare", "Share", "text", "gshare"),
        Column("cloud", "Cloud", "text", "cloud"),
        Column("site", "Site", "text", "site"),
        Column("nucleus", "Nucleus", "text", "nucleus"),
        Column("resourcetype", "Resource", "text", "resourcetype"),
        Column("corecount", "Cores", "number", "corecount"),
        Column("ramcount", "Memory", "number", "ramcount"),
        Column("walltime", "Wall time", "number", "walltime"),
        Column("transpath", "Payload", "text", "transpath"),
        Column("transhome", "Release", "text", "transhome"),
        Column("framework", "Framework", "text", "framework"),
        Column("vo", "VO", "text", "vo"),
    ),
    "tasks",
)
NARROW = ("jeditaskid", "taskname", "username", "status", "currentpriority", "modificationtime")
_PROGRESS: Mapping[str, str] = {
    "nfiles": "nfiles",
    "pctfinished": "nfilesfinished",
    "pctfailed": "nfilesfailed",
}
"""Cells that datasets tell, and the sum each is made of."""


def noun(call: Call) -> Noun:
    """Tasks as requests see them there."""
    return task_requests.noun(call.option("tasks.window_hours"), call.more_fields.get("tasks", ()))


def percent(part: int, files: int) -> int:
    """Of the files of a task, rounded down, 0 to 100."""
    return max(0, min(100, 100 * part // files)) if files > 0 else 0


def _with_progress(records: Records, rows: list[Row]) -> None:
    def read() -> dict[int, dict[str, int]]:
        return queries.progress(row["jeditaskid"] for row in rows)

    found = records.optional("datasets", read, dict[int, dict[str, int]]())
    for row in rows:
        row["_progress"] = found.get(row["jeditaskid"])


def _progress_cell(name: str, _call: Call, row: Row) -> Cell:
    sums = row["_progress"]
    if sums is None:
        return cell("number", None)
    if name == "nfiles":
        return cell("number", sums["nfiles"])
    return cell("percent", percent(sums[_PROGRESS[name]], sums["nfiles"]) if sums["nfiles"] > 0 else None)


def _number(call: Call, row: Row) -> Cell:
    return cell("mono", row["jeditaskid"], f"{call.root}task/{row['jeditaskid']}/")


def _name(call: Call, row: Row) -> Cell:
    return cell("text", row["taskname"], f"{call.root}task/{row['jeditaskid']}/")


LISTING = Listing(
    title="Tasks",
    record="task",
    noun=noun,
    source=queries.TASKS,
    columns=COLUMNS,
    narrow=NARROW,
    person=("username",),
    made_of=dict.fromkeys(_PROGRESS, ("jeditaskid",)),
    cells={
        "jeditaskid": _number,
        "taskname": _name,
        **{name: partial(_progress_cell, name) for name in _PROGRESS},
    },
    groups={"status": rules.task_group},
    beside=_with_progress,
    states=("status", rules.STATES),
)


class Tasks(Records):
    """Tasks of a selection."""

    def __init__(self, call: Call):
        super().__init__(call, LISTING)

    def superseded(self, jeditaskids: Iterable[int]) -> frozenset[int]:
        """Jobs of some tasks that a retry replaced."""
        return self.optional("retry history", lambda: last_attempts.replaced(jeditaskids), frozenset[int]())


def has_tasks(call: Call, asked: Mapping[str, str]) -> bool:
    """Whether a request would find any."""
    selection = scope.selection(call, asked.items(), of=noun(call))
    return bool(listing.page(queries.TASKS, selection, ("jeditaskid",), 1))
