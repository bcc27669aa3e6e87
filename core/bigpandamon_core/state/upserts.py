"""Rows written where they may be there already, by one statement that each of our databases has a form of.

Django's own can only put new values in place of old ones, and makes an object of each row.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connections, models

from bigpandamon_core.state.leases import ALIAS

Clash = Callable[[str, str, str], str]
"""What becomes of a column: from table, column and the new value, all as SQL."""


def put(model: type[models.Model], key: Sequence[str], columns: Sequence[str], rows: Iterable[Any]) -> None:
    """Rows of key and columns; new values in place of old ones."""
    _write(model, key, columns, rows, lambda _table, _column, new: new)


def add(model: type[models.Model], key: Sequence[str], columns: Sequence[str], rows: Iterable[Any]) -> None:
    """Rows of key and numbers, added to what is there; of columns named `most` the greater stays."""
    greatest = "max" if connections[ALIAS].vendor == "sqlite" else "greatest"

    def added(table: str, column: str, new: str) -> str:
        old = f"{table}.{column}"
        return f"{greatest}({old}, {new})" if "most" in column else f"{old} + {new}"

    _write(model, key, columns, rows, added)


def _write(
    model: type[models.Model], key: Sequence[str], columns: Sequence[str], rows: Iterable[Any], clash: Clash
) -> None:
    found = list(rows)
    if found:
        with connections[ALIAS].cursor() as cursor:
            cursor.executemany(_statement(model, key, columns, clash), found)


def _statement(model: type[models.Model], key: Sequence[str], columns: Sequence[str], clash: Clash) -> str:
    quote, mysql = connections[ALIAS].ops.quote_name, connections[ALIAS].vendor == "mysql"
    table, names = quote(model._meta.db_table), [quote(name) for name in (*key, *columns)]
    binds = ", ".join(["%s"] * len(names))
    there = f"ON CONFLICT ({', '.join(names[: len(key)])}) DO UPDATE SET"
    new = "VALUES({})" if mysql else "excluded.{}"
    changes = (f"{name} = {clash(table, name, new.format(name))}" for name in names[len(key) :])
    return (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({binds}) "  # noqa: S608  # names of our own models
        f"{'ON DUPLICATE KEY UPDATE' if mysql else there} {', '.join(changes)}"
    )
