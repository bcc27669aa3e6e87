"""The simulated world as one object that the nouns (tasks, jobs, files, workers) act upon."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from bigpandamon_core.demo.simulation.clock import Agenda
from bigpandamon_core.demo.simulation.errors import Faults
from bigpandamon_core.demo.simulation.people import Users
from bigpandamon_core.demo.simulation.profile import Profile
from bigpandamon_core.demo.simulation.records import Changes, Record
from bigpandamon_core.demo.simulation.services import Services
from bigpandamon_core.demo.simulation.sites import Sites

if TYPE_CHECKING:
    from bigpandamon_core.demo.simulation.chains import Line

DAY_SECONDS = 86400.0


class World:
    """Everything is drawn from one generator in the order of events, so that a world is a pure function of
    profile, seed, start and rate: however it is stepped, the same rows are there at the same moment.

    seen: rows about nodes that pilots saw, by table and key. batches: by queue, the last job of the batch
    system and how many jobs it took. lines: chains of the profile, as far as they have come. named: how many
    tasks have been named alike.
    """

    def __init__(self, profile: Profile, seed: int, start: datetime, jobs_per_day: float) -> None:
        self.profile = profile
        self.jobs_per_day = jobs_per_day
        self.random = Random(seed)
        self.agenda = Agenda(start)
        self.changes = Changes()
        self.faults = Faults()
        self.users = Users(profile, self.random)
        self.sites = Sites(profile, self.random)
        self.services = Services(seed)
        self.seen: dict[tuple[str, ...], Record] = {}
        self.batches: dict[str, tuple[str, int]] = {}
        self.lines: list[Line] = []
        self.named: Counter[str] = Counter()
        self._numbers: dict[str, Iterator[int]] = {
            name: count(first) for name, first in asdict(profile.ids).items()
        }

    def number(self, sequence: str) -> int:
        """The next number of a sequence."""
        return next(self._numbers[sequence])

    def spread(self, median: float, sigma: float = 0.5) -> float:
        """A random duration around a median, some much longer."""
        return median * self.random.lognormvariate(0.0, sigma)

    def happens(self, share: float) -> bool:
        return self.random.random() < share

    @property
    def moment(self) -> datetime:
        return self.agenda.moment
