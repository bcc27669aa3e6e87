"""The order of jobs: what they are sorted by, in the database and in memory, and the place after a row.

Absent values come last in both directions, ties go by falling pandaid.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models import fields as types
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThan, LessThan

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import absent
from bigpandamon_core.domain.cursors import unreadable
from bigpandamon_core.domain.nouns import Sort
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.fields import PandaTime
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.jobs import TEXTS
from bigpandamon_core.queries.matching import Absent
from bigpandamon_core.queries.where import order_by, where

SPANS: Mapping[str, tuple[str, str]] = {
    "duration": ("starttime", "endtime"),
    "queuetime": ("creationtime", "starttime"),
}
"""Orders by the time from one column to another."""
_LONGEST_SPAN = timedelta(days=366 * 1000) // timedelta(microseconds=1)


def sort_value(row: Mapping[str, Any], sort: Sort) -> Any:
    """What a row is ordered by."""
    if sort.column not in SPANS:
        return row[sort.column]
    begin, end = (row[name] for name in SPANS[sort.column])
    return end - begin if begin and end else None


def sort_columns(selection: Selection) -> tuple[str, ...]:
    """The columns a page must read to be put in order."""
    return SPANS.get(selection.sort[0].column, (selection.sort[0].column,))


class CodePoints(Func):
    """A text ordered by code points whatever the column's collation: on MySQL by its bytes, as every binary
    collation there ignores trailing blanks."""

    template = "%(expressions)s"
    output_field = types.CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s COLLATE "C")', **context)

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(CONVERT(%(expressions)s USING utf8mb4) AS BINARY)"
        return self.as_sql(compiler, connection, template=template, **context)


def ordered(rows: QuerySet[Job], selection: Selection, table: type[Job]) -> QuerySet[Job]:
    """The rows that follow the selection's cursor, in its order."""
    return after(rows, selection, table).order_by(*_order(selection.sort[0], table))


def _order(sort: Sort, table: type[Job]) -> list[Any]:
    tie = F("pandaid").desc()
    if sort.column in TEXTS:
        return [Absent(sort.column).asc(), order_by(_key(sort), sort.descending, nullable=False), tie]
    return [order_by(_key(sort), sort.descending, _may_be_absent(sort, table)), tie]


def _key(sort: Sort) -> Any:
    if sort.column in SPANS:
        begin, end = SPANS[sort.column]
        return ExpressionWrapper(F(end) - F(begin), output_field=types.DurationField())
    if sort.column in TEXTS:
        empty = Value("", output_field=types.CharField())
        return CodePoints(Coalesce(F(sort.column), empty, output_field=types.CharField()))
    return F(sort.column)


def _may_be_absent(sort: Sort, table: type[Job]) -> bool:
    return sort.column in SPANS or sort.column in TEXTS or bool(table._meta.get_field(sort.column).null)


def after(rows: QuerySet[Job], selection: Selection, table: type[Job]) -> QuerySet[Job]:
    """The rows that follow the selection's cursor.

    Raises:
        Problem: the cursor was given for another order.
    """
    if selection.after is None:
        return rows
    value, pandaid = selection.after
    sort, nearer = selection.sort[0], Q(pandaid__lt=pandaid)
    missing = Q()
    for column in sort_columns(selection):
        missing |= where(absent(column), TEXTS)
    if value is None:
        return rows.filter(missing & nearer)
    beyond, same = _compared(sort, _read(value, sort, table))
    following = beyond | (same & nearer)
    if sort.column not in (*SPANS, *TEXTS):
        following &= beyond | same
    return rows.filter(following | missing) if _may_be_absent(sort, table) else rows.filter(following)


def _compared(sort: Sort, value: Any) -> tuple[Q, Q]:
    """Rows whose value lies beyond this one in the order, and rows with the same value."""
    if sort.column in SPANS:
        begin, end = SPANS[sort.column]
        shifted = ExpressionWrapper(F(begin) + value, output_field=PandaTime())
        return _both(F(end), shifted, sort)
    if sort.column in TEXTS:
        return _both(_key(sort), value, sort)
    way = "lt" if sort.descending else "gt"
    return Q(**{f"{sort.column}__{way}": value}), Q(**{sort.column: value})


def _both(key: Any, value: Any, sort: Sort) -> tuple[Q, Q]:
    return Q((LessThan if sort.descending else GreaterThan)(key, value)), Q(Exact(key, value))


def _read(value: str | int, sort: Sort, table: type[Job]) -> Any:
    """A cursor's value as the order's column has it."""
    try:
        return _converted(value, sort, table)
    except (ValueError, Problem) as error:
        raise unreadable() from error


def _converted(value: str | int, sort: Sort, table: type[Job]) -> Any:
    if sort.column in SPANS:
        return timedelta(microseconds=max(min(rules.integer(str(value)), _LONGEST_SPAN), -_LONGEST_SPAN))
    column = table._meta.get_field(sort.column)
    if isinstance(column, PandaTime):
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    if isinstance(column, DecimalField):
        return rules.decimal(str(value))
    return rules.integer(str(value)) if isinstance(column, IntegerField) else str(value)
