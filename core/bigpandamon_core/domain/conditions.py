"""Conditions over the columns of a record: a small algebra that knows no database.

A condition is turned into SQL by `queries.where`, into a predicate by `holds`, and into a key by `repr`:
all parts are frozen and print themselves completely. Logic is two-valued: a comparison with an absent
value is false and its negation true.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bigpandamon_core.domain.text import fold, is_absent, matches

Value = str | int | Decimal | datetime


class Op(StrEnum):
    EQUAL = "equal"
    FOLDED = "folded"
    """Equal, ignoring case."""
    ONE_OF = "one_of"
    LIKE = "like"
    """Wildcard pattern as pieces, exact."""
    FOLDED_LIKE = "folded_like"
    """Wildcard pattern as pieces, ignoring case."""
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABSENT = "absent"
    """NULL or empty."""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of one column. value: a scalar; a tuple for ONE_OF and both LIKEs; None for ABSENT."""

    __test__ = False
    column: str
    op: Op
    value: Value | tuple[Value, ...] | None = None


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Whole minutes between two time columns lie in a closed range, open above where at_most_minutes is None;
    `until` stands in for an absent end."""

    begin: str
    end: str
    at_least_minutes: int
    at_most_minutes: int | None
    until: datetime


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Records found through another table: `queries.lookups` replaces it by a Test on `column`.

    name: which lookup. arguments: (name, text) pairs as they came.
    """

    name: str
    column: str
    arguments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Superseded:
    """The job has a newer attempt within this task: a row of the retry history says so."""

    jeditaskid: int


Condition = Test | Elapsed | All | AnyOf | Not | Lookup | Superseded
EVERYTHING = All()
NOTHING = AnyOf()
Row = Mapping[str, object]


def equal(column: str, value: Value) -> Test:
    return Test(column, Op.EQUAL, value)


def one_of(column: str, values: tuple[Value, ...]) -> Test:
    return Test(column, Op.ONE_OF, values)


def like(column: str, pattern: str) -> Test:
    """Text that fits a pattern in which `*` stands for anything, to the letter."""
    return Test(column, Op.LIKE, tuple(pattern.split("*"))) if "*" in pattern else equal(column, pattern)


def containing(column: str, text: str) -> Test:
    """Text that holds this, to the letter, `*` too."""
    return Test(column, Op.LIKE, ("", text, ""))


def absent(column: str) -> Test:
    return Test(column, Op.ABSENT)


def between(column: str, low: Value | None, high: Value | None) -> Condition:
    """Closed range; None leaves a side open."""
    parts: list[Condition] = []
    if low is not None:
        parts.append(Test(column, Op.AT_LEAST, low))
    if high is not None:
        parts.append(Test(column, Op.AT_MOST, high))
    return All(tuple(parts))


def takes_nothing(condition: Condition) -> bool:
    """Whether no record can fulfil it."""
    return isinstance(condition, AnyOf) and all(map(takes_nothing, condition.parts))


def is_literally(condition: Condition, text: str) -> bool:
    """Whether a record must have this very text to fulfil it."""
    return any(
        leaf.op in (Op.EQUAL, Op.FOLDED, Op.ONE_OF) and leaf.value in (text, (text,))
        for leaf in tests(condition)
    )


def is_reversed(condition: Condition) -> bool:
    """Whether it is a range whose ends are in the wrong order, or one of several is."""
    match condition:
        case AnyOf(parts):
            return any(map(is_reversed, parts))
        case Elapsed(at_least_minutes=low, at_most_minutes=int() as high):
            return low > high
        case All((Test(op=Op.AT_LEAST, value=int() as low), Test(op=Op.AT_MOST, value=int() as high))):
            return low > high
    return False


def conjuncts(condition: Condition) -> Iterator[Condition]:
    """The parts that must all hold."""
    if isinstance(condition, All):
        for part in condition.parts:
            yield from conjuncts(part)
    else:
        yield condition


def leaves(condition: Condition) -> Iterator[Condition]:
    """The parts that are no combination of others."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def replaced(condition: Condition, by: Callable[[Condition], Condition]) -> Condition:
    """The condition with something else for each of its leaves."""
    match condition:
        case All(parts):
            return All(tuple(replaced(part, by) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(replaced(part, by) for part in parts))
        case Not(part):
            return Not(replaced(part, by))
        case _:
            return by(condition)


def tests(condition: Condition) -> Iterator[Test]:
    """Every comparison with a value in it."""
    return (leaf for leaf in leaves(condition) if isinstance(leaf, Test))


def holds(condition: Condition, row: Row) -> bool:
    """Whether a row of column values satisfies the condition (lookups must have been resolved before)."""
    match condition:
        case Test():
            return _TESTS[condition.op](row.get(condition.column), condition.value)
        case Elapsed():
            return _elapsed(condition, row)
        case All(parts):
            return all(holds(part, row) for part in parts)
        case AnyOf(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)
        case Lookup(name) | Superseded(name):
            raise ValueError(f"condition {name} needs the database and has not been resolved")


def minutes_between(begin: object, end: object) -> int | None:
    """Whole minutes from one moment to another, 0 if the order is reversed; None if either is absent."""
    if not isinstance(begin, datetime) or not isinstance(end, datetime):
        return None
    return max(end - begin, timedelta()) // timedelta(minutes=1)


def _elapsed(condition: Elapsed, row: Row) -> bool:
    minutes = minutes_between(row.get(condition.begin), row.get(condition.end) or condition.until)
    if minutes is None or minutes < condition.at_least_minutes:
        return False
    return condition.at_most_minutes is None or minutes <= condition.at_most_minutes


def _text_test(compare: Callable[[str, object], bool]) -> Callable[[object, object], bool]:
    return lambda found, wanted: not is_absent(found) and compare(str(found), wanted)


def _ordered(compare: Callable[..., bool]) -> Callable[[object, object], bool]:
    return lambda found, wanted: not is_absent(found) and compare(found, wanted)


def _like(found: str, pieces: object) -> bool:
    return isinstance(pieces, tuple) and matches(pieces, found)


def _folded_like(found: str, pieces: object) -> bool:
    return isinstance(pieces, tuple) and matches(tuple(fold(piece) for piece in pieces), fold(found))


_TESTS: Mapping[Op, Callable[[object, object], bool]] = {
    Op.EQUAL: lambda found, wanted: not is_absent(found) and found == wanted,
    Op.FOLDED: _text_test(lambda found, wanted: fold(found) == fold(str(wanted))),
    Op.ONE_OF: lambda found, wanted: isinstance(wanted, tuple) and not is_absent(found) and found in wanted,
    Op.LIKE: _text_test(_like),
    Op.FOLDED_LIKE: _text_test(_folded_like),
    Op.AT_LEAST: _ordered(lambda found, wanted: found >= wanted),
    Op.AT_MOST: _ordered(lambda found, wanted: found <= wanted),
    Op.ABSENT: lambda found, _: is_absent(found),
}
