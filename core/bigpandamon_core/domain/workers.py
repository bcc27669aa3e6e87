"""Rules about harvester workers: what follows from a worker's columns."""

from collections.abc import Mapping
from types import MappingProxyType

STATES = tuple("pending submitted ready idle running finished failed cancelled missed".split())
FINAL = frozenset({"finished", "failed", "cancelled", "missed"})
LOST = ("failed", "missed")
"""States of workers that ended in another way than they should."""
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "running": ("running", "idle"),
    "good": ("finished",),
    "bad": LOST,
    "ended": ("cancelled",),
}
_GROUP_OF = MappingProxyType({state: group for group, states in _GROUPS.items() for state in states})
PILOT_RUNS = frozenset({"started", "running"})
PILOT_ENDED = "finished"


def worker_group(state: str) -> str:
    """The group a worker's state is shown in; what waits for the batch system, or is unknown, is waiting."""
    return _GROUP_OF.get(state, "waiting")


def mismatch(status: str | None, pilotstatus: str | None) -> str:
    """What does not fit between the worker's state and what its pilot says, in words; "" where both do."""
    if pilotstatus in PILOT_RUNS and status in FINAL:
        return f"The pilot says {pilotstatus}, but harvester holds the worker for {status}."
    if pilotstatus == PILOT_ENDED and status and status not in FINAL:
        return f"The pilot has finished, but harvester holds the worker for {status}."
    return ""
