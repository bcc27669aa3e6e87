"""Jobs by user: how many in which state, on which queues and in which regions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from bigpandamon_core.domain.states import ENDED_WELL, failing_percent, job_group
from bigpandamon_core.summaries.made import Made

States = Counter[str]


class Group(NamedTuple):
    """Jobs that are alike."""

    user: str
    queue: str
    cloud: str
    state: str
    jobs: int


@dataclass
class User:
    """Jobs of one user, by state, queue and cloud."""

    name: str
    states: States = field(default_factory=Counter)
    queues: States = field(default_factory=Counter)
    clouds: States = field(default_factory=Counter)

    @property
    def jobs(self) -> int:
        return self.states.total()

    @property
    def queued(self) -> int:
        """Not started yet."""
        return sum(count for state, count in self.states.items() if job_group(state) in ("waiting", "launch"))

    @property
    def failing(self) -> float | None:
        """Percent of the jobs that ended by themselves."""
        return failing_percent(self.states["failed"], sum(self.states[state] for state in ENDED_WELL))


def users(groups: Iterable[Group]) -> list[User]:
    """Those with most jobs first."""
    found = Made[str, User](User)
    for group in groups:
        one = found[group.user]
        one.states[group.state] += group.jobs
        one.queues[group.queue] += group.jobs
        one.clouds[group.cloud] += group.jobs
    return sorted(found.values(), key=lambda one: (-one.jobs, one.name))
