"""What requests about tasks may say. Rules from the BigPanDA JSON API."""

from collections.abc import Mapping
from datetime import timedelta

from bigpandamon_core.domain.conditions import Op, Test, between
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.nouns import Asked, Noun, Sort
from bigpandamon_core.domain.parameters import whole_number
from bigpandamon_core.domain.request_window import WindowRules
from bigpandamon_core.domain.task_fields import FIELDS
from bigpandamon_core.domain.window import now

HOURS = 168
ANALYSIS_HOURS = 72
LONGEST_HOURS = 24 * 366 * 200
UNBOUNDED = frozenset({"jeditaskid"})
TIMES = ("modificationtime", "creationdate", "statechangetime", "starttime", "endtime", "ttcrequested")
NEWEST = (Sort("modificationtime", descending=True),)
BY_NUMBER = (Sort("jeditaskid", descending=True),)
SORTS: Mapping[str, tuple[Sort, ...]] = {
    "jeditaskid-desc": BY_NUMBER,
    "jeditaskid-asc": (Sort("jeditaskid"),),
    "taskid-desc": BY_NUMBER,
    "taskid-asc": (Sort("jeditaskid"),),
    "time-ascending": (Sort("modificationtime"),),
    "time-descending": NEWEST,
    "statetime-descending": (Sort("statechangetime", descending=True),),
    "creationdate-asc": (Sort("creationdate"),),
    "priority": (Sort("taskpriority", descending=True),),
    "taskname": (Sort("taskname"),),
    "cloud": (Sort("cloud", descending=True),),
    "nfiles": (),
    "pctfinished": (),
    "pctfailed": (),
}
"""Words of `sortby`; those without an order are of numbers that datasets tell."""


def _hours(parameters: Mapping[str, str], hours: int) -> int:
    """Analysis is looked at for fewer days."""
    return min(ANALYSIS_HOURS, hours) if parameters.get("tasktype", "").startswith("ana") else hours


def noun(hours: int = HOURS, more_fields: tuple[Field, ...] = ()) -> Noun:
    """Tasks, with the instance's default window in hours."""
    return Noun(
        name="tasks",
        fields=(*FIELDS, *more_fields),
        window=WindowRules(
            hours,
            unbounded_by=UNBOUNDED,
            time_columns=TIMES,
            length=lambda parameters: _hours(parameters, hours),
        ),
        sorts=SORTS,
        default_sort=NEWEST,
        keys=("jeditaskid",),
        combined=combined,
        passing=frozenset({"statenotupdated"}),
    )


def combined(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Conditions from parameters that only mean something together, and the names used up."""
    asked, used = _requests(parameters)
    stuck, also = _not_updated(parameters)
    return [*asked, *stuck], used | also


def _requests(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """A range of requests, both ends included."""
    given = dict(parameters)
    low, high = whole_number(given, "reqid_from"), whole_number(given, "reqid_to")
    names = [name for name in ("reqid_from", "reqid_to") if name in parameters]
    if not names:
        return [], set()
    text = f"{low if low is not None else ''}:{high if high is not None else ''}"
    return [Asked(names[0], text, between("reqid", low, high), tuple(names[1:]))], set(names)


def _not_updated(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Tasks that have been in their state, submitted without one, for so many hours."""
    hours = whole_number(dict(parameters), "statenotupdated")
    if hours is None:
        return [], set()
    before = now().replace(microsecond=0) - timedelta(hours=min(hours, LONGEST_HOURS))
    asked = [Asked("statenotupdated", str(hours), Test("statechangetime", Op.AT_MOST, before))]
    if "status" not in parameters:
        asked.append(Asked("statenotupdated", "submitted", Test("status", Op.EQUAL, "submitted")))
    return asked, {"statenotupdated"}
