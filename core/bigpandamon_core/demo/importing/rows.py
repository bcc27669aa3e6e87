"""A row of a PanDA table on its way from a record file, and how two tellings of one row are joined."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models

from bigpandamon_core.demo.importing.conversion import Column, absent, converted
from bigpandamon_core.sources.records import Refused

NUMBERS = (models.IntegerField, models.DecimalField)
TEXTS = (models.CharField, models.TextField)
Table = type[models.Model]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """What a record tells about one row. values: by attribute name, present ones only.

    left_out: names in the record for which the table has no column.
    """

    table: Table
    values: Values
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What a second telling adds to a stored row; differs: it contradicts a stored value, which stays."""

    filled: Values
    differs: bool


@cache
def columns_of(table: Table) -> tuple[Column, ...]:
    """The columns of the table itself, without a key that is only composed of them."""
    return tuple(field for field in table._meta.concrete_fields if field.column)


@cache
def columns(table: Table) -> Mapping[str, Column]:
    """Columns by lower-case name: their own and, where it differs, that of the attribute."""
    fields = columns_of(table)
    return {str(field.column).lower(): field for field in fields} | {field.name: field for field in fields}


def table_name(table: Table) -> str:
    """Without the family of tables it belongs to."""
    return table._meta.db_table.rpartition(".")[2]


def read(table: Table, values: Mapping[str, object]) -> Row:
    """The row that a record tells. Refused names the first column that cannot hold its value."""
    known = columns(table)
    told: dict[str, object] = {}
    left_out = []
    for name, value in values.items():
        column = known.get(name.lower())
        if absent(value):
            continue
        if column is None:
            left_out.append(name)
        else:
            told[column.name] = converted(column, value)
    return Row(table, told, tuple(left_out))


def with_zeros(table: Table, values: Values) -> dict[str, Any]:
    """Numbers that may not be NULL are 0 where nothing was told, as PanDA's server writes them."""
    zeros = {field.name: 0 for field in columns_of(table) if _is_zeroed(field)}
    return {**zeros, **values}


def complete(table: Table, values: Values) -> dict[str, Any]:
    """Texts that may not be NULL are empty where nothing was told; Refused names columns of other types."""
    blanks: dict[str, str] = {}
    for field in columns_of(table):
        if field.null or field.name in values:
            continue
        if not isinstance(field, TEXTS):
            raise Refused(f"{field.column}: empty, but {table_name(table)} needs a value there")
        blanks[field.name] = ""
    return {**blanks, **values}


def _is_zeroed(field: Column) -> bool:
    return isinstance(field, NUMBERS) and not field.null and not field.primary_key


def changes(table: Table, stored: Values, told: Values) -> Changes:
    """Only what is absent is filled: NULL, empty text, and 0 where a number may not be NULL."""
    filled: dict[str, Any] = {}
    differs = False
    for name, value in told.items():
        old = stored[name]
        if old == value:
            continue
        column = columns(table)[name]
        joined = JOINED[name](old, value) if name in JOINED and old else value
        if _is_empty(column, old) or (name in JOINED and _fits(column, joined) and joined != old):
            filled[name] = joined
        else:
            differs = differs or joined != old
    return Changes(filled, differs)


def _is_empty(column: Column, value: object) -> bool:
    return absent(value) or (_is_zeroed(column) and Decimal(str(value)) == 0)


def _fits(column: Column, text: str) -> bool:
    return column.max_length is None or len(text) <= column.max_length


def joined_timing(old: str, new: str) -> str:
    """Five timings between bars: the parts that are empty in the old one are taken from the new one."""
    ours, theirs = old.split("|"), new.split("|")
    if len(ours) != len(theirs):
        return old
    return "|".join(one or other for one, other in zip(ours, theirs, strict=True))


def joined_metrics(old: str, new: str) -> str:
    """`key=value` pairs: those whose key the old text lacks are appended."""
    keys = {pair.partition("=")[0] for pair in old.split()}
    return " ".join([old, *(pair for pair in new.split() if pair.partition("=")[0] not in keys)])


JOINED: Mapping[str, Callable[[str, str], str]] = {
    "pilottiming": joined_timing,
    "jobmetrics": joined_metrics,
}
"""Columns that hold several values; a second telling may add some of them."""
