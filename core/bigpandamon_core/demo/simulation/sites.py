"""Where jobs run: queues, their nodes and their troubles."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from bigpandamon_core.demo.simulation.profile import Incident, Profile, QueueKind, Site

PROCESSORS = (
    ("AMD EPYC 7702 64-Core Processor 512 KB", "x86_64-v3"),
    ("AMD EPYC 9654 96-Core Processor 1024 KB", "x86_64-v4"),
    ("Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz 28160 KB", "x86_64-v4"),
    ("Intel(R) Xeon(R) Platinum 8352Y CPU @ 2.20GHz 49152 KB", "x86_64-v4"),
    ("Intel(R) Xeon(R) CPU E5-2650 v4 @ 2.20GHz 30720 KB", "x86_64-v3"),
)


@dataclass(frozen=True, slots=True)
class Node:
    """black_hole: every job that lands there fails at once, so that the node is always free for more."""

    host: str
    processor: str
    level: str
    black_hole: bool


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    site: Site
    kind: QueueKind
    nodes: tuple[Node, ...]

    @property
    def storage(self) -> str:
        return f"{self.site.name.upper()}-DISK"


class Sites:
    """All queues, and which incident troubles which site at an hour of simulated time."""

    def __init__(self, profile: Profile, random: Random) -> None:
        self._incidents = profile.incidents
        self._attraction = profile.habits.attraction
        self.queues = tuple(_queues(profile, random))
        self.nuclei = tuple({queue.site.region: queue for queue in reversed(self.queues)}.values())
        self._offers = {
            resource: _offer(self.queues, resource) for kind in profile.queues for resource in kind.takes
        }

    def choose(self, random: Random, resource: str) -> Queue:
        queues, weights = self._offers[resource]
        return random.choices(queues, cum_weights=weights)[0]

    def named(self, name: str) -> Queue:
        return next(queue for queue in self.queues if queue.name == name)

    def node(self, random: Random, queue: Queue) -> Node:
        holes = queue.site.black_holes
        if holes and random.random() < self._attraction:
            return queue.nodes[random.randrange(holes)]
        return queue.nodes[random.randrange(holes, len(queue.nodes))]

    def incident(self, queue: Queue, effect: str, hour: float) -> Incident | None:
        for incident in self._incidents:
            if incident.effect == effect and _concerns(incident, queue) and incident.is_on(hour):
                return incident
        return None


def _concerns(incident: Incident, queue: Queue) -> bool:
    return queue.site.name in incident.sites and (not incident.kinds or queue.kind.name in incident.kinds)


def _queues(profile: Profile, random: Random) -> Iterator[Queue]:
    kinds = {kind.name: kind for kind in profile.queues}
    for site in profile.sites:
        nodes = tuple(_node(profile, site, number, random) for number in range(site.nodes))
        for name in site.queues:
            yield Queue(f"{site.name}{kinds[name].suffix}", site, kinds[name], nodes)


def _node(profile: Profile, site: Site, number: int, random: Random) -> Node:
    processor, level = PROCESSORS[random.randrange(len(PROCESSORS))]
    host = f"wn{number + 101}.{site.name.lower()}.{profile.domain}"
    return Node(host, processor, level, number < site.black_holes)


def _offer(queues: tuple[Queue, ...], resource: str) -> tuple[list[Queue], list[float]]:
    taking = [queue for queue in queues if resource in queue.kind.takes]
    return taking, list(accumulate(queue.site.weight for queue in taking))
