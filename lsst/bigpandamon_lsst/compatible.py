"""The list of workflows as the JSON that programs know of the workflow service, and a few keys more.

What only that service knows (its request, its state, its kind) is null where it cannot be asked.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bigpandamon_core.plugin import Call
from bigpandamon_lsst.condor import Run
from bigpandamon_lsst.hidden import operator, shown
from bigpandamon_lsst.service import Request
from bigpandamon_lsst.workflows import Files, Workflow

PANDA, HTCONDOR = "PanDA", "HTCondor"
Told = dict[str, Any]
COLUMNS = (
    "request_id", "r_name", "r_status", "created_at", "username", "cloud", "site", "campaign",
    "transform_type", "transform_tag", "total_tasks", "tasks_statuses", "total_files", "released_files",
    "unreleased_files", "processing_files", "total_jedi_files", "finished_files", "failed_files",
    "remaining_files", "processed_files", "lost_files", "missing_files",
)  # fmt: skip


def percent(part: int, files: Files) -> float | None:
    """Of all files, None where there are none."""
    return min(100.0, 100 * part / files.total) if files.total else None


def of_panda(one: Workflow) -> Told:
    tasks = {"total_tasks": len(one.tasks), "tasks_statuses": dict(one.states)}
    known = {name: one.first(name) for name in ("username", "cloud", "site", "campaign")}
    told = _told({"r_name": one.run, "created_at": one.created, **known, **tasks}, one.files)
    return told | (_requested(one.request) if one.request else {})


def _requested(request: Request) -> Told:
    return {
        "request_id": request.number,
        "r_status": request.status,
        "transform_type": request.kinds or None,
        "transform_tag": request.tag,
    }


def of_condor(call: Call, one: Run) -> Told:
    """Nodes stand in the place of files; of tasks there are none."""
    user = "" if call.privacy.hides_names else operator(call, one.told.operator)
    run = {"r_name": shown(call, one.name), "created_at": one.told.submitted, "username": user or None}
    return _told({**run, "total_tasks": 0, "tasks_statuses": {}}, one.files)


def _told(known: Mapping[str, Any], files: Files) -> Told:
    created = known["created_at"]
    counted = {
        "created_at": f"{created:%Y-%m-%d %H:%M:%S}" if created else None,
        "total_files": files.total,
        "released_files": files.released,
        "unreleased_files": files.unreleased,
        "processing_files": files.running,
        "total_jedi_files": files.total,
        "finished_files": int(percent(files.finished, files) or 0),
        "failed_files": int(percent(files.failed, files) or 0),
        "remaining_files": files.remaining,
        "processed_files": files.finished,
        "lost_files": files.failed,
        "missing_files": files.missing,
    }
    return dict.fromkeys(COLUMNS) | dict(known) | counted


def all_of(call: Call, panda: Iterable[Workflow], condor: Iterable[Run]) -> list[Told]:
    """Workflows of every back end, each with that, the newest first."""
    rows = [of_panda(one) | {"back_end": PANDA} for one in panda]
    rows += [of_condor(call, one) | {"back_end": HTCONDOR} for one in condor]
    return sorted(rows, key=lambda row: str(row["created_at"] or ""), reverse=True)
