"""Statements that make PanDA tables on SQLite, MariaDB and PostgreSQL.

Django's schema editor is not used: it wants a key on every table and cannot leave indexes for later.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from bigpandamon_core.panda.indexes import Index
from bigpandamon_core.panda.indexes import indexes as published

LIKE = "postgres"
"""The published schema whose keys and indexes a demonstration has, on every backend."""

LONGEST_INDEXED = 512
INDEXED_PREFIX = 191
TABLE_OPTIONS = {"mysql": " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"}
PRESENT = {
    "mysql": "SELECT table_name FROM information_schema.tables"
    " WHERE table_schema = DATABASE() OR table_schema IN %s",
    "postgresql": "SELECT tablename FROM pg_catalog.pg_tables"
    " WHERE schemaname = ANY (current_schemas(false)) OR schemaname = ANY (%s)",
}


def tables_present(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of all tables where PanDA's would be made."""
    if connection.vendor not in PRESENT:
        return sorted(connection.introspection.table_names())
    schemas = _schemas(connection) or [""]
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor], [schemas])
        return sorted(name for (name,) in cursor.fetchall())


def schemas(connection: BaseDatabaseWrapper) -> list[str]:
    return [f"CREATE SCHEMA IF NOT EXISTS {connection.ops.quote_name(name)}" for name in _schemas(connection)]


def _schemas(connection: BaseDatabaseWrapper) -> list[str]:
    return sorted({name for name in connection.settings_dict.get("SCHEMAS", {}).values() if name})


def marker(name: str, connection: BaseDatabaseWrapper) -> str:
    options = TABLE_OPTIONS.get(connection.vendor, "")
    columns = "step varchar(190) NOT NULL PRIMARY KEY, made_at varchar(32) NOT NULL"
    return f"CREATE TABLE {connection.ops.quote_name(name)} ({columns}){options}"


def table(model: type[models.Model], connection: BaseDatabaseWrapper) -> str:
    quote = connection.ops.quote_name
    lines = [_column(field, connection) for field in model._meta.concrete_fields]
    lines += [f"PRIMARY KEY ({_list(key.columns, connection)})" for key in _of(model) if key.is_primary]
    options = TABLE_OPTIONS.get(connection.vendor, "")
    return f"CREATE TABLE IF NOT EXISTS {quote(model._meta.db_table)} ({', '.join(lines)}){options}"


def _column(field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper) -> str:
    null = "NULL" if field.null else "NOT NULL"
    return f"{connection.ops.quote_name(str(field.column))} {field.db_type(connection)} {null}"


def _of(model: type[models.Model]) -> Iterator[Index]:
    name = model._meta.db_table.rpartition(".")[2]
    return (index for index in published(LIKE) if index.table == name)


def _list(columns: tuple[str, ...], connection: BaseDatabaseWrapper) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))


def indexes(model: type[models.Model], connection: BaseDatabaseWrapper) -> list[str]:
    """One statement each; on MariaDB one for all, which reads the table once. Can be repeated."""
    quote = connection.ops.quote_name
    wanted = [index for index in _of(model) if not index.is_primary and _possible(index, connection)]
    made = [_index(number, index, model, connection) for number, index in enumerate(wanted, 1)]
    place = quote(model._meta.db_table)
    if connection.vendor == "mysql":
        added = ", ".join(
            f"ADD {unique}INDEX IF NOT EXISTS {name} ({columns})" for unique, name, columns in made
        )
        return [f"ALTER TABLE {place} {added}"] if added else []
    return [
        f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {place} ({columns})" for unique, name, columns in made
    ]


def _possible(index: Index, connection: BaseDatabaseWrapper) -> bool:
    """All but expressions other than `upper(column)`; MariaDB indexes no expression at all."""
    expressions = [column for column in index.columns if "(" in column]
    upper_only = all(column.startswith("upper(") for column in expressions)
    return upper_only and not (expressions and connection.vendor == "mysql")


def _index(
    number: int, index: Index, model: type[models.Model], connection: BaseDatabaseWrapper
) -> tuple[str, str, str]:
    columns = ", ".join(_indexed(column, model, connection) for column in index.columns)
    name = connection.ops.quote_name(f"{index.table}_ix{number:02}")
    return "UNIQUE " if index.unique else "", name, columns


def _indexed(column: str, model: type[models.Model], connection: BaseDatabaseWrapper) -> str:
    quote = connection.ops.quote_name
    if column.startswith("upper("):
        return f"upper({quote(column[6:-1])})"
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    cut = connection.vendor == "mysql" and (field.max_length or 0) > LONGEST_INDEXED
    return f"{quote(column)}({INDEXED_PREFIX})" if cut else str(quote(column))
