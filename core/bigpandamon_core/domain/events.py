"""Event ranges: the pieces of an input file that event service jobs fetch and work off."""

from collections.abc import Mapping
from types import MappingProxyType

STATES: Mapping[int, str] = MappingProxyType(
    {
        0: "ready", 1: "sent", 2: "running", 3: "finished", 4: "cancelled", 5: "discarded", 6: "done",
        7: "failed", 8: "fatal", 9: "merged", 10: "corrupted", 98: "reserved 98", 99: "reserved 99",
    }
)  # fmt: skip
"""By number, in the order in which a range may pass them."""
READY = 0
PROCESSED = frozenset({3, 6, 9})
"""Their events were worked off."""
BAD = frozenset({7, 8, 10})
"""Something is wrong with their events, or with what was made of them."""
ENDED = frozenset({4, 5})
"""Nobody works on them any more."""
_GROUPS = {
    "ready": "waiting", "sent": "launch", "running": "running", "finished": "post",
    "done": "good", "merged": "good", "failed": "bad", "fatal": "bad", "corrupted": "bad",
    "cancelled": "ended", "discarded": "ended",
}  # fmt: skip
CLONING, CLONE = 2, 3
"""Of a task whose jobs are run several times at once, and of such a job: neither has ranges."""


def state(number: int) -> str:
    """The word for it; an unknown one stays a number."""
    return STATES.get(number, str(number))


def group(word: str) -> str:
    """The group that a state is shown in."""
    return _GROUPS.get(word, "waiting")


def task_has_ranges(eventservice: int | None) -> bool:
    """By the column of a task."""
    return bool(eventservice) and eventservice != CLONING


def job_has_ranges(eventservice: int | None) -> bool:
    """By the column of a job."""
    return bool(eventservice) and eventservice != CLONE
