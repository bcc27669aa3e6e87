"""Is it the job, the task, the site or the node? How jobs around a job fared."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain import jobs as job_rules
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import ENDED_BY_THEMSELVES, failing_percent
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import job_facets, scope
from bigpandamon_core.payloads.job import OneJob
from bigpandamon_core.payloads.jobs_links import can_be_asked_for
from bigpandamon_core.queries import job_counts

HOURS = 12


def hours_before(moment: datetime) -> dict[str, str | None]:
    """The parameters of the twelve hours up to a moment in the life of a job, which itself lies inside."""
    end = moment.replace(microsecond=0) + timedelta(seconds=1)
    return {"date_from": iso(end - timedelta(hours=HOURS)), "date_to": iso(end)}


def rates(job: OneJob) -> list[dict[str, Any]]:
    """Failing rates among the jobs that ended in the twelve hours up to this job's last change, if known."""
    changed = job.row["modificationtime"]
    if changed is None:
        return []
    window, known = hours_before(changed), job_counts.OlderRows()
    return [
        _rate(job, text, conditions | window, known)
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
        if node != job_rules.UNKNOWN_NODE:
            found.append(("This node", {"computingsite.is": row["computingsite"], "wn.is": node}))
    if row["produsername"] and not job.call.privacy.hides_names:
        found.append(("This user", {"produsername.is": row["produsername"]}))
    return found


def _rate(job: OneJob, text: str, conditions: dict[str, Any], known: job_counts.OlderRows) -> dict[str, Any]:
    """Of all jobs behind the link those that failed, by their state as shown."""
    states = (("jobstatus" + SHOWN, state) for state in ENDED_BY_THEMSELVES)
    asked = [*((name, str(value)) for name, value in conditions.items()), *states]
    selection = scope.selection(job.call, asked)
    in_facets = job_facets.states(job.call, selection)
    counts = job_counts.states(selection, job.call.now, known) if in_facets is None else Counter(in_facets)
    return {
        "text": f"{text}, {HOURS} h",
        "url": f"{job.call.root}jobs/?{urlencode(asked)}",
        "failed": counts["failed"],
        "ended": counts.total(),
        "rate": failing_percent(counts["failed"], counts.total() - counts["failed"]),
    }
