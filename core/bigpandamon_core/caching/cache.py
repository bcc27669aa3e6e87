"""The one mechanism that keeps answers: find, judge, keep."""

from collections.abc import Callable
from datetime import datetime

from bigpandamon_core.caching.entry import Entry, compressed
from bigpandamon_core.caching.flights import Flights
from bigpandamon_core.caching.folder import Folder
from bigpandamon_core.caching.keys import Question, secret_of
from bigpandamon_core.caching.memcached import Memcached
from bigpandamon_core.caching.memory import Memory
from bigpandamon_core.caching.store import Nothing, Notice, Store, unnoticed
from bigpandamon_core.config import Configuration

CLOCK_SECONDS = 5.0
"""How far clocks of hosts may differ before an entry counts as not of this time."""
KEEP_LEAST_SECONDS = 60
MEGABYTE = 1_000_000


class Cache:
    """Entries by question. secret: makes keys and seals. last_good_seconds: how long an entry may stand in
    for an answer that cannot be made."""

    def __init__(self, store: Store, secret: bytes, last_good_seconds: int):
        self.store = store
        self.last_good_seconds = last_good_seconds
        self._secret = secret
        self._flights: Flights[Entry] = Flights()

    def find(self, question: Question) -> Entry | None:
        """The last answer kept for a question, whatever its age and edition."""
        return self.store.get(question.key(self._secret), question)

    def keep(self, question: Question, entry: Entry) -> Entry:
        """The entry as it was handed to the store: compressed if that pays."""
        smaller = compressed(entry)
        self.store.put(question.key(self._secret), question, smaller)
        return smaller

    def once(self, question: Question, make: Callable[[], Entry | None]) -> Entry | None:
        """See Flights.once."""
        return self._flights.once(question.key(self._secret) + question.edition, make)

    def is_fresh(self, entry: Entry, question: Question, seconds: int, moment: datetime) -> bool:
        """Whether it is the answer to this very question, and not older than that."""
        age = entry.age_seconds(moment)
        return entry.edition == question.edition and -CLOCK_SECONDS <= age < seconds

    def is_last_good(self, entry: Entry, moment: datetime) -> bool:
        """Whether it may stand in for an answer that cannot be made."""
        return entry.age_seconds(moment) <= self.last_good_seconds


def cache(configuration: Configuration, secret_key: str, notice: Notice = unnoticed) -> Cache:
    """The cache of a process. secret_key: the instance's."""
    secret = secret_of(secret_key)
    return Cache(_store(configuration, secret, notice), secret, configuration.get("cache.last_good_seconds"))


def _store(configuration: Configuration, secret: bytes, notice: Notice) -> Store:
    kind = configuration.get("cache.kind")
    if kind == "memory":
        return Memory(configuration.get("cache.memory_mb") * MEGABYTE, notice)
    if kind == "memcached":
        servers, name = configuration.get("cache.servers"), configuration.get("instance.name")
        return Memcached(servers, name, secret, _keep_seconds(configuration), notice)
    if kind == "files":
        return Folder(configuration.get("cache.folder"), notice)
    return Nothing()


def _keep_seconds(configuration: Configuration) -> int:
    """As long as any entry may be of use."""
    points = configuration.get("cache.points").values()
    others = (configuration.get("cache.default_seconds"), configuration.get("cache.last_good_seconds"))
    longest: int = max(KEEP_LEAST_SECONDS, *others, *points)
    return longest


def lifetime_seconds(configuration: Configuration, point: str) -> int:
    """How long answers of a caching point are kept; 0: they are not, as those without a point ("")."""
    if not point or configuration.get("cache.kind") == "none":
        return 0
    lifetime: int = configuration.get("cache.points").get(point, configuration.get("cache.default_seconds"))
    return lifetime
