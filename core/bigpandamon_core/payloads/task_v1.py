"""One task for `/api/v1`."""

from typing import Any

from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import task_events
from bigpandamon_core.payloads.envelope import plain
from bigpandamon_core.payloads.task import OneTask
from bigpandamon_core.payloads.task_records import computed, progress


def shape(task: OneTask) -> dict[str, Any]:
    """The task's columns and what follows from them, its data sets, attempts, states, parent and children."""
    data = plain(task.row) | {
        "computed": computed(task.row, task.call.now) | progress(task.sums, task.output_events),
        "datasets": [plain(row) | {"rse": task.storage.get(row["datasetid"], [])} for row in task.datasets],
        "attempts": task.attempts,
        "states": [plain(row) for row in task.states],
        "relatives": [
            {name: row[name] for name in ("jeditaskid", "taskname", "status", "parent_tid")}
            for row in task.relatives
        ],
        "parameters": task.parameters or None,
        "event_ranges": task_events.told(task),
    }
    return {"data": data, "meta": meta(task), "links": {"self": task.call.url}}


def meta(task: OneTask) -> dict[str, Any]:
    """What it is told of: the moment, what this installation lacks."""
    return {"as_of": iso(task.call.now), "source": "sql", "missing": task.missing}


def meta_of_jobs(task: OneTask) -> dict[str, Any]:
    """The same for what its jobs tell, and why not all of them do."""
    missing = list(dict.fromkeys((*task.missing, *task.jobs.missing)))
    return meta(task) | {"missing": missing, "truncated": task.jobs.cut or None}
