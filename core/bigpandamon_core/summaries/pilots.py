"""Jobs that pilots took, by whatever they have in common."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

States = Counter[str]


class Group(NamedTuple):
    """Jobs with the same version of the pilot, queue, service, gateway and state."""

    version: str
    queue: str
    instance: str
    gateway: str
    state: str
    jobs: int


def by(groups: Iterable[Group], name: Callable[[Group], str]) -> dict[str, States]:
    """How many jobs are in each state, by what a group is called, the most first."""
    found: dict[str, States] = defaultdict(Counter)
    for group in groups:
        found[name(group)][group.state] += group.jobs
    return dict(sorted(found.items(), key=lambda item: (-item[1].total(), item[0])))
