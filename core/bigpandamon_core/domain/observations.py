"""Which of two observations of one job is the job's state."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from bigpandamon_core.domain.states import rank

TABLE_RANK = {"jobsdefined4": 0, "jobsactive4": 1, "jobsarchived4": 2, "jobsarchived": 3}


class Observation(NamedTuple):
    """One row of a job table: enough of it to compare. Times are naive UTC."""

    pandaid: int
    table: str
    jobstatus: str
    statechangetime: datetime | None
    modificationtime: datetime | None

    @property
    def order(self) -> tuple[datetime, int, int]:
        moment = self.statechangetime or self.modificationtime or datetime.min
        return moment, rank(self.jobstatus), TABLE_RANK[self.table]


def newest(one: Observation, other: Observation) -> Observation:
    """The later statechangetime wins (modificationtime where it is empty), ties by rank of the state, then
    archive over active over defined. Commutative and associative, so order of arrival does not matter."""
    return one if one.order >= other.order else other


def tells_more(seen: Observation, known: Observation) -> bool:
    """Whether one observation tells something that another of the same job does not: a newer state, or the
    same one modified later (a heartbeat)."""
    one, other = seen.order, known.order
    if one != other:
        return one > other
    return (seen.modificationtime or datetime.min) > (known.modificationtime or datetime.min)


def visible(rows: Iterable[Observation]) -> dict[int, Observation]:
    """The newest observation of each job, by pandaid."""
    found: dict[int, Observation] = {}
    for row in rows:
        other = found.get(row.pandaid)
        found[row.pandaid] = newest(other, row) if other else row
    return found
