"""Which of two observations of one job is the job's state."""

from dataclasses import dataclass
from datetime import datetime

from bigpandamon_core.domain.states import rank

TABLE_RANK = {"jobsdefined4": 0, "jobsactive4": 1, "jobsarchived4": 2, "jobsarchived": 3}


@dataclass(frozen=True, slots=True)
class Observation:
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
    return max(one, other, key=lambda observation: observation.order)
