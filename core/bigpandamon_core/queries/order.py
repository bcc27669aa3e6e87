"""The order of rows: what they are sorted by, in the database and in memory, and the place after a row.

Absent values come last in both directions, ties go by falling keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import (
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Value,
)
from django.db.models import fields as types
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThan, LessThan

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import absent
from bigpandamon_core.domain.cursors import Tie, unreadable
from bigpandamon_core.domain.nouns import Sort
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.fields import PandaTime
from bigpandamon_core.queries.matching import Absent
from bigpandamon_core.queries.where import order_by, text_columns, where

Spans = Mapping[str, tuple[str, ...]]
"""Orders by the time from one column to the first of others that is known."""
NEVER = datetime(2500, 1, 1)
"""When what has not ended ends, for its order: what began first takes longest, whenever one asks."""
_LONGEST_SPAN = timedelta(days=366 * 1000) // timedelta(microseconds=1)


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


@dataclass(frozen=True)
class Order:
    """How rows of one table are put in order. keys: columns that no two rows have in common."""

    table: type[Model]
    keys: tuple[str, ...]
    spans: Spans = field(default_factory=dict)

    @cached_property
    def texts(self) -> frozenset[str]:
        return text_columns(self.table)

    def tie(self, row: Mapping[str, Any]) -> Tie:
        """The key of a row, as cursors carry it."""
        return row[self.keys[0]] if len(self.keys) == 1 else tuple(row[key] for key in self.keys)

    def value(self, row: Mapping[str, Any], sort: Sort) -> Any:
        """What a row is ordered by."""
        if sort.column not in self.spans:
            return row[sort.column]
        begin, *ends = (row[name] for name in self.spans[sort.column])
        return next(filter(None, ends), NEVER) - begin if begin else None

    def in_memory(self, row: Mapping[str, Any], sort: Sort) -> tuple[bool, Any, int]:
        """What rows with a number as first key are compared by where pages are merged, reversed if the order
        falls."""
        return place_in_memory(self.value(row, sort), row[self.keys[0]], sort.descending)

    def columns(self, sort: Sort) -> tuple[str, ...]:
        """What must be read of rows to be put in order."""
        return self.spans.get(sort.column, (sort.column,))

    def ordered(self, rows: QuerySet[Any], selection: Selection) -> QuerySet[Any]:
        """The rows that follow the selection's cursor, in its order."""
        return self.after(rows, selection).order_by(*self._order(selection.sort[0]))

    def _order(self, sort: Sort) -> list[Any]:
        ties = [self._plain(key).desc() for key in self.keys if key != sort.column]
        if sort.column in self.texts:
            first = Absent(sort.column).asc()
            return [first, order_by(self._sorted_by(sort), sort.descending, nullable=False), *ties]
        return [order_by(self._sorted_by(sort), sort.descending, self._may_be_absent(sort)), *ties]

    def _plain(self, column: str) -> Any:
        return CodePoints(F(column)) if column in self.texts else F(column)

    def _sorted_by(self, sort: Sort) -> Any:
        if sort.column in self.spans:
            begin, end = self._span(sort)
            return ExpressionWrapper(end - begin, output_field=types.DurationField())
        if sort.column in self.texts:
            empty = Value("", output_field=types.CharField())
            return CodePoints(Coalesce(F(sort.column), empty, output_field=types.CharField()))
        return F(sort.column)

    def _span(self, sort: Sort) -> tuple[Any, Any]:
        begin, *ends = self.spans[sort.column]
        never = Value(NEVER, output_field=PandaTime())
        return F(begin), Coalesce(*map(F, ends), never, output_field=PandaTime())

    def _may_be_absent(self, sort: Sort) -> bool:
        if sort.column in self.spans or sort.column in self.texts:
            return True
        return bool(self.table._meta.get_field(sort.column).null)

    def after(self, rows: QuerySet[Any], selection: Selection) -> QuerySet[Any]:
        """The rows that follow the selection's cursor.

        Raises:
            Problem: the cursor was given for another order.
        """
        if selection.after is None:
            return rows
        value, tie = selection.after
        sort, nearer = selection.sort[0], self._nearer(tie)
        missing = where(absent(self.columns(sort)[0]), self.texts)
        if value is None:
            return rows.filter(missing & nearer)
        beyond, same = self._compared(sort, self._read(value, sort))
        following = beyond | (same & nearer)
        if sort.column not in (*self.spans, *self.texts):
            following &= beyond | same
        return rows.filter(following | missing) if self._may_be_absent(sort) else rows.filter(following)

    def _nearer(self, tie: Tie) -> Q:
        """Rows whose key comes after this one."""
        values = tie if isinstance(tie, tuple) else (tie,)
        if len(values) != len(self.keys):
            raise unreadable()
        nearer = Q()
        for key, value in reversed([*zip(self.keys, values, strict=True)]):
            less, equal = self._key_compared(key, value)
            nearer = less | (equal & nearer) if nearer else less
        return nearer

    def _key_compared(self, key: str, value: int | str) -> tuple[Q, Q]:
        if isinstance(value, str) is not (key in self.texts):
            raise unreadable()
        if key in self.texts:
            return _both(self._plain(key), value, descending=True)
        return Q(**{f"{key}__lt": value}), Q(**{key: value})

    def _compared(self, sort: Sort, value: Any) -> tuple[Q, Q]:
        """Rows whose value lies beyond this one in the order, and rows with the same value."""
        if sort.column in self.spans:
            begin, end = self._span(sort)
            return _both(end, ExpressionWrapper(begin + value, output_field=PandaTime()), sort.descending)
        if sort.column in self.texts:
            return _both(self._sorted_by(sort), value, sort.descending)
        way = "lt" if sort.descending else "gt"
        return Q(**{f"{sort.column}__{way}": value}), Q(**{sort.column: value})

    def _read(self, value: str | int, sort: Sort) -> Any:
        """A cursor's value as the order's column has it."""
        try:
            return self._converted(value, sort)
        except (ValueError, Problem) as error:
            raise unreadable() from error

    def _converted(self, value: str | int, sort: Sort) -> Any:
        if sort.column in self.spans:
            microseconds = max(min(rules.integer(str(value)), _LONGEST_SPAN), -_LONGEST_SPAN)
            return timedelta(microseconds=microseconds)
        column = self.table._meta.get_field(sort.column)
        if isinstance(column, PandaTime):
            return datetime.fromisoformat(str(value)).replace(tzinfo=None)
        if isinstance(column, DecimalField):
            return rules.decimal(str(value))
        return rules.integer(str(value)) if isinstance(column, IntegerField) else str(value)


def place_in_memory(value: Any, key: int, descending: bool) -> tuple[bool, Any, int]:
    """The same of a value and a key."""
    missing = not value and (value is None or value == "")
    return missing is not descending, 0 if missing else value, key if descending else -key


def _both(key: Any, value: Any, descending: bool) -> tuple[Q, Q]:
    return Q((LessThan if descending else GreaterThan)(key, value)), Q(Exact(key, value))
