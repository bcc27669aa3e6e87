"""What harvester services have: their records, their live workers, and what they told of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import NamedTuple

from bigpandamon_core.demo.simulation.records import Record, Row

LIVE = frozenset({"submitted", "running"})
"""States of workers that services count."""


class Kind(NamedTuple):
    """Workers that are counted together."""

    computingsite: str
    resourcetype: str
    status: str
    jobtype: str


class Services:
    """random: of their own, so that what services say changes nothing else in the world. records, told: by
    name, and of each by kind of worker, the rows. live: how many workers of a kind there are now."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"services {seed}")
        self.records: dict[str, Record] = {}
        self.told: dict[str, dict[Kind, Record]] = defaultdict(dict)
        self.live: dict[str, Counter[Kind]] = defaultdict(Counter)
        self._messages: dict[str, Iterator[int]] = defaultdict(lambda: count(1))

    def move(self, worker: Row, status: str) -> None:
        """A worker comes from the state that its row says, if any, into another."""
        here = self.live[worker["harvesterid"]]
        for state, number in ((worker.get("status"), -1), (status, 1)):
            if state in LIVE:
                kind = Kind(worker["computingsite"], worker["resourcetype"], state, worker["jobtype"])
                here[kind] += number

    def message(self, name: str) -> int:
        """The number of the next message of a service."""
        return next(self._messages[name])
