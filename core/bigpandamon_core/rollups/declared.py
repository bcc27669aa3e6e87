"""The rollups there are: dimensions, lengths of bins and for how long they are kept, declared once.

A flow counts jobs that ended, by when they did. A gauge counts live jobs at the end of each hour.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter

from bigpandamon_core.domain.error_rules import ErrorRule
from bigpandamon_core.domain.failures import FAILURE, FAILURE_CLASS, Failures
from bigpandamon_core.domain.job_errors import CODE_COLUMNS
from bigpandamon_core.domain.jobs import node
from bigpandamon_core.domain.states import FINE_GRAINED
from bigpandamon_core.domain.text import is_absent
from bigpandamon_core.domain.timings import STEPS

FOR_EVER = 0
HOUR, FOUR_HOURS, DAY = 1, 4, 24
Row = Mapping[str, object]
Values = tuple[str, ...]
COUNTS = ("jobs", "timed", "wall_seconds", "used", "cpu_seconds")
TIMES = (
    "ran", "wait_seconds", "core_seconds", "used_core_seconds", "core_cpu_seconds",
    "piloted", *(f"{step}_seconds" for step in STEPS),
)  # fmt: skip
MEASURES = (*COUNTS, *TIMES)
"""What a bin has numbers of, as `state.rollups.RollupBin` explains them."""


@dataclass(frozen=True)
class Level:
    """hours: the length of a bin; it divides a day. days: for how long bins are kept, FOR_EVER for 0."""

    hours: int
    days: int


@dataclass(frozen=True)
class Rollup:
    """number: what its bins are stored under; with other dimensions or lengths of bins it gets another one.
    dimensions: columns of jobs, or names in DERIVED. measures: the first of MEASURES."""

    name: str
    number: int
    help: str
    dimensions: tuple[str, ...]
    levels: tuple[Level, ...]
    measures: tuple[str, ...] = COUNTS
    is_gauge: bool = False

    @property
    def lengths(self) -> tuple[int, ...]:
        """Hours of its bins."""
        return tuple(level.hours for level in self.levels)

    def version(self, rules: Iterable[ErrorRule]) -> str:
        """Equal where bins are made in the same way, by these rules."""
        made = [REVISION, self.dimensions, self.lengths]
        if FAILURE in self.dimensions:
            helping = (rule for rule in rules if rule.advice)
            made.append([(rule.component, rule.codes, rule.advice, rule.transient) for rule in helping])
        if FAILURE_CLASS in self.dimensions:
            made.append([(rule.component, rule.codes, rule.kind) for rule in rules if rule.kind])
        return hashlib.sha256(repr(made).encode()).hexdigest()[:12]


REVISION = 1
"""To be raised when something is counted otherwise under the same name."""
NODE, SUBSTATE = "node", "jobsubstatus"
OF_FAILURES = frozenset({FAILURE, FAILURE_CLASS})
"""Dimensions of which a job has as many values as its failures, none if it did not fail."""
HOURS_AND_DAYS = (Level(HOUR, 30), Level(DAY, FOR_EVER))
_STATE = ("jobstatus", SUBSTATE)
FLOWS = (
    Rollup(
        "regions", 1, "Jobs that ended, by region, kind of activity and state.",
        ("vo", "cloud", "prodsourcelabel", *_STATE), HOURS_AND_DAYS, MEASURES,
    ),
    Rollup(
        "jobs", 2, "Jobs that ended, by region, queue, state, kind of activity and resource.",
        ("vo", "cloud", "computingsite", "prodsourcelabel", "resourcetype", *_STATE),
        HOURS_AND_DAYS, MEASURES,
    ),
    Rollup(
        "statistics", 3, "Jobs that ended, by queue, kind of work, share and state.",
        ("vo", "computingsite", "processingtype", "gshare", *_STATE),
        (Level(FOUR_HOURS, 15), Level(DAY, FOR_EVER)), MEASURES,
    ),
    Rollup(
        "users", 4, "Jobs that ended, by user: as many users as rows.",
        ("vo", "produsername", "prodsourcelabel", *_STATE), (Level(DAY, FOR_EVER),), MEASURES,
    ),
    Rollup(
        "software", 9, "Jobs that ended, by queue, kind of activity and software.",
        ("vo", "computingsite", "prodsourcelabel", "homepackage", *_STATE), (Level(DAY, 400),), MEASURES,
    ),
    Rollup(
        "nodes", 5, "Jobs that ended, by queue and worker node: as many nodes in a bin as rows.",
        ("computingsite", NODE, *_STATE), (Level(DAY, 30),),
    ),
    Rollup(
        "failures", 6, "Jobs that failed, by region, queue and class of their failures.",
        ("vo", "cloud", "computingsite", FAILURE), HOURS_AND_DAYS,
    ),
    Rollup(
        "classes", 8, "Jobs that failed, by region, queue, kind of activity and of failure.",
        ("vo", "cloud", "computingsite", "prodsourcelabel", FAILURE_CLASS), HOURS_AND_DAYS,
    ),
)  # fmt: skip
"""In this order they are asked: coarse ones first."""
GAUGES = (
    Rollup(
        "live", 7, "Live jobs, by region, queue, state, kind of activity and resource.",
        ("vo", "cloud", "computingsite", "prodsourcelabel", "resourcetype", "jobstatus"),
        HOURS_AND_DAYS, is_gauge=True,
    ),
)  # fmt: skip
BY_NUMBER: Mapping[int, Rollup] = {rollup.number: rollup for rollup in (*FLOWS, *GAUGES)}
BY_NAME: Mapping[str, Rollup] = {rollup.name: rollup for rollup in BY_NUMBER.values()}


def substate(row: Row) -> str:
    """As far as it decides which state is shown."""
    found = row[SUBSTATE]
    return str(found) if found in FINE_GRAINED else ""


DERIVED: Mapping[str, tuple[tuple[str, ...], Callable[[Row], str]]] = {
    NODE: (("modificationhost",), lambda row: node(str(row["modificationhost"] or ""))),
    SUBSTATE: ((SUBSTATE,), substate),
}
"""Dimensions that are computed: from which columns, and how."""
COLUMNS = tuple(
    sorted(
        {
            column
            for rollup in (*FLOWS, *GAUGES)
            for name in rollup.dimensions
            if name not in OF_FAILURES
            for column in DERIVED.get(name, ((name,), None))[0]
        }
        | {"creationtime", "starttime", "endtime", "statechangetime", "modificationtime", *CODE_COLUMNS}
        | {"cpuconsumptiontime", "actualcorecount", "corecount", "pilottiming"}
    )
)
"""What a row of PanDA must have to be counted."""


def value(name: str, row: Row) -> str:
    """A job's value of a dimension, "" for none."""
    if name in DERIVED:
        return DERIVED[name][1](row)
    return "" if is_absent(row[name]) else str(row[name])


_VALUES = tuple({name: None for rollup in FLOWS for name in rollup.dimensions if name not in OF_FAILURES})
_PICKED = tuple(
    (rollup.number, next((name for name in rollup.dimensions if name in OF_FAILURES), ""),
     itemgetter(*rollup.dimensions)) for rollup in FLOWS
)  # fmt: skip


def combinations(row: Row, told: Failures) -> Iterator[tuple[int, Values]]:
    """Where a job that ended is counted: rollup and values."""
    values = {name: value(name, row) for name in _VALUES}
    for number, of_failures, picked in _PICKED:
        if not of_failures:
            yield number, picked(values)
            continue
        for one in told.of(of_failures, row):
            yield number, picked({**values, of_failures: one})


def version(rules: Iterable[ErrorRule]) -> str:
    """Of all flows together."""
    every = [rollup.version(rules) for rollup in FLOWS]
    return hashlib.sha256("".join(every).encode()).hexdigest()[:12]
