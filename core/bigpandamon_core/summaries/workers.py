"""Harvester workers of tasks: which did how many events, and how long each ran."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.jobs import OF_EVENTS

Row = Mapping[str, Any]
Key = tuple[str, int]
DAY_SECONDS = 86_400


def events(jobs: Iterable[Row], taken: Iterable[tuple[str, int, int]]) -> Counter[Key]:
    """By harvester and number of each worker that took a job, the events of its jobs.

    jobs: with pandaid, jeditaskid, eventservice and nevents. Of a task that has jobs of single events those
    alone count: a merge job has the same events again. taken: (harvesterid, workerid, pandaid).
    """
    told = _counted(jobs)
    found: Counter[Key] = Counter()
    for harvesterid, workerid, pandaid in taken:
        if pandaid in told:
            found[harvesterid, workerid] += told[pandaid]
    return found


def _counted(jobs: Iterable[Row]) -> dict[int, int]:
    """The events of each job that counts."""
    by_task: dict[int, list[Row]] = defaultdict(list)
    for job in jobs:
        by_task[job["jeditaskid"]].append(job)
    return {
        job["pandaid"]: job["nevents"] or 0
        for some in by_task.values()
        for job in ([one for one in some if one["eventservice"] in OF_EVENTS] or some)
    }


def days_run(begin: datetime | None, end: datetime | None, now: datetime) -> float:
    """How long a worker ran, or has run until now, in days; 0 before it started."""
    return ((end or now) - begin).total_seconds() / DAY_SECONDS if begin else 0
