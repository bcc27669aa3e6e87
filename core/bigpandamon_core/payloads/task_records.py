"""One task as the BigPanDA JSON API gives it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bigpandamon_core.domain import task_fields, tasks
from bigpandamon_core.domain.text import is_absent
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads.tasks import percent

Row = Mapping[str, Any]
SUMS = ("nfiles", "nfilesfinished", "nfilesfailed", "nfilesmissing")
READ = task_fields.COLUMNS
_SCOUTS = {
    "scoutinghascritfailures": "critical failure",
    "scoutinghasnoncritfailures": "non-critical failure",
}


def columns(row: Row) -> dict[str, Any]:
    """The columns of a task: absent texts are "", times have a T."""
    told = {name: "" if row[name] is None else row[name] for name in task_fields.TEXTS}
    told |= {name: _number(row[name]) for name in task_fields.INTEGERS}
    told |= {name: iso(row[name]) for name in task_fields.TIMES}
    return told | {
        "corecount": 1 if row["corecount"] is None else row["corecount"],
        "eventservice": tasks.event_service(row["eventservice"]),
        "statechangetime": iso(row["statechangetime"] or row["modificationtime"]),
        "transpath": str(row["transpath"] or "").rpartition("/")[2],
    }


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def computed(row: Row, now: datetime) -> dict[str, Any]:
    """Keys that follow from the columns; times in days."""
    told = {
        "age": tasks.age_days(row["creationdate"], now),
        "duration_days": tasks.duration_days(row, now),
        "owner": tasks.owner(row) or "",
        "category": tasks.category(row["tasktype"], row["workinggroup"]),
    }
    if not is_absent(row["campaign"]):
        told["campaign_cut"] = tasks.campaign_cut(row["campaign"])
    if number := tasks.request_number(row):
        told["deftreqid"] = number
    return told | _scouting(row)


def _scouting(row: Row) -> dict[str, bool]:
    """What the task's last words say of its scouts."""
    said = str(row["errordialog"] or "").lower()
    if "scout" not in said:
        return {}
    told = {name: words in said for name, words in _SCOUTS.items()}
    told["scoutinghascritfailures"] &= not told["scoutinghasnoncritfailures"]
    told["failedscouting"] = row["status"] in ("failed", "broken", "exhausted")
    return {name: True for name, holds in told.items() if holds}


def progress(sums: Mapping[str, int] | None, output_events: int = 0) -> dict[str, Any]:
    """How far a task is by its primary inputs; zeros without any."""
    sums = sums or dict.fromkeys((*SUMS, "nevents", "neventsused"), 0)
    files, events, used = sums["nfiles"], sums["nevents"], sums["neventsused"]
    return {name: sums[name] for name in SUMS} | {
        "pctfinished": percent(sums["nfilesfinished"], files),
        "pctfailed": percent(sums["nfilesfailed"], files),
        "neventsTot": events,
        "neventsUsedTot": used,
        "neventsRemaining": max(events - used, 0),
        "neventsOutput": output_events,
    }


def dataset(row: Row) -> dict[str, Any]:
    """A dataset with all its columns: absent texts are ""."""
    return {name: _dataset_value(name, value) for name, value in row.items()}


def _dataset_value(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return "" if value is None and name in DATASET_TEXTS else value


DATASET_TEXTS = frozenset(
    """datasetname type vo cloud site containername status state lockedby attributes streamname storagetoken
    destination""".split()
)
