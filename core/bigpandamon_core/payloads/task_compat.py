"""`/task/<jeditaskid>/` as the BigPanDA JSON API gives it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bigpandamon_core.domain import tasks as rules
from bigpandamon_core.domain.datasets import scope_of, without_scope
from bigpandamon_core.domain.tasks import INPUTS
from bigpandamon_core.payloads import tasks_compat
from bigpandamon_core.payloads.task import OneTask
from bigpandamon_core.payloads.task_records import columns, computed, progress
from bigpandamon_core.payloads.tasks import Tasks

WITH_BLANK = ("creationdate", "modificationtime", "starttime", "statechangetime", "ttcrequested")
"""Dates whose day and hour are parted by a blank instead of a T."""
DATASET_KEYS = tuple(
    """jeditaskid datasetid datasetname containername type masterid streamname status storagetoken nevents
    neventsused neventstobeused nfiles nfilesfinished nfilesfailed nfilesmissing nfileswaiting""".split()
)
NO_RATING = -1


def shape(task: OneTask | Tasks) -> dict[str, Any] | Iterator[dict[str, Any]]:
    """The task, what it was submitted with and its datasets; the list where a pattern of names was asked."""
    if isinstance(task, Tasks):
        return tasks_compat.shape(task)
    return {
        "task": _task(task),
        "taskparams": task.parameters,
        "datasets": [_dataset(task, row) for row in task.datasets],
    }


def _task(task: OneTask) -> dict[str, Any]:
    row, now = task.row, task.call.now
    told = columns(row) | computed(row, now)
    changed = row["statechangetime"] or row["modificationtime"]
    told |= {name: _blank(row[name]) for name in WITH_BLANK} | {"statechangetime": _blank(changed)}
    return told | _events(task) | _event_service(task) | _surroundings(task)


def _blank(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else None


def _events(task: OneTask) -> dict[str, Any]:
    """How far the task is, by files and by events."""
    done = progress(task.sums, task.output_events)
    total, processed = done["neventsTot"], done["neventsUsedTot"]
    return {
        "dsinfo": done,
        "totev": total,
        "totevproc": processed,
        "totevhs06": None,
        "totevoutput": task.output_events,
        "pctfinished": 100 * processed / total if total else "",
    }


def _event_service(task: OneTask) -> dict[str, Any]:
    """Events of ranges that are worked off, and cores of running jobs: as they are, and by their power."""
    if task.row["eventservice"] != rules.EVENT_SERVICE or not task.event_ranges.whole.count:
        return {}
    processed, total = task.event_ranges.whole.processed, progress(task.sums)["neventsTot"]
    jobs = task.jobs.summed
    return {
        "totevproc_evst": processed,
        "pcttotevproc_evst": 100 * processed / total if total else "",
        "accsum": jobs.cores,
        "naccsum": jobs.power,
    }


def _surroundings(task: OneTask) -> dict[str, Any]:
    """What other services tell of tasks: nothing here, in the form that programs expect."""
    row = task.row
    end = row["endtime"] if row["status"] in rules.FINAL and row["endtime"] else task.call.now
    is_analysis = (row["tasktype"] or "").startswith(rules.ANALYSIS)
    return {
        "dc_info": None,
        "idds_info": {},
        "rating": NO_RATING,
        "rating_feedback": [],
        "brokerage": "analy_brokerage" if is_analysis else "prod_brokerage",
        "kibanatimefrom": _zulu(row["creationdate"]),
        "kibanatimeto": _zulu(end),
    }


def _zulu(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _dataset(task: OneTask, row: dict[str, Any]) -> dict[str, Any]:
    name = str(row["datasetname"] or "")
    told = {key: "" if row[key] is None else row[key] for key in DATASET_KEYS}
    told |= {"datasetname": without_scope(name), "scope": scope_of(name)}
    if row["type"] in INPUTS and row["masterid"] is None:
        files = row["nfiles"] or 0
        told["percentfinished"] = 100 * (row["nfilesfinished"] or 0) // files if files > 0 else 0
    if storage := task.storage.get(row["datasetid"]):
        told["rse"] = ", ".join(storage)
    return told
