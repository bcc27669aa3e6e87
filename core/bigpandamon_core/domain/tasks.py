"""Rules about single tasks: what follows from a task's columns."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bigpandamon_core.domain.text import is_absent

STATES = tuple(
    """registered staging defined assigning ready pending topreprocess preprocessing scouting scouted running
    prepared done finished failed exhausted throttled paused aborting toabort aborted finishing passed
    tobroken broken toretry toincexec rerefine toreassign reassigning""".split()
)
FINAL = frozenset({"done", "finished", "failed", "aborted", "broken"})
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "launch": ("ready", "scouting", "scouted"),
    "running": ("running",),
    "post": ("prepared", "finishing", "passed"),
    "good": ("done", "finished"),
    "bad": ("failed", "exhausted", "tobroken", "broken"),
    "ended": ("aborting", "toabort", "aborted"),
}
_GROUP_OF = MappingProxyType({state: group for group, states in _GROUPS.items() for state in states})
CATEGORIES = ("production", "group production", "group analysis", "user analysis", "service")
PRODUCTION, ANALYSIS, GROUP_PRODUCTION = "prod", "anal", "GP_"
"""Begins of task types, and of working groups that produce on their own."""
INPUTS = ("input", "pseudo_input")
"""Types of datasets and files that a task reads."""
_SECONDS_PER_DAY = 86_400
_FIRST_REQUEST, _LAST_REQUEST, _NO_REQUEST = 100, 100_000, 300
"""Numbers of requests lie between the first two; the third stands for none."""


def task_group(state: str) -> str:
    """The group a task's state is shown in; what waits for something, or is unknown, counts as waiting."""
    return _GROUP_OF.get(state, "waiting")


def category(tasktype: str | None, workinggroup: str | None) -> str:
    """For whom a task works: by its type and whether it belongs to a group."""
    kind, group = tasktype or "", workinggroup or ""
    if kind.startswith(PRODUCTION):
        return "group production" if group.startswith(GROUP_PRODUCTION) else "production"
    if kind.startswith(ANALYSIS):
        return "group analysis" if group else "user analysis"
    return "service"


EVENT_SERVICE = 1


def event_service(number: int | None) -> str:
    return "eventservice" if number == EVENT_SERVICE else "ordinary"


def owner(task: Mapping[str, Any]) -> Any:
    """The working group, or else the user."""
    return task["username"] if is_absent(task["workinggroup"]) else task["workinggroup"]


def campaign_cut(campaign: str) -> str:
    """What follows the first colon, all of it without one."""
    return campaign.partition(":")[2] if ":" in campaign else campaign


def request_number(task: Mapping[str, Any]) -> int | None:
    """Of the request side, only for tasks that production asked for."""
    number = task["reqid"]
    if number is None or (task["tasktype"] or "").startswith(ANALYSIS):
        return None
    return number if _FIRST_REQUEST < number < _LAST_REQUEST and number != _NO_REQUEST else None


def age_days(created: datetime | None, now: datetime) -> float:
    return _days(created, now)


def duration_days(task: Mapping[str, Any], now: datetime) -> float:
    """From creation to the end; of a task that is not over, to now."""
    is_over = task["status"] in FINAL and task["endtime"] is not None
    return _days(task["creationdate"], task["endtime"] if is_over else now)


def _days(begin: datetime | None, end: datetime) -> float:
    return round((end - begin).total_seconds() / _SECONDS_PER_DAY, 2) if begin else 0.0
