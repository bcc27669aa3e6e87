"""A Condition of the request language as Django conditions: the only place where one becomes SQL.

Logic stays two-valued: negations are pushed down to the comparisons, and a negated comparison takes rows
whose value is absent.
"""

from datetime import timedelta
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
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
)  # fmt: skip
from bigpandamon_core.panda.fields import PandaTime
from bigpandamon_core.panda.tasks import JediJobRetryHistory
from bigpandamon_core.queries.matching import FoldedLike, LikeText, SameText

NEVER = Q(pk__in=[])
ALWAYS = ~NEVER
RETRIES = ("retry", "")
JOBSET_RETRY = "jobset_retry"
_LONGEST_MINUTES = 10_000_000
_PADDING = (10, 100, 500)


def where(condition: Condition, texts: frozenset[str], negated: bool = False) -> Q:
    """The condition as a Q over a model's columns.

    texts: names of its text columns, where empty counts as absent. Lookups must have been resolved before.
    """
    match condition:
        case Not(part):
            return where(part, texts, not negated)
        case All(parts):
            return _joined(parts, texts, negated, conjunction=not negated)
        case AnyOf(parts):
            return _joined(parts, texts, negated, conjunction=negated)
        case Test(column, Op.ABSENT):
            empty = Q(**{f"{column}__isnull": True})
            empty = empty | Q(**{column: ""}) if column in texts else empty
            return ~empty if negated else empty
        case Test():
            return _leaf(_test(condition), condition.column, texts, negated)
        case Elapsed():
            return _leaf(_elapsed(condition), condition.begin, texts, negated)
        case Superseded(jeditaskid):
            return ~_superseded(jeditaskid) if negated else _superseded(jeditaskid)
        case Lookup(name):
            raise ValueError(f"lookup {name} has not been resolved")


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


def _leaf(found: Q, column: str, texts: frozenset[str], negated: bool) -> Q:
    return ~found | where(absent(column), texts) if negated else found


def _test(test: Test) -> Q:
    column, value = test.column, test.value
    match test.op:
        case Op.EQUAL if isinstance(value, str):
            return Q(SameText(column, value))
        case Op.EQUAL:
            return Q(**{column: value})
        case Op.ONE_OF:
            return _one_of(column, value if isinstance(value, tuple) else ())
        case Op.FOLDED:
            return Q(FoldedLike(column, (str(value),)))
        case Op.LIKE | Op.FOLDED_LIKE:
            return _like(test)
        case _:
            return Q(**{f"{column}__{'gte' if test.op is Op.AT_LEAST else 'lte'}": value})


def _like(test: Test) -> Q:
    pieces = tuple(str(piece) for piece in test.value) if isinstance(test.value, tuple) else ()
    if not any(pieces):
        return Q(**{f"{test.column}__isnull": False}) & ~Q(**{test.column: ""})
    return Q((LikeText if test.op is Op.LIKE else FoldedLike)(test.column, pieces))


def _one_of(column: str, values: tuple[Any, ...]) -> Q:
    """Numbers are bound in lists of a few fixed lengths, so that statements stay the same."""
    if values and isinstance(values[0], str):
        joined = Q()
        for value in values:
            joined |= Q(SameText(column, str(value)))
        return joined
    return Q(**{f"{column}__in": padded(values)}) if values else NEVER


def padded(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values, the last repeated up to the next of the usual lengths."""
    if not values:
        return values
    length = next((size for size in _PADDING if len(values) <= size), len(values))
    return values + values[-1:] * (length - len(values))


def _elapsed(condition: Elapsed) -> Q:
    if condition.at_least_minutes >= _LONGEST_MINUTES or condition.at_most_minutes < 0:
        return NEVER
    end = Coalesce(
        F(condition.end), Value(condition.until, output_field=PandaTime()), output_field=PandaTime()
    )
    found = Q(**{f"{condition.begin}__isnull": False})
    if condition.at_least_minutes > 0:
        found &= Q(_ends_after(end, condition.begin, condition.at_least_minutes))
    if condition.at_most_minutes < _LONGEST_MINUTES:
        found &= ~Q(_ends_after(end, condition.begin, condition.at_most_minutes + 1))
    return found


def _ends_after(end: Any, begin: str, minutes: int) -> Any:
    moved = ExpressionWrapper(F(begin) + timedelta(minutes=minutes), output_field=PandaTime())
    return ExpressionWrapper(GreaterThanOrEqual(end, moved), output_field=BooleanField())


def _superseded(jeditaskid: int) -> Q:
    """A row of the retry history says that the job, or its job set, was replaced by a newer attempt."""
    history = JediJobRetryHistory.objects.filter(jeditaskid=jeditaskid).exclude(newpandaid=F("oldpandaid"))
    of_job = history.filter(Q(relationtype__in=RETRIES) | Q(relationtype__isnull=True))
    of_jobset = history.filter(relationtype=JOBSET_RETRY)
    return Q(Exists(of_job.filter(oldpandaid=OuterRef("pandaid")))) | Q(
        Exists(of_jobset.filter(oldpandaid=OuterRef("jobsetid")))
    )


def order_by(column: Combinable | str, descending: bool, nullable: bool) -> Any:
    """One key of an order, absent values last where there may be any."""
    key = F(column) if isinstance(column, str) else column
    if not nullable:
        return key.desc() if descending else key.asc()  # type: ignore[attr-defined]
    return key.desc(nulls_last=True) if descending else key.asc(nulls_last=True)  # type: ignore[attr-defined]
