"""Is it the job, the task, the site or the node? How jobs around a job fared."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bigpandamon_core.domain import jobs as job_rules
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import ENDED_BY_THEMSELVES, failing_percent
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import job_facets, scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.job import OneJob
from bigpandamon_core.payloads.jobs_links import can_be_asked_for
from bigpandamon_core.queries import job_counts

HOURS = 12


class Around(NamedTuple):
    """Jobs that are near a job: in words, and as a request asks for them."""

    text: str
    asked: tuple[tuple[str, str], ...]


def hours_before(moment: datetime) -> dict[str, str | None]:
    """The parameters of the twelve hours up to a moment in the life of a job, which itself lies inside."""
    end = moment.replace(microsecond=0) + timedelta(seconds=1)
    return {"date_from": iso(end - timedelta(hours=HOURS)), "date_to": iso(end)}


def rates(job: OneJob) -> list[dict[str, Any]]:
    """Failing rates among the jobs that ended in the twelve hours up to this job's last change, if known."""
    changed = job.row["modificationtime"]
    if changed is None:
        return []
    window = hours_before(changed)
    around = [
        Around(text, _asked(conditions | window))
        for text, conditions in _neighbourhoods(job)
        if all(can_be_asked_for(str(value)) for value in conditions.values())
    ]
    counts = _counts(job.call, [scope.selection(job.call, one.asked) for one in around])
    return [_rate(job, one, states) for one, states in zip(around, counts, strict=True)]


def _asked(conditions: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Jobs that ended by themselves, by their state as shown."""
    states = (("jobstatus" + SHOWN, state) for state in ENDED_BY_THEMSELVES)
    return (*((name, str(value)) for name, value in conditions.items()), *states)


def _counts(call: Call, selections: list[Selection]) -> list[Counter[str]]:
    """Jobs by state of each; what facets cannot tell the database counts at once."""
    found = [job_facets.states(call, selection) for selection in selections]
    unknown = [selection for selection, states in zip(selections, found, strict=True) if states is None]
    counted = iter(job_counts.states_of_each(unknown, call.now) if unknown else ())
    return [next(counted) if states is None else Counter(states) for states in found]


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


def _rate(job: OneJob, around: Around, states: Counter[str]) -> dict[str, Any]:
    """Of all jobs behind the link those that failed."""
    return {
        "text": f"{around.text}, {HOURS} h",
        "url": f"{job.call.root}jobs/?{urlencode(around.asked)}",
        "failed": states["failed"],
        "ended": states.total(),
        "rate": failing_percent(states["failed"], states.total() - states["failed"]),
    }
