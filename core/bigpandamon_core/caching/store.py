"""What keeps entries. All of them are bounded, may forget at any moment, and never raise."""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from bigpandamon_core.caching.claims import Release, unshared
from bigpandamon_core.caching.entry import Entry
from bigpandamon_core.caching.keys import Question


class Event(StrEnum):
    """What happens to entries, for the counters."""

    KEPT = "kept"
    LARGE = "large"
    TOO_LARGE = "too_large"
    EVICTED = "evicted"
    FAILED = "failed"
    FOREIGN = "foreign"
    RENEWED = "renewed"
    NOT_RENEWED = "not_renewed"
    POSTPONED = "postponed"


Notice = Callable[[Event], None]


def unnoticed(_event: Event) -> None:
    """For those who do not count."""


class Store(Protocol):
    """A place for entries under the keys of their questions, see `Question.key`."""

    def get(self, key: str, question: Question) -> Entry | None:
        """The last entry put there, however old, if it is still there."""

    def put(self, key: str, question: Question, entry: Entry) -> None: ...

    def claim(self, key: str) -> Release | None:
        """The right to make an entry, None while another process that shares the store has it."""

    def state(self) -> dict[str, object]:
        """For /health: its kind, and what tells how it does."""


class Nothing:
    """Keeps nothing: every answer is computed."""

    def get(self, _key: str, _question: Question) -> Entry | None:
        return None

    def put(self, _key: str, _question: Question, _entry: Entry) -> None:
        return

    def claim(self, _key: str) -> Release | None:
        return unshared

    def state(self) -> dict[str, object]:
        return {"kind": "none"}
