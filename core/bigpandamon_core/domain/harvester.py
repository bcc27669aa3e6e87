"""Harvester services: whether they are heard, and what requests about their messages and counts may say."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import (
    EVERYTHING,
    NOTHING,
    Condition,
    Lookup,
    Op,
    Test,
    equal,
    leaves,
    replaced,
)  # fmt: skip
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.jobs import HARVESTER_PREFIX
from bigpandamon_core.domain.nouns import Noun, Sort
from bigpandamon_core.domain.request_window import WindowRules

LATE, SILENT = timedelta(minutes=30), timedelta(days=7)
"""Services tell every few minutes that they live."""
AHEAD = timedelta(minutes=10)
"""So much earlier than those of services our clock may be."""
HEARTBEATS: Mapping[str, str] = MappingProxyType(
    {"alive": "good", "late": "bad", "silent": "ended", "never heard": "ended"}
)
"""How a service is heard, and the group this is shown in."""
LEVELS: Mapping[str, str] = MappingProxyType(
    {"CRITICAL": "bad", "ERROR": "bad", "WARNING": "ended", "INFO": "launch", "DEBUG": "waiting"}
)
"""How grave messages are, the gravest first, and the group this is shown in."""
MESSAGE_HOURS, COUNT_HOURS = 12, 1
COUNTED_BY = ("harvesterid", "computingsite", "resourcetype", "status", "jobtype")
_QUEUE, _SUBMITTER = "computingsite", "schedulerid"
"""Columns of jobs that tell where they run and which service submitted their pilot."""
_BY_ANY = (_SUBMITTER, HARVESTER_PREFIX)
_text = rules.exact_or("*!|")
_INSTANCE = Field("instance", "Service, as harvesterid.", column="harvesterid", rule=_text)


def heartbeat(heard: datetime | None, now: datetime) -> str:
    """How a service is heard that told of itself last at this moment."""
    if heard is None:
        return "never heard"
    age = now - heard
    return "alive" if age < LATE else "late" if age < SILENT else "silent"


def level_group(level: str) -> str:
    return LEVELS.get(level.upper(), "waiting")


def diagnostics(more_fields: tuple[Field, ...] = ()) -> Noun:
    """What services said."""
    counted = ("messagelevel", "harvesterid", "modulename")
    return Noun(
        name="diagnostics",
        fields=(
            _INSTANCE,
            *_texts("message", (*counted, "identifier", "diagmessage"), counted),
            Field("diagid", "Number of the message within its service.", Kind.INTEGER),
            *more_fields,
        ),
        window=WindowRules(MESSAGE_HOURS, time_columns=("creationtime",), column="creationtime"),
        sorts={},
        default_sort=(Sort("creationtime", descending=True),),
        keys=("diagid", "harvesterid"),
    )


def worker_stats(more_fields: tuple[Field, ...] = ()) -> Noun:
    """How many workers services told last; reports of services that tell nothing more stay."""
    return Noun(
        name="workerstats",
        fields=(
            _INSTANCE,
            *_texts("count", COUNTED_BY, COUNTED_BY),
            Field("nworkers", "How many workers there are.", Kind.INTEGER),
            *more_fields,
        ),
        window=WindowRules(COUNT_HOURS, time_columns=("lastupdate",), column="lastupdate"),
        sorts={},
        default_sort=(Sort("lastupdate", descending=True),),
        keys=COUNTED_BY,
    )


def _texts(of_what: str, names: tuple[str, ...], counted: tuple[str, ...]) -> tuple[Field, ...]:
    return tuple(
        Field(name, f"Column {name} of the {of_what}.", rule=_text, counted=name in counted) for name in names
    )


def of_workers(condition: Condition, resolve: Callable[[Condition], Condition]) -> Condition | None:
    """A condition on jobs as one on counts of workers, by the queue and the service that both have; None
    where it says more. resolve: replaces lookups by what they find."""
    found = (leaf.column for leaf in leaves(condition) if isinstance(leaf, Lookup))
    if not set(found) <= {_QUEUE, _SUBMITTER}:
        return None
    try:
        return replaced(resolve(condition), _of_workers)
    except LookupError:
        return None


def _of_workers(leaf: Condition) -> Condition:
    match leaf:
        case Test(column) if column == _QUEUE:
            return leaf
        case Test(column, Op.LIKE, (begin, "")) if (column, begin) == _BY_ANY:
            return EVERYTHING
        case Test(column, Op.EQUAL, str() as name) if column == _SUBMITTER:
            service = name.removeprefix(HARVESTER_PREFIX)
            if service != name:
                return equal("harvesterid", service) if service else NOTHING
    raise LookupError(leaf)
