"""The order of jobs: what they are sorted by, in the database and in memory, and the place after a row."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import ExpressionWrapper, F, Func, Q, QuerySet, Value
from django.db.models import fields as types
from django.db.models.functions import NullIf

from bigpandamon_core.domain.conditions import absent
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection, Sort
from bigpandamon_core.panda.fields import PandaTime
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.jobs import TEXTS
from bigpandamon_core.queries.where import order_by, where

EXPRESSIONS = {
    "duration": ExpressionWrapper(F("endtime") - F("starttime"), output_field=types.DurationField()),
    "queuetime": ExpressionWrapper(F("starttime") - F("creationtime"), output_field=types.DurationField()),
}


def sorted_rows(rows: Iterable[dict[str, Any]], selection: Selection) -> list[dict[str, Any]]:
    """Rows in the order of the selection, absent values last, ties by falling pandaid."""
    ordered = sorted(rows, key=lambda row: -int(row["pandaid"]))
    sort = selection.sort[0]
    present = [row for row in ordered if sort_value(row, sort) not in (None, "")]
    absent = [row for row in ordered if sort_value(row, sort) in (None, "")]
    return sorted(present, key=lambda row: sort_value(row, sort), reverse=sort.descending) + absent


def sort_value(row: dict[str, Any], sort: Sort) -> Any:
    """What a row is ordered by."""
    ends = {"duration": ("starttime", "endtime"), "queuetime": ("creationtime", "starttime")}
    if sort.column not in ends:
        return row[sort.column]
    begin, end = (row[name] for name in ends[sort.column])
    return end - begin if begin and end else None


def sort_columns(selection: Selection) -> tuple[str, ...]:
    """The columns a page must read to be put in order."""
    return {"duration": ("starttime", "endtime"), "queuetime": ("creationtime", "starttime")}.get(
        selection.sort[0].column, (selection.sort[0].column,)
    )


class CodePoints(Func):
    """A text ordered by code points whatever the column's collation."""

    template = "%(expressions)s"
    output_field = types.CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s COLLATE "C")', **context)

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s COLLATE utf8mb4_bin)", **context)


def _sort_key(sort: Sort) -> Any:
    """The expression that is ordered by; empty text counts as absent."""
    if sort.column in EXPRESSIONS:
        return EXPRESSIONS[sort.column]
    if sort.column in TEXTS:
        return CodePoints(NullIf(F(sort.column), Value("", output_field=types.CharField())))
    return F(sort.column)


def ordered(rows: QuerySet[Job], selection: Selection, table: type[Job]) -> QuerySet[Job]:
    """The rows that follow the selection's cursor, in its order."""
    return _after(rows, selection, table).order_by(*_order(selection, table))


def _order(selection: Selection, table: type[Job]) -> list[Any]:
    sort = selection.sort[0]
    nullable = sort.column in EXPRESSIONS or sort.column in TEXTS
    nullable = nullable or table._meta.get_field(sort.column).null or selection.window is None
    return [order_by(_sort_key(sort), sort.descending, nullable), F("pandaid").desc()]


def _after(rows: QuerySet[Job], selection: Selection, table: type[Job]) -> QuerySet[Job]:
    """The rows that follow the cursor."""
    if selection.after is None or selection.sort[0].column in EXPRESSIONS:
        return rows
    value, pandaid = selection.after
    sort, nearer = selection.sort[0], Q(pandaid__lt=pandaid)
    unset = where(absent(sort.column), TEXTS)
    if value is None:
        return rows.filter(unset & nearer)
    name, way = sort.column, "lt" if sort.descending else "gt"
    if name in TEXTS:
        rows, name = rows.alias(_key=_sort_key(sort)), "_key"
    elif isinstance(table._meta.get_field(name), PandaTime):
        value = _moment(value)
    beyond = Q(**{f"{name}__{way}": value}) | (Q(**{name: value}) & nearer)
    return rows.filter((Q(**{f"{name}__{way}e": value}) & beyond) | unset)


def _moment(value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Problem(
            "The place to continue from cannot be read", parameter="after", code="illegal-value"
        ) from error
