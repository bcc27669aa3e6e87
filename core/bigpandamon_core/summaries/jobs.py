"""Rows of jobs counted in one pass: every attribute, the states, the errors.

Rows are tuples in the order of `Tally.columns`; nothing but the counters is kept, so memory grows with the
number of distinct values, not with the number of jobs.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_errors import CODE_COLUMNS, errors_of
from bigpandamon_core.domain.states import ENDED_WELL, FINE_GRAINED, WITH_ERRORS
from bigpandamon_core.domain.text import NOT_SPECIFIED, is_absent

Row = tuple[Any, ...]
Key = tuple[str, int | str]
"""Component and code of an error."""
_PLACES = {"failed": 0} | dict.fromkeys(ENDED_WELL, 1)
_OTHER = 2
"""Where jobs are counted by how they ended."""
SUMMED = ("actualcorecount", "minramcount")
TOP = 3
_STATE = ("jobstatus", "jobsubstatus")
_ERROR_COLUMNS = ("pandaid", "computingsite", "jeditaskid", "produsername", *CODE_COLUMNS)


@dataclass(slots=True)
class ValueCount:
    """One value of an attribute. failed and finished, those that ended well, are parts of count. Not frozen,
    though nobody changes it: a frozen one takes four times as long to make, and an answer has tens of
    thousands."""

    value: Any
    count: int
    failed: int = 0
    finished: int = 0

    @property
    def ended(self) -> int:
        return self.failed + self.finished


@dataclass(frozen=True)
class Attribute:
    """All values of one field, most frequent first. total: sum of its numbers where a sum makes sense."""

    field: Field
    values: Sequence[ValueCount]
    total: int | None = None


@dataclass(frozen=True)
class ErrorCount:
    """How many jobs had one error, an example, and where most of them were.

    example_pandaid: 0 where the job that was to be it turned out not to have the error.
    """

    component: str
    code: int | str
    count: int
    example_pandaid: int
    sites: Sequence[tuple[Any, int]]
    tasks: Sequence[tuple[Any, int]]
    users: Sequence[tuple[Any, int]]

    @property
    def key(self) -> str:
        return f"{self.component}:{self.code}"


@dataclass
class _ErrorTally:
    count: int = 0
    example: int = 0
    sites: Counter[Any] = field(default_factory=Counter)
    tasks: Counter[Any] = field(default_factory=Counter)
    users: Counter[Any] = field(default_factory=Counter)

    @property
    def tops(self) -> tuple[Counter[Any], ...]:
        return self.sites, self.tasks, self.users


class Tally:
    """Counts chunks of rows; a negative sign takes rows back. Rows may have more than these columns behind
    them.

    errors_in_all_states: sum up the errors of every job, not only of failed and holding ones.
    """

    def __init__(self, fields: Sequence[Field], errors_in_all_states: bool = False):
        self._all_states = errors_in_all_states
        self.fields = tuple(fields)
        sources = (name for counted in self.fields for name in counted.sources)
        self.columns: tuple[str, ...] = tuple(dict.fromkeys((*_STATE, *_ERROR_COLUMNS, *sources)))
        self._at = {name: place for place, name in enumerate(self.columns)}
        self._counts: dict[str, list[Counter[Any]]] = {
            counted.name: [Counter(), Counter(), Counter()] for counted in self.fields
        }
        self._sums: Counter[str] = Counter()
        self._errors = defaultdict[Key, _ErrorTally](_ErrorTally)
        self.total = 0

    def add(self, sign: int, rows: Sequence[Row]) -> None:
        self.total += sign * len(rows)
        by_outcome: tuple[list[Row], ...] = ([], [], [])
        for row in rows:
            state = FINE_GRAINED.get(row[1]) or row[0]
            by_outcome[_PLACES.get(state, _OTHER)].append(row)
            if self._all_states or state in WITH_ERRORS:
                self._add_errors(sign, row)
        for place, some in enumerate(by_outcome):
            if some:
                self._add_columns(sign, place, some)

    def _add_columns(self, sign: int, place: int, rows: list[Row]) -> None:
        columns = list(zip(*rows, strict=True))
        for counted in self.fields:
            counter = self._counts[counted.name][place]
            values = _values(counted, [columns[self._at[name]] for name in counted.sources])
            (counter.update if sign > 0 else counter.subtract)(values)
        for name in SUMMED:
            if name in self._at:
                self._sums[name] += sign * sum(filter(None, columns[self._at[name]]))

    def _add_errors(self, sign: int, row: Row) -> list[Key]:
        """Those of a row."""
        at = self._at
        errors = errors_of({name: row[at[name]] for name in CODE_COLUMNS})
        found = [(error.component, error.code) for error in errors]
        for key in found:
            tally = self._errors[key]
            tally.count += sign
            tally.example = _example(tally.example, sign, row[at["pandaid"]])
            tally.sites[_told(row[at["computingsite"]])] += sign
            tally.tasks[_told(row[at["jeditaskid"]])] += sign
            tally.users[_told(row[at["produsername"]])] += sign
        return found

    def told(self) -> dict[str, Any]:
        """Everything counted, in lists and mappings that JSON can carry; see `add_told`."""
        return {
            "total": self.total,
            "sums": dict(self._sums),
            "counts": {name: [list(one.items()) for one in some] for name, some in self._counts.items()},
            "errors": [
                (*key, tally.count, tally.example, [list(top.items()) for top in tally.tops])
                for key, tally in self._errors.items()
            ],
        }

    def add_told(self, told: Mapping[str, Any]) -> None:
        """Add what another tally of the same fields has told."""
        self.total += told["total"]
        self._sums.update(told["sums"])
        for name, some in told["counts"].items():
            for counter, values in zip(self._counts[name], some, strict=True):
                counter.update(dict(values))
        for component, code, count, example, tops in told["errors"]:
            tally = self._errors[component, code]
            tally.count += count
            tally.example = max(tally.example, example)
            for counter, values in zip(tally.tops, tops, strict=True):
                counter.update(dict(values))

    def attributes(self) -> list[Attribute]:
        """Every field with its values, in the order of the fields."""
        return [
            Attribute(
                counted,
                _merged(self._counts[counted.name]),
                self._sums[counted.name] if counted.name in SUMMED else None,
            )
            for counted in self.fields
        ]

    def states(self) -> dict[str, int]:
        """Jobs by state as shown."""
        return {str(value.value): value.count for value in _merged(self._counts["jobstatus"])}

    def errors(self) -> list[ErrorCount]:
        """Most frequent first, then by name."""
        counted = [
            ErrorCount(
                component,
                code,
                tally.count,
                tally.example,
                *map(_top, tally.tops),
            )
            for (component, code), tally in self._errors.items()
            if tally.count > 0
        ]
        return sorted(counted, key=lambda error: (-error.count, error.key))

    @property
    def failed(self) -> int:
        return sum(self._counts["jobstatus"][0].values())

    @property
    def finished(self) -> int:
        return sum(self._counts["jobstatus"][1].values())


def _example(known: int, sign: int, pandaid: int) -> int:
    """The newest job with an error; none once that is taken back, until another is met."""
    if sign > 0:
        return max(known, pandaid)
    return 0 if known == pandaid else known


def _values(counted: Field, columns: list[Sequence[Any]]) -> Iterable[Any]:
    """What to count: the column itself, or a mapping of shown values to counts for a derived field."""
    if counted.shown is None:
        return columns[0]
    distinct = Counter(columns[0] if len(columns) == 1 else zip(*columns, strict=True))
    shown: Counter[Any] = Counter()
    for value, count in distinct.items():
        shown[counted.show(value) if len(columns) == 1 else counted.show(*value)] += count
    return shown


def _merged(outcomes: list[Counter[Any]]) -> tuple[ValueCount, ...]:
    failed, finished, other = (_specified(counter) for counter in outcomes)
    values = [
        ValueCount(value, failed[value] + finished[value] + other[value], failed[value], finished[value])
        for value in failed.keys() | finished.keys() | other.keys()
    ]
    return by_count(value for value in values if value.count)


def _specified(counter: Counter[Any]) -> Counter[Any]:
    """NULL and empty are one value."""
    told: Counter[Any] = Counter()
    for value, count in counter.items():
        told[_told(value)] += count
    return told


def _told(value: Any) -> Any:
    return NOT_SPECIFIED if is_absent(value) else value


def told_as(attribute: Attribute, tell: Callable[[Any], Any]) -> Attribute:
    """The attribute with its values told otherwise; those that then are one are counted as one."""
    joined: dict[Any, ValueCount] = {}
    for value in attribute.values:
        told = NOT_SPECIFIED if value.value == NOT_SPECIFIED else _told(tell(value.value))
        known = joined.get(told, ValueCount(told, 0))
        joined[told] = ValueCount(
            told, known.count + value.count, known.failed + value.failed, known.finished + value.finished
        )
    return replace(attribute, values=by_count(joined.values()))


def by_count(values: Iterable[ValueCount]) -> tuple[ValueCount, ...]:
    return tuple(sorted(values, key=lambda value: (-value.count, alphabetic(value.value))))


def alphabetic(value: Any) -> tuple[int, Any]:
    """Numbers in their order, then texts by code points, "Not specified" last."""
    if isinstance(value, int | float):
        return 0, value
    return (2, "") if value == NOT_SPECIFIED else (1, str(value))


def _top(counter: Counter[Any]) -> tuple[tuple[Any, int], ...]:
    ranked = sorted(counter.items(), key=lambda item: (-item[1], alphabetic(item[0])))
    return tuple(item for item in ranked[:TOP] if item[1] > 0)


def telling(value: ValueCount, failed: int, finished: int) -> bool:
    """Whether a value fails far more often than the rest of the jobs.

    Its failing rate is at least twice that of all others and the difference is more than five standard errors
    of the pooled rate (two-proportion test), with 20 ended jobs at least: small numbers shout.
    """
    ended, rest = value.ended, failed + finished - value.ended
    if ended < 20 or rest <= 0:
        return False
    rate, rest_rate = value.failed / ended, (failed - value.failed) / rest
    pooled = failed / (failed + finished)
    error = (pooled * (1 - pooled) * (1 / ended + 1 / rest)) ** 0.5
    return rate >= 2 * rest_rate and rate - rest_rate > 5 * error
