"""Event ranges of a job of an event service, by state."""

from typing import Any

from bigpandamon_core.domain import events as rules
from bigpandamon_core.payloads.job import OneJob
from bigpandamon_core.payloads.task_events import states
from bigpandamon_core.queries import events as queries
from bigpandamon_core.summaries.events import Ranges


def tables(job: OneJob) -> list[dict[str, Any]]:
    """Its own ranges, and those of its job set that no job has got yet; nothing for other jobs."""
    task, jobset = job.row["jeditaskid"], job.row["jobsetid"]
    if not task or not rules.job_has_ranges(job.row["eventservice"]):
        return []
    numbers = [number for number in (job.pandaid, jobset) if number]
    rows = job.optional("event ranges", lambda: queries.ranges_of_job(task, numbers), list[dict[str, Any]]())
    own, waiting = Ranges(), Ranges()
    for row in rows:
        (own if row["pandaid"] == job.pandaid else waiting).add(row)
    told = [states(own)] if own.count else []
    if waiting.count:
        told.append(states(waiting, "set-ranges", "Event ranges of its job set that no job has yet"))
    return told
