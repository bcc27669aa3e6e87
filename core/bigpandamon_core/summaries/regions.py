"""Jobs by queue, kind of activity, resource and state, put together for regions and sites."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bigpandamon_core.domain.states import ENDED_WELL, failing_percent

ALL = "all"
States = Counter[str]
Cells = dict[str, dict[str, States]]
"""States by kind of activity and by resource; under "all" those of all of them."""


@dataclass(frozen=True)
class Group:
    """Jobs that have all this in common. cores: of one of them."""

    queue: str
    activity: str
    resource: str
    state: str
    cores: int
    jobs: int


@dataclass
class Place:
    """A region, a site or a queue. cores: of its running jobs."""

    cells: Cells = field(default_factory=lambda: defaultdict(lambda: defaultdict(Counter)))
    cores: int = 0

    @property
    def states(self) -> States:
        return self.cells[ALL][ALL]

    @property
    def jobs(self) -> int:
        return self.states.total()

    @property
    def failing(self) -> float | None:
        return failing_of(self.states)

    def add(self, group: Group) -> None:
        for activity in (group.activity, ALL):
            for resource in (group.resource, ALL):
                self.cells[activity][resource][group.state] += group.jobs
        if group.state == "running":
            self.cores += group.cores * group.jobs


def failing_of(states: States) -> float | None:
    """Percent of the jobs that ended by themselves."""
    return failing_percent(states["failed"], sum(states[state] for state in ENDED_WELL))


def places(groups: Iterable[Group], name: Callable[[Group], str]) -> Mapping[str, Place]:
    """By the name of the place that each group belongs to, in the order of names."""
    found: dict[str, Place] = defaultdict(Place)
    for group in groups:
        found[name(group)].add(group)
    return dict(sorted(found.items()))
