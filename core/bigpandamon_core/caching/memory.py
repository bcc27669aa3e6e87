"""Entries in the memory of one process: the default of an instance without memcached."""

from collections import OrderedDict
from threading import Lock

from bigpandamon_core.caching.claims import Release, unshared
from bigpandamon_core.caching.entry import Entry
from bigpandamon_core.caching.keys import Question
from bigpandamon_core.caching.store import Event, Notice, unnoticed

LARGEST_PART = 4
"""An entry may take at most one part in so many of the memory."""


class Memory:
    """The entries that were asked for last, as many as fit. most_bytes: all of them together."""

    def __init__(self, most_bytes: int, notice: Notice = unnoticed):
        self.most_bytes = most_bytes
        self.bytes = 0
        self._notice = notice
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, _question: Question) -> Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: str, _question: Question, entry: Entry) -> None:
        if entry.size_bytes > self.most_bytes // LARGEST_PART:
            self._notice(Event.TOO_LARGE)
            return
        with self._lock:
            self._remove(key)
            self._entries[key] = entry
            self.bytes += entry.size_bytes
            evicted = self._evict()
        for event in (Event.KEPT, *[Event.EVICTED] * evicted):
            self._notice(event)

    def _evict(self) -> int:
        """How many went, the longest unasked first."""
        count = 0
        while self.bytes > self.most_bytes:
            self._remove(next(iter(self._entries)))
            count += 1
        return count

    def _remove(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.bytes -= entry.size_bytes

    def claim(self, _key: str) -> Release | None:
        return unshared

    def state(self) -> dict[str, object]:
        sizes = {"bytes": self.bytes, "most_bytes": self.most_bytes}
        return {"kind": "memory", "entries": len(self._entries), **sizes}
