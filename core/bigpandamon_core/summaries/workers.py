"""Harvester workers: what those of a task did, and how those submitted in a window fare."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bigpandamon_core.domain.jobs import OF_EVENTS
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.domain.window import Window
from bigpandamon_core.domain.workers import LOST
from bigpandamon_core.summaries.trends import Piece, edges, pieces, step_minutes

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


class Worker(NamedTuple):
    """What is read of each of many."""

    status: str
    computingsite: str | None
    computingelement: str | None
    submittime: datetime | None
    starttime: datetime | None
    endtime: datetime | None


States = Counter[str]


@dataclass
class Submitted:
    """Workers that were submitted in a window: how many are in each state, by queue and by gateway ("" for
    none). minutes: of a piece of the window. A worker that was lost counts as failed there."""

    minutes: int = 0
    pieces: list[Piece] = field(default_factory=list)
    states: States = field(default_factory=Counter)
    by_queue: dict[str, States] = field(default_factory=lambda: defaultdict(Counter))
    by_gateway: dict[str, States] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, worker: Worker) -> None:
        self.states[worker.status] += 1
        self.by_queue[worker.computingsite or ""][worker.status] += 1
        self.by_gateway[worker.computingelement or ""][worker.status] += 1
        if self.pieces and worker.submittime:
            self._piece(worker.submittime).add(*_outcome(worker))

    def _piece(self, moment: datetime) -> Piece:
        """Where a moment of the window lies; the first piece may be shorter than the others, the last has the
        end of the window."""
        first = self.pieces[0]
        if moment < first.end:
            return first
        place = 1 + (moment - first.end) // timedelta(minutes=self.minutes)
        return self.pieces[min(place, len(self.pieces) - 1)]


def submitted(workers: Iterable[Worker], window: Window | None) -> Submitted:
    """Of the workers of a window; without one of times of submission nothing is told over time."""
    found = Submitted()
    if window and window.column == "submittime":
        found.minutes = step_minutes(window.hours)
        found.pieces = pieces(edges(window.begin, window.end, timedelta(minutes=found.minutes)))
    for worker in workers:
        found.add(worker)
    return found


def _outcome(worker: Worker) -> tuple[str, int, int, int]:
    """As pieces take them: state, how many, of how many it is known how long they ran, and how long."""
    state = "failed" if worker.status in LOST else worker.status
    if not (worker.starttime and worker.endtime):
        return state, 1, 0, 0
    return state, 1, 1, int((worker.endtime - worker.starttime).total_seconds())


def failing_of(states: States) -> float | None:
    """Percent of the workers that ended by themselves."""
    return failing_percent(sum(states[state] for state in LOST), states["finished"])
