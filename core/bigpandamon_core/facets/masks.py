"""Conditions over coded columns, as functions that tell which rows of a stretch fulfil them.

What is asked of one coded column is asked once of each distinct value, by the predicate that rows in memory
are asked by (`conditions.holds`), and then taken through the codes. Times and numbers of jobs are compared as
arrays.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from bigpandamon_core.domain.conditions import All, AnyOf, Condition, Elapsed, Not, Op, Test, holds, leaves
from bigpandamon_core.domain.text import is_absent
from bigpandamon_core.facets.columns import CODED, unanswered
from bigpandamon_core.facets.store.numbers import SECOND, Array, Numbers, microseconds
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.store.vocabulary import Values
from bigpandamon_core.facets.stretches import Stretch

Mask = Array | bool
"""Which rows of a stretch; True or False where it is all or none of them."""
Ask = Callable[[Stretch], Mask]
FEW = 4
"""So many codes are compared one by one; more are looked up in a table."""


def asked(condition: Condition, snapshot: Snapshot) -> Ask:
    """The condition as a function of stretches. ValueError if the columns cannot tell."""
    if problem := unanswered(condition):
        raise ValueError(problem)
    return _asked(condition, snapshot)


def chosen(rows: Stretch, ask: Ask) -> Stretch:
    """The rows that fulfil what is asked."""
    mask = ask(rows)
    if isinstance(mask, bool):
        return rows if mask else rows.between(0, 0)
    return rows.where(mask)


def _asked(condition: Condition, snapshot: Snapshot) -> Ask:
    while isinstance(condition, All | AnyOf) and len(condition.parts) == 1:
        condition = condition.parts[0]
    columns = {leaf.column if isinstance(leaf, Test) else "" for leaf in leaves(condition)}
    if len(columns) == 1 and columns <= set(CODED):
        return _of_values(condition, columns.pop(), snapshot)
    match condition:
        case Not(part):
            return _negated(_asked(part, snapshot))
        case All(parts):
            return _all([_asked(part, snapshot) for part in parts])
        case AnyOf(parts):
            return _any([_asked(part, snapshot) for part in parts])
        case Elapsed():
            return lambda rows: _elapsed(condition, rows)
        case Test():
            return lambda rows: _number(condition, rows)
    raise ValueError(unanswered(condition))


def _negated(ask: Ask) -> Ask:
    def negated(rows: Stretch) -> Mask:
        mask = ask(rows)
        return not mask if isinstance(mask, bool) else ~mask

    return negated


def _all(asks: Sequence[Ask]) -> Ask:
    def every(rows: Stretch) -> Mask:
        mask: Mask = True
        for ask in asks:
            mask = mask & ask(rows)
            if not np.any(mask):
                return False
        return mask

    return every


def _any(asks: Sequence[Ask]) -> Ask:
    def some(rows: Stretch) -> Mask:
        mask: Mask = False
        for ask in asks:
            mask = mask | ask(rows)
        return mask

    return some


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which codes of a day are wanted: few of them, all but few, or those of a table."""

    table: Array
    codes: tuple[int, ...]
    others: tuple[int, ...]

    def of(self, codes: Array) -> Mask:
        if not self.codes or not self.others:
            return not self.others
        if len(self.codes) <= FEW:
            return _is_one(codes, self.codes)
        if len(self.others) <= FEW:
            return ~_is_one(codes, self.others)
        return np.take(self.table, codes)


def _is_one(codes: Array, wanted: Sequence[int]) -> Array:
    mask: Array = codes == wanted[0]
    for code in wanted[1:]:
        mask |= codes == code
    return mask


def _of_values(condition: Condition, column: str, snapshot: Snapshot) -> Ask:
    values = snapshot.values(column)
    fulfilled = _fulfilled(condition, column, values)
    wanted = {day: _wanted(fulfilled[numbers]) for day, numbers in values.by_day.items()}
    return lambda rows: wanted[rows.part.day].of(rows.codes(column))


def _wanted(table: Array) -> _Wanted:
    return _Wanted(table, tuple(np.flatnonzero(table).tolist()), tuple(np.flatnonzero(~table).tolist()))


def _fulfilled(condition: Condition, column: str, values: Values) -> Array:
    """For each value whether the condition holds. Equality finds its values without looking at all others."""
    if isinstance(condition, Test) and condition.op in (Op.EQUAL, Op.ONE_OF):
        found = np.zeros(len(values), bool)
        present = (value for value in _listed(condition) if not is_absent(value))
        found[[values.numbers[value] for value in present if value in values.numbers]] = True
        return found
    return np.fromiter((holds(condition, {column: value}) for value in values.values), bool, len(values))


def _listed(test: Test) -> tuple[Any, ...]:
    """What is compared with for equality."""
    if test.op is Op.ONE_OF:
        return test.value if isinstance(test.value, tuple) else ()
    return (test.value,)


def _number(test: Test, rows: Stretch) -> Mask:
    """A comparison of times, or of the jobs' own numbers."""
    numbers = rows.numbers(test.column)
    if test.op is Op.ABSENT:
        return ~numbers.present
    if test.op in (Op.EQUAL, Op.ONE_OF):
        return numbers.one_of(np.array(list(_numbers(_listed(test))), np.int64))
    (bound,) = _numbers((test.value,))
    return numbers.at_least(bound) if test.op is Op.AT_LEAST else numbers.at_most(bound)


def _numbers(values: Iterable[Any]) -> Iterable[int]:
    return (microseconds(value) if isinstance(value, datetime) else int(value) for value in values)


def _elapsed(condition: Elapsed, rows: Stretch) -> Mask:
    minutes = minutes_between(rows.numbers(condition.begin), rows.numbers(condition.end), condition.until)
    mask: Array = minutes >= max(condition.at_least_minutes, 0)
    if condition.at_most_minutes is not None:
        mask &= minutes <= condition.at_most_minutes
    return mask


def minutes_between(begin: Numbers, end: Numbers, until: datetime) -> Array:
    """As domain.conditions.minutes_between, -1 where there is no begin. until: in place of an absent end."""
    whole = begin.unit == end.unit == SECOND and not (begin.base - end.base) % SECOND
    unit = SECOND if whole else 1
    minutes = end.above(begin.base, unit)
    minutes[~end.present] = (microseconds(until) - begin.base) // unit
    minutes -= begin.above(begin.base, unit)
    np.maximum(minutes, 0, out=minutes)
    minutes //= 60 * SECOND // unit
    minutes[~begin.present] = -1
    return minutes
