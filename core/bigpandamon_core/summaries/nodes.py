"""Jobs of a queue by worker node: how each does, which stand out, which swallow jobs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bigpandamon_core.domain.jobs import node, slot
from bigpandamon_core.domain.states import ENDED_WELL, failing_percent
from bigpandamon_core.summaries.jobs import ValueCount, telling
from bigpandamon_core.summaries.made import Made

HIGH, VERY_HIGH = " HighFailed ", " VeryHighFailed "
"""As programs know them, blanks included."""
FAST_MINUTES = 10
"""A job that fails sooner has hardly done anything."""
FEWEST_FAST, FAST_SHARE, FAILED_SHARE = 10, 0.8, 0.9
MB_PER_GB = 1000
States = Counter[str]


class Group(NamedTuple):
    """Jobs that are alike. host: as PanDA has it, slot@node. memory: MB asked for by each."""

    host: str
    state: str
    cores: int
    memory: int
    jobs: int


@dataclass
class Node:
    """Jobs of a node, or of several. cores, memory: of running jobs, in cores and MB. slots: jobs by slot.
    fast: how many failed within FAST_MINUTES."""

    name: str
    states: States = field(default_factory=Counter)
    slots: States = field(default_factory=Counter)
    cores: int = 0
    memory: int = 0
    fast: int = 0

    def add(self, group: Group) -> None:
        self.states[group.state] += group.jobs
        self.slots[slot(group.host)] += group.jobs
        if group.state == "running":
            self.cores += group.cores * group.jobs
            self.memory += group.memory * group.jobs

    @property
    def jobs(self) -> int:
        return self.states.total()

    @property
    def failed(self) -> int:
        return self.states["failed"]

    @property
    def finished(self) -> int:
        return sum(self.states[state] for state in ENDED_WELL)

    @property
    def failing(self) -> float | None:
        """Percent of the jobs that ended by themselves."""
        return failing_percent(self.failed, self.finished)

    @property
    def memory_gb(self) -> float:
        return round(self.memory / MB_PER_GB, 2)

    @property
    def swallows_jobs(self) -> bool:
        """A black hole: nearly all that ended there failed, and nearly all of that at once, so that it takes
        more jobs than nodes that work."""
        return (
            self.fast >= FEWEST_FAST
            and self.fast >= FAST_SHARE * self.failed
            and self.failed >= FAILED_SHARE * (self.failed + self.finished)
        )


@dataclass(frozen=True)
class Nodes:
    """by_name: in the order of names."""

    by_name: Mapping[str, Node]

    @cached_property
    def every(self) -> Node:
        """All of them together."""
        total = Node("All")
        for one in self.by_name.values():
            total.states += one.states
            total.slots += one.slots
            total.cores += one.cores
            total.memory += one.memory
            total.fast += one.fast
        return total

    def outlier(self, one: Node) -> str:
        """Whether a node fails far more often than the rest: at least twice as often (`telling`), and very
        much where four times as often or nearly always."""
        ended = one.failed + one.finished
        if not telling(
            ValueCount(one.name, ended, one.failed, one.finished), self.every.failed, self.every.finished
        ):
            return ""
        rest_failed, rest_finished = self.every.failed - one.failed, self.every.finished - one.finished
        rate, rest = one.failed / ended, rest_failed / (rest_failed + rest_finished)
        return VERY_HIGH if rate >= 4 * rest or rate >= FAILED_SHARE else HIGH


def nodes(groups: Iterable[Group], fast: Mapping[str, int]) -> Nodes:
    """fast: by node, how many jobs failed within FAST_MINUTES."""
    found = Made[str, Node](Node)
    for group in groups:
        found[node(group.host)].add(group)
    for name, count in fast.items():
        if name in found:
            found[name].fast = count
    return Nodes(dict(sorted(found.items())))
