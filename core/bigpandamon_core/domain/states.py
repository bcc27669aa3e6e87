"""States of jobs, tasks and files, and the seven groups they are shown in."""

from collections.abc import Mapping
from types import MappingProxyType

JOB_STATES = (
    "pending", "defined", "waiting", "assigned", "throttled", "activated", "sent", "starting",
    "running", "holding", "transferring", "merging", "finished", "failed", "cancelled", "closed",
)  # fmt: skip
"""The sixteen states, in the order in which a job may pass them; the place in this list is their rank."""

FINAL = frozenset({"finished", "failed", "cancelled", "closed"})
ENDED_WELL = frozenset({"finished", "subfinished"})
"""States as shown of jobs that ended by themselves and did not fail; a subfinished one did a part of its
work."""
ENDED_BY_THEMSELVES = ("failed", *sorted(ENDED_WELL))
"""States as shown of the jobs of which failing rates are told."""
WITH_ERRORS = frozenset({"failed", "holding"})
"""Jobs whose error fields are summed up."""

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "waiting": ("pending", "defined", "waiting", "assigned", "throttled"),
        "launch": ("activated", "sent", "starting"),
        "running": ("running",),
        "post": ("holding", "transferring", "merging"),
        "good": ("finished",),
        "bad": ("failed",),
        "ended": ("cancelled", "closed"),
    }
)

SHORT: Mapping[str, str] = MappingProxyType(
    {
        "pending": "pend", "defined": "def", "waiting": "wait", "assigned": "asgn", "throttled": "thr",
        "activated": "act", "sent": "sent", "starting": "strt", "running": "run", "holding": "hold",
        "transferring": "xfer", "merging": "mrg", "finished": "ok", "failed": "fail",
        "cancelled": "canc", "closed": "clsd", "subfinished": "part",
    }
)  # fmt: skip

_GROUP_OF = {state: group for group, states in GROUPS.items() for state in states} | {"subfinished": "good"}
_FILE_GROUP = {
    "unknown": "waiting", "pending": "waiting", "defined": "waiting", "staging": "waiting",
    "ready": "good", "cached": "good", "finished": "good", "picked": "launch", "running": "running",
    "transferring": "post", "merging": "post", "partial": "post",
    "failed": "bad", "lost": "bad", "missing": "bad", "corrupted": "bad", "nooutput": "ended",
    "skipped": "ended", "cancelled": "ended",
}  # fmt: skip


def job_group(state: str) -> str:
    """The group a job's state is shown in; an unknown or absent state counts as waiting."""
    return _GROUP_OF.get(state, "waiting")


def file_group(state: str) -> str:
    return _FILE_GROUP.get(state, "waiting")


_RANKS: Mapping[str, int] = MappingProxyType({state: place for place, state in enumerate(JOB_STATES)})


def rank(state: str) -> int:
    """Place of a state in the list; states not in it come before all others."""
    return _RANKS.get(state, -1)


FINE_GRAINED: Mapping[str | None, str] = MappingProxyType(
    {"fg_partial": "subfinished", "fg_stumble": "failed"}
)
"""How fine-grained jobs end, by sub-status."""


def shown_state(jobstatus: str | None, jobsubstatus: str | None) -> str:
    """The state as pages and JSON tell it."""
    return FINE_GRAINED.get(jobsubstatus) or jobstatus or ""


def tells_errors(jobstatus: str | None, jobsubstatus: str | None) -> bool:
    """Whether a job's errors are told and summed up: by its state as shown."""
    return shown_state(jobstatus, jobsubstatus) in WITH_ERRORS


def failing_percent(failed: int, finished: int) -> float | None:
    """Share of failed among the jobs that ended by themselves (closed and cancelled left out), 0-100.

    finished: those that ended well.
    """
    ended = failed + finished
    return 100 * failed / ended if ended else None
