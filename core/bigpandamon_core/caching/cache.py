"""The one mechanism that keeps answers: find, judge, keep."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic, sleep

from bigpandamon_core.caching.entry import Entry, compressed
from bigpandamon_core.caching.flights import WAIT_SECONDS, Flights
from bigpandamon_core.caching.folder import Folder
from bigpandamon_core.caching.keys import Question, secret_of
from bigpandamon_core.caching.large import Large
from bigpandamon_core.caching.memcached import Memcached, Servers
from bigpandamon_core.caching.memory import Memory
from bigpandamon_core.caching.renewals import Renewals
from bigpandamon_core.caching.store import Nothing, Notice, Store, unnoticed
from bigpandamon_core.config import Configuration
from bigpandamon_core.domain.window import end_of_grain

CLOCK_SECONDS = 5.0
"""How far clocks of hosts may differ before an entry counts as not of this time."""
KEEP_LEAST_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.02
"""Who waits for another process looks so often whether it is done."""
MEGABYTE = 1_000_000
Look = Callable[[], Entry | None]
"""The answer if somebody has made it meanwhile."""
Make = Callable[[], Entry | None]
"""Makes the answer and keeps it; None: it cannot be shared."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """seconds: how long an answer is kept, 0 if not at all. stale_seconds: how long after that it is given
    while a newer one is made."""

    seconds: int
    stale_seconds: int = 0


UNKEPT = Lifetime(0)


class Cache:
    """Entries by question. secret: makes keys and seals. last_good_seconds: how long an entry may stand in
    for an answer that cannot be made. renewals: makes answers anew in the background."""

    def __init__(self, store: Store, secret: bytes, last_good_seconds: int, renewals: Renewals | None = None):
        self.store = store
        self.last_good_seconds = last_good_seconds
        self._secret = secret
        self._flights: Flights[Entry] = Flights()
        self._renewals = renewals or Renewals(1)

    def key(self, question: Question) -> str:
        """Where the store has the answer."""
        return question.key(self._secret)

    def find(self, question: Question) -> Entry | None:
        """The last answer kept for a question, whatever its age and edition."""
        return self.store.get(self.key(question), question)

    def keep(self, question: Question, entry: Entry) -> Entry:
        """The entry as it was handed to the store: compressed if that pays."""
        smaller = compressed(entry)
        self.store.put(self.key(question), question, smaller)
        return smaller

    def once(self, question: Question, look: Look, make: Make) -> Entry | None:
        """The answer, made by one caller at a time in all processes that share the store; for None see
        Flights.once.

        Raises:
            Problem: that of `make`, told to all who waited in this process.
        """
        key = self.key(question)
        return self._flights.once(key + question.edition, partial(self._made_alone, key, look, make))

    def _made_alone(self, key: str, look: Look, make: Make) -> Entry | None:
        """Made by this process when no other makes it, or when that fails, dies or takes too long."""
        until = monotonic() + WAIT_SECONDS
        while (release := self.store.claim(key)) is None and monotonic() < until:
            if found := look():
                return found
            sleep(LOOK_AGAIN_SECONDS)
        try:
            return look() or make()
        finally:
            if release:
                release()

    def renew(self, question: Question, look: Look, make: Make) -> None:
        """Have the answer made in the background, unless somebody is at it."""
        key = self.key(question)
        self._renewals.start(key, partial(self._renewed, key, look, make))

    def _renewed(self, key: str, look: Look, make: Make) -> bool:
        release = self.store.claim(key)
        if release is None:
            return False
        try:
            return look() is None and make() is not None
        finally:
            release()

    def is_fresh(self, entry: Entry, question: Question, seconds: int, moment: datetime) -> bool:
        """Whether it is the answer to this very question, and not older than that."""
        age = entry.age_seconds(moment)
        return entry.edition == question.edition and -CLOCK_SECONDS <= age < seconds

    def is_passable(self, entry: Entry, question: Question, lifetime: Lifetime, moment: datetime) -> bool:
        """Whether it may be given while a newer one is made. The lifetime of one about an earlier
        window ends with that."""
        if not lifetime.stale_seconds:
            return False
        ends = end_of_grain(entry.made, lifetime.seconds)
        if entry.edition == question.edition:
            ends = entry.made + timedelta(seconds=lifetime.seconds)
        last = ends + timedelta(seconds=lifetime.stale_seconds)
        return entry.age_seconds(moment) >= -CLOCK_SECONDS and moment < last

    def is_last_good(self, entry: Entry, moment: datetime) -> bool:
        """Whether it may stand in for an answer that cannot be made."""
        return entry.age_seconds(moment) <= self.last_good_seconds


def cache(configuration: Configuration, secret_key: str, notice: Notice = unnoticed) -> Cache:
    """The cache of a process. secret_key: the instance's."""
    secret = secret_of(secret_key)
    renewals = Renewals(configuration.get("cache.renewals_per_worker"), notice)
    store = _store(configuration, secret, notice)
    return Cache(store, secret, configuration.get("cache.last_good_seconds"), renewals)


def _store(configuration: Configuration, secret: bytes, notice: Notice) -> Store:
    kind = configuration.get("cache.kind")
    if kind == "memory":
        return Memory(configuration.get("cache.memory_mb") * MEGABYTE, notice)
    if kind == "memcached":
        return _memcached(configuration, secret, notice)
    if kind == "files":
        return Folder(configuration.get("cache.folder"), notice)
    return Nothing()


def _memcached(configuration: Configuration, secret: bytes, notice: Notice) -> Memcached:
    servers = Servers(
        configuration.get("cache.servers"),
        configuration.get("instance.name"),
        _keep_seconds(configuration),
        configuration.get("cache.claim_seconds"),
    )
    most_bytes = configuration.get("cache.large_mb") * MEGABYTE
    large = Large(configuration.get("cache.folder") / "large", most_bytes, secret, notice)
    return Memcached(servers, secret, notice, large if most_bytes else None)


def _keep_seconds(configuration: Configuration) -> int:
    """As long as any entry may be of use."""
    holds, stale = (
        max(configuration.get(f"cache.{usual}_seconds"), *configuration.get(f"cache.{points}").values(), 0)
        for usual, points in (("default", "points"), ("stale", "stale_points"))
    )
    longest: int = max(KEEP_LEAST_SECONDS, holds + stale, configuration.get("cache.last_good_seconds"))
    return longest


def lifetime(configuration: Configuration, point: str) -> Lifetime:
    """That of the answers of a caching point; without one ("") they are not kept."""
    if not point or configuration.get("cache.kind") == "none":
        return UNKEPT
    seconds, stale_seconds = (
        configuration.get(f"cache.{points}").get(point, configuration.get(f"cache.{usual}_seconds"))
        for usual, points in (("default", "points"), ("stale", "stale_points"))
    )
    return Lifetime(seconds, stale_seconds)
