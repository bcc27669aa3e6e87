"""Conditions that ignore case or have wildcards, made to use an index all the same.

Such a condition compares through a function, so no index on the column can serve. Where an index begins with
the column its distinct values are few and found by walking the index from value to value; those that may
satisfy the condition are then also asked for by name. The condition itself stays: the names only narrow.
"""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

from django.db import connections
from django.db.models import Model, Q

from bigpandamon_core.domain.conditions import All, AnyOf, Condition, Op, Test, conjuncts
from bigpandamon_core.domain.text import fold, matches
from bigpandamon_core.panda.indexes import indexes
from bigpandamon_core.panda.jobs import JobsActive4, JobsArchived4, JobsDefined4
from bigpandamon_core.queries.where import NEVER, listed
from bigpandamon_core.sources.reading import ALIAS, declare, written
from bigpandamon_core.sources.remembering import remembered

VALUES = declare("known_values.walk", "The distinct values at the beginning of an index.", cap=5_000)
COLLATION = declare("known_values.collation", "How a column's text is compared.", cap=1)
COLUMNS = ("computingsite", "produsername")
"""Columns that people filter by, with thousands of values at most."""
MOST_NAMES = 100
"""More names than this narrow too little."""
_POSITIVE = frozenset({Op.EQUAL, Op.ONE_OF, Op.FOLDED, Op.LIKE, Op.FOLDED_LIKE})
_FOLDED = frozenset({Op.FOLDED, Op.FOLDED_LIKE})


def known_values(condition: Condition, tables: Sequence[type[Model]]) -> list[Q]:
    """A necessary condition by name for rows of each table, always true where none helps."""
    narrowed = [Q() for _ in tables]
    for column in COLUMNS:
        asking = [part for part in conjuncts(condition) if _asks(part, column)]
        if any(_folds(part) for part in asking):
            for place, values in _met(tuple(tables), column).items():
                narrowed[place] &= _named(column, values, asking)
    return narrowed


def _named(column: str, values: Sequence[str], asking: Sequence[Condition]) -> Q:
    if len(values) >= VALUES.cap:
        return Q()
    fitting = tuple(value for value in values if all(_may_hold(part, value) for part in asking))
    if not fitting:
        return NEVER
    return listed(column, fitting) if len(fitting) <= MOST_NAMES else Q()


def _asks(condition: Condition, column: str) -> bool:
    """Whether it only compares this column, and says what the value is, not what it is not."""
    match condition:
        case Test(name, op):
            return name == column and op in _POSITIVE
        case All(parts) | AnyOf(parts):
            return bool(parts) and all(_asks(part, column) for part in parts)
    return False


def _folds(condition: Condition) -> bool:
    match condition:
        case Test(_, op):
            return op in _FOLDED
        case All(parts) | AnyOf(parts):
            return any(_folds(part) for part in parts)
    return False


def _may_hold(condition: Condition, value: str) -> bool:
    """Whether it holds for the value or one that differs in case or trailing blanks: a column may be compared
    without them, and then the walk meets only one of such values."""
    match condition:
        case Test(_, op, wanted):
            listed = wanted if isinstance(wanted, tuple) else (wanted,)
            patterns = [listed] if op in (Op.LIKE, Op.FOLDED_LIKE) else [(one,) for one in listed]
            return any(_may_match(tuple(map(str, pieces)), value) for pieces in patterns)
        case All(parts):
            return all(_may_hold(part, value) for part in parts)
        case AnyOf(parts):
            return any(_may_hold(part, value) for part in parts)
    return True


def _may_match(pieces: tuple[str, ...], value: str) -> bool:
    *others, last = (fold(piece) for piece in pieces)
    end = last.rstrip(" ")
    blanks = " " * sum(map(len, pieces)) if others and not end else ""
    return matches((*others, end), fold(value.rstrip(" ")) + blanks)


def _is_walked(table: type[Model], column: str) -> bool:
    """An index begins with the column, and equal values are equal texts."""
    name = table._meta.db_table.partition(".")[2]
    leads = any(index.table == name and index.columns[0] == column for index in indexes("oracle"))
    archive = table._meta.db_table.startswith("arch.")
    return leads and not archive and _compares_exactly(connections[ALIAS].vendor, table, column)


def _compares_exactly(vendor: str, table: type[Model], column: str) -> bool:
    return vendor != "mysql" or _collation(table, column).endswith("_bin")


@cache
def _collation(table: type[Model], column: str) -> str:
    name = connections[ALIAS].ops.quote_name(table._meta.db_table)
    rows = written(COLLATION, f"SHOW FULL COLUMNS FROM {name} LIKE %s", (_column(table, column),))
    return next((str(row[2]) for row in rows), "")


def met() -> set[str]:
    """Every value that is narrowed by, of all columns and tables."""
    tables = (JobsDefined4, JobsActive4, JobsArchived4)
    found = (_values(tables, column).values() for column in COLUMNS)
    return set(chain.from_iterable(chain.from_iterable(found)))


def forget() -> None:
    """Ask again how columns are compared; for those who change it."""
    _collation.cache_clear()


def _met(tables: tuple[type[Model], ...], column: str) -> dict[int, list[str]]:
    """The same for all that is read for an answer."""
    return remembered((_values, tables, column), lambda: _values(tables, column))


def _values(tables: Sequence[type[Model]], column: str) -> dict[int, list[str]]:
    """The distinct values, by the places of those tables that can be walked."""
    connection = connections[ALIAS]
    walked = [place for place, table in enumerate(tables) if _is_walked(table, column)]
    if not walked:
        return {}
    names = [(_column(tables[place], column), tables[place]._meta.db_table) for place in walked]
    quoted = [tuple(map(connection.ops.quote_name, each)) for each in names]
    found: list[list[str]] = [[] for _ in walked]
    for walk, value in written(VALUES, _walks(connection.vendor, quoted)):
        if value is not None:
            found[walk].append(str(value))
    return dict(zip(walked, found, strict=True))


def _walks(vendor: str, named: Sequence[tuple[str, ...]]) -> str:
    """Each step of a recursion is one look into the index. MySQL and MariaDB skip from value to value by
    themselves, but not inside a recursion. named: the column and its table, of each walk."""
    limit = f"FETCH FIRST {VALUES.cap} ROWS ONLY" if vendor == "oracle" else f"LIMIT {VALUES.cap}"
    source = (
        "SELECT DISTINCT {0} AS found FROM {1} WHERE {0} IS NOT NULL "
        if vendor == "mysql"
        else "SELECT found FROM walk{2} "
    )
    values = " UNION ALL ".join(
        f"SELECT {place}, found FROM ({source.format(*names, place)}{limit}) walked{place}"  # noqa: S608  # our own names
        for place, names in enumerate(named)
    )
    if vendor == "mysql":
        return values
    steps = ", ".join(_steps(f"walk{place}", *names) for place, names in enumerate(named))
    return f"WITH {'' if vendor == 'oracle' else 'RECURSIVE '}{steps} {values}"


def _steps(walk: str, column: str, table: str) -> str:
    return (
        f"{walk} (found) AS (SELECT MIN({column}) FROM {table} UNION ALL"  # noqa: S608  # our own names
        f" SELECT (SELECT MIN(x.{column}) FROM {table} x WHERE x.{column} > {walk}.found)"
        f" FROM {walk} WHERE {walk}.found IS NOT NULL)"
    )


def _column(table: type[Model], column: str) -> str:
    field: Any = table._meta.get_field(column)
    return str(field.column)
