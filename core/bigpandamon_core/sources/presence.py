"""Which tables of the PanDA database can be read.

A table that was found once is taken to be there; one that was not is looked for again after some seconds.
"""

from collections.abc import Iterable
from time import monotonic
from typing import Any, TypeVar

from django.db import connections, models

from bigpandamon_core.sources.reading import ALIAS, PRESENCE, if_present, written

AGAIN_SECONDS = 10.0
_found: dict[type[models.Model], tuple[bool, float]] = {}
Table = TypeVar("Table", bound=type[models.Model])


def forget() -> None:
    """Look for every table anew."""
    _found.clear()


def is_present(table: type[models.Model]) -> bool:
    """Whether it can be read.

    Raises:
        Problem: the database does not answer.
    """
    known, at = _found.get(table, (False, -AGAIN_SECONDS))
    if not known and monotonic() - at >= AGAIN_SECONDS:
        known = if_present(lambda: _asked(table), lambda: False)
        _found[table] = known, monotonic()
    return known


def present(tables: Iterable[Table]) -> tuple[Table, ...]:
    """Those that can be read, in their order."""
    return tuple(table for table in tables if is_present(table))


def _asked(table: Any) -> bool:
    name = connections[ALIAS].ops.quote_name(table._meta.db_table)
    return not written(PRESENCE, f"SELECT 1 FROM {name} WHERE 1 = 0")  # noqa: S608  # our own names
