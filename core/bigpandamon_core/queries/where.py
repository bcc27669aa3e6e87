"""A Condition of the request language as Django conditions: the only place where one becomes SQL.

Logic stays two-valued: negations are pushed down to the comparisons, and a negated comparison takes rows
whose value is absent.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from bigpandamon_core.domain.conditions import (
    All,
    AnyOf,
    Condition,
    Elapsed,
    Lookup,
    Not,
    Op,
    Superseded,
    Test,
    absent,
    equal,
    one_of,
)  # fmt: skip
from bigpandamon_core.panda.fields import PandaTime
from bigpandamon_core.panda.tasks import JediJobRetryHistory
from bigpandamon_core.queries.matching import Absent, FoldedLike, LikeText, Listed, PaddedIn, SameText

NEVER = Q(pk__in=[])
ALWAYS = ~NEVER
RETRIES, JOBSET_RETRIES, MERGES = ("retry",), ("jobset_retry",), ("merge",)
UNMERGED = All((equal("processingtype", "pmerge"), one_of("jobstatus", ("failed", "cancelled"))))
"""Merge jobs that a merge replaces."""
RELATIONS = frozenset({"relationtype"})
MOST_BOUND = 500
"""Values that one list binds."""
MOST_PARTS = 20
"""So many lists of rows are read by one statement: databases bound how much one binds."""


def where(condition: Condition, texts: frozenset[str], negated: bool = False) -> Q:
    """The condition as a Q over a model's columns.

    texts: names of its text columns, where empty counts as absent. Lookups must have been resolved before.
    """
    match condition:
        case Not(part):
            return where(part, texts, not negated)
        case All(parts) | AnyOf(parts):
            return _joined(parts, texts, negated, isinstance(condition, All) is not negated)
        case Superseded(jeditaskid):
            return _superseded(jeditaskid, texts, negated)
        case Lookup(name):
            raise ValueError(f"lookup {name} has not been resolved")
    return _compared(condition, texts, negated)


def _compared(condition: Test | Elapsed, texts: frozenset[str], negated: bool) -> Q:
    """One comparison. Negated it also takes rows that have no value."""
    if isinstance(condition, Elapsed):
        found, column = _elapsed(condition), condition.begin
    elif condition.op is Op.ABSENT:
        return _absent(condition.column, texts, negated)
    else:
        found, column = _test(condition), condition.column
    return ~found | _absent(column, texts) if negated else found


def _absent(column: str, texts: frozenset[str], negated: bool = False) -> Q:
    absent = Q(Absent(column)) if column in texts else Q(**{f"{column}__isnull": True})
    return ~absent if negated else absent


def text_columns(model: Any) -> frozenset[str]:
    """The columns of a model that hold text."""
    return frozenset(
        column.attname
        for column in model._meta.concrete_fields
        if column.get_internal_type() in ("CharField", "TextField")
    )


def _joined(parts: tuple[Condition, ...], texts: frozenset[str], negated: bool, conjunction: bool) -> Q:
    joined = Q()
    for part in parts:
        one = where(part, texts, negated)
        joined = joined & one if conjunction else joined | one
    if joined:
        return joined
    return ALWAYS if conjunction else NEVER


def _test(test: Test) -> Q:
    column, value = test.column, test.value
    match test.op:
        case Op.ONE_OF:
            return _one_of(column, value if isinstance(value, tuple) else ())
        case Op.FOLDED:
            return _like(column, FoldedLike, (str(value),))
        case Op.LIKE | Op.FOLDED_LIKE:
            pieces = tuple(map(str, value)) if isinstance(value, tuple) else ()
            return _like(column, LikeText if test.op is Op.LIKE else FoldedLike, pieces)
        case Op.EQUAL:
            return _one_of(column, (value,))
    bound = Q(**{f"{column}__{'gte' if test.op is Op.AT_LEAST else 'lte'}": value})
    # a bound outside the column's range is dropped, and with it that the value must be there
    return bound & Q(**{f"{column}__isnull": False}) if isinstance(value, int) else bound


def _like(column: str, kind: type[LikeText] | type[FoldedLike], pieces: tuple[str, ...]) -> Q:
    if any(pieces):
        return Q(kind(column, pieces))
    return ~Q(Absent(column)) if len(pieces) > 1 else NEVER


def _one_of(column: str, values: tuple[Any, ...]) -> Q:
    """Any of the values; an empty text is none."""
    wanted = tuple(value for value in values if value != "")
    if wanted and isinstance(wanted[0], str):
        return reduce(or_, (Q(SameText(column, *some)) for some in batched(wanted)))
    if len(wanted) == 1:
        return Q(**{column: wanted[0]})
    return listed(column, wanted) if wanted else NEVER


def listed(column: str, values: Iterable[Any]) -> Q:
    """One of the values, bound in lists of a few fixed lengths, so that statements stay the same."""
    return Q(**{f"{column}__{PaddedIn.lookup_name}": Listed(tuple(values))})


def in_chunks(numbers: Iterable[int]) -> Iterator[Sequence[int]]:
    """Numbers in lists that one statement binds."""
    yield from batched(tuple(sorted(numbers)))


def batched(values: Sequence[Any], most: int = MOST_BOUND) -> Iterator[Sequence[Any]]:
    """Values in lists of those lengths that are bound."""
    for start in range(0, len(values), most):
        yield values[start : start + most]


def _elapsed(condition: Elapsed) -> Q:
    most = condition.at_most_minutes
    if most is not None and most < 0:
        return NEVER
    end = Coalesce(
        F(condition.end), Value(condition.until, output_field=PandaTime()), output_field=PandaTime()
    )
    found = Q(**{f"{condition.begin}__isnull": False})
    if condition.at_least_minutes > 0:
        found &= Q(_ends_after(end, condition.begin, condition.at_least_minutes))
    if most is not None:
        found &= ~Q(_ends_after(end, condition.begin, most + 1))
    return found


def _ends_after(end: Any, begin: str, minutes: int) -> Any:
    moved = ExpressionWrapper(F(begin) + timedelta(minutes=minutes), output_field=PandaTime())
    return GreaterThanOrEqual(end, moved)


def _superseded(jeditaskid: int, texts: frozenset[str], negated: bool) -> Q:
    """A row of the retry history says that the job, or its job set, was replaced by a newer attempt; of merge
    jobs only those that did not succeed."""
    merged = _replaced(jeditaskid, one_of("relationtype", MERGES), "pandaid")
    retries = AnyOf((one_of("relationtype", RETRIES), absent("relationtype")))
    retried = _replaced(jeditaskid, retries, "pandaid")
    again = _replaced(jeditaskid, one_of("relationtype", JOBSET_RETRIES), "jobsetid")
    if negated:
        return ~retried & ~again & (~merged | where(UNMERGED, texts, negated=True))
    return retried | again | (merged & where(UNMERGED, texts))


def _replaced(jeditaskid: int, relation: Condition, by: str) -> Q:
    """Some row of the history with this relation names the job (or its job set) as the older one."""
    history = JediJobRetryHistory.objects.filter(where(relation, RELATIONS), jeditaskid=jeditaskid)
    return Q(Exists(history.filter(oldpandaid=OuterRef(by)).exclude(newpandaid=F("oldpandaid"))))


def order_by(column: Combinable | str, descending: bool, nullable: bool) -> Any:
    """One key of an order, absent values last where there may be any."""
    key = F(column) if isinstance(column, str) else column
    if not nullable:
        return key.desc() if descending else key.asc()  # type: ignore[attr-defined]
    return key.desc(nulls_last=True) if descending else key.asc(nulls_last=True)  # type: ignore[attr-defined]
