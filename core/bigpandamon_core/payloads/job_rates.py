"""Is it the job, the task, the site or the node? How jobs around a job fared."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain import jobs as job_rules
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.job import OneJob
from bigpandamon_core.payloads.jobs_links import can_be_asked_for
from bigpandamon_core.queries import job_counts

HOURS = 12


def rates(job: OneJob) -> list[dict[str, Any]]:
    """Failing rates among the jobs that ended in the twelve hours up to this job's last change, if known."""
    changed = job.row["modificationtime"]
    if changed is None:
        return []
    end = changed.replace(microsecond=0) + timedelta(seconds=1)
    window = {"date_from": iso(end - timedelta(hours=HOURS)), "date_to": iso(end)}
    return [
        _rate(job, text, conditions | window)
        for text, conditions in _neighbourhoods(job)
        if all(can_be_asked_for(str(value)) for value in conditions.values())
    ]


def _neighbourhoods(job: OneJob) -> list[tuple[str, dict[str, Any]]]:
    row, found = job.row, []
    if row["jeditaskid"]:
        found.append(("This task", {"jeditaskid": row["jeditaskid"], "mode": "nodrop"}))
    if row["computingsite"]:
        found.append((f"Queue {row['computingsite']}", {"computingsite.is": row["computingsite"]}))
        node = job_rules.node(row["modificationhost"])
        if node != "Unknown":
            found.append(("This node", {"computingsite.is": row["computingsite"], "wn.is": node}))
    if row["produsername"] and not job.call.privacy.hides_names:
        found.append(("This user", {"produsername.is": row["produsername"]}))
    return found


def _rate(job: OneJob, text: str, conditions: dict[str, Any]) -> dict[str, Any]:
    asked = {name: str(value) for name, value in conditions.items()} | {"jobstatus": "failed,finished"}
    selection = scope.selection(job.call, asked.items())
    counts = job_counts.states(selection, job.call.now)
    failed, finished = counts["failed"], counts["finished"]
    return {
        "text": f"{text}, {HOURS} h",
        "url": f"{job.call.root}jobs/?{urlencode(asked)}",
        "failed": failed,
        "ended": failed + finished,
        "rate": failing_percent(failed, finished),
    }
