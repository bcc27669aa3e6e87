"""Every published column against its model, for all four databases, and against the tables that we make."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connections
from django.db.backends.mysql import base

from bigpandamon_core.demo import connection as demo
from bigpandamon_core.panda.backends.mysql.base import DatabaseWrapper as Mysql
from bigpandamon_core.panda.backends.postgresql.base import DatabaseWrapper as Postgresql
from bigpandamon_core.panda.backends.sqlite3.base import DatabaseWrapper as Sqlite
from tests.panda.schema import Column, Type, columns, parse

TABLES = {
    model._meta.db_table.rpartition(".")[2]: model for model in apps.get_app_config("panda").get_models()
}
COLUMNS = list(columns())
NULLABLE_BY_US = {
    ("jobsarchived", "jobstatus"): "imported records may lack it",
    ("jobsarchived", "creationtime"): "imported records may lack it",
    ("jobsarchived", "modificationtime"): "imported records may lack it",
}
BLANK_AT_ORACLE = {
    ("jedi_job_retry_history", "ins_utc_tstamp"),
    ("harvester_dialogs", "creationtime"),
    ("task_attempts", "starttime"),
}
"""NOT NULL on PostgreSQL, nullable on Oracle."""
DIGITS = {"smallint": 4, "int": 9, "integer": 9, "bigint": 18}


def name(column: Column) -> str:
    return f"{column.table}.{column.name}"


def field_of(column: Column):
    fields = TABLES[column.table]._meta.concrete_fields
    return next((field for field in fields if field.column == column.name), None)


@pytest.fixture
def databases(oracle_compiler_without_server):
    """A connection of each kind; only the one that --panda chose is real, the others name types."""
    settings = connections["panda"].settings_dict
    kinds = {"sqlite": Sqlite, "mysql": Mysql, "postgresql": Postgresql}
    made = {vendor: kind(settings, alias="types") for vendor, kind in kinds.items()}
    made["mysql"].__dict__["data_types"] = vars(base.DatabaseWrapper)[
        "_data_types"
    ]  # else it asks the server whether it knows UUIDs
    return made | {"oracle": oracle_compiler_without_server.connection}


def test_every_table_and_column_has_a_model_and_no_model_has_more():
    published = {(column.table, column.name) for column in COLUMNS}
    declared = {
        (table, field.column) for table, model in TABLES.items() for field in model._meta.concrete_fields
    }
    assert declared == published


def test_no_secret_is_declared():
    assert not {"secrets", "proxykey"} & set(TABLES)
    of_users = {column.column for column in TABLES["users"]._meta.concrete_fields}
    assert not {"dn", "email", "url", "pagecache", "scriptcache"} & of_users
    assert not {field.column for model in TABLES.values() for field in model._meta.concrete_fields} & {
        "credential",
        "proxy",
        "secret",
        "token",
    }


@pytest.mark.parametrize("table", TABLES)
def test_null_is_allowed_where_some_database_allows_it(table):
    assert wrong(table, lambda column: field_of(column).null == may_be_null(column)) == []


def may_be_null(column: Column) -> bool:
    if column.primary_key == "postgres":
        return False  # part of the key there
    return column.nullable != "N" or (column.table, column.name) in NULLABLE_BY_US


def test_the_databases_differ_in_a_few_columns_only():
    assert {(column.table, column.name) for column in COLUMNS if "(" in column.nullable} == BLANK_AT_ORACLE


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("backend", ["oracle", "postgresql", "mysql"])
def test_a_model_field_holds_whatever_the_column_holds(table, backend, databases):
    assert wrong(table, lambda column: holds(column, backend, databases)) == []


def holds(column: Column, backend: str, databases) -> bool:
    field = field_of(column)
    declared, published = parse(field.db_type(databases[backend])), parse(column.types[backend])
    if declared.family != published.family:
        return False
    if published.family == "decimal":
        return declared == published
    if published.family == "integer":
        postgresql = field.db_type(databases["postgresql"])
        return bool(DIGITS[postgresql] >= DIGITS[column.types["postgresql"]])
    return declared.size >= published.size


@pytest.mark.parametrize("table", TABLES)
def test_sqlite_has_the_families_of_postgresql(table, databases):
    assert wrong(table, lambda column: sqlite_family(column, databases) == postgresql_family(column)) == []


def sqlite_family(column: Column, databases) -> str:
    return parse(field_of(column).db_type(databases["sqlite"])).family


def postgresql_family(column: Column) -> str:
    family = parse(column.types["postgresql"]).family
    return "long text" if family == "json" else family


def wrong(table: str, right: Callable[[Column], bool]) -> list[str]:
    return [name(column) for column in COLUMNS if column.table == table and not right(column)]


@pytest.fixture
def made(panda_tables):
    """Columns of the tables that were made: table -> column -> (type as the database writes it, nullable)."""
    connection = demo.writing()
    with connection.cursor() as cursor:
        return {table: READERS[connection.vendor](cursor, table) for table in TABLES}


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_made_have_every_column_with_its_type_and_nullability(table, made):
    assert wrong(table, lambda column: as_declared(column, made)) == []


def as_declared(column: Column, made) -> bool:
    written, nullable = made[column.table][column.name]
    field = field_of(column)
    expected: Type = parse(field.db_type(connections["demo"]))
    return parse(written) == expected and nullable == field.null


def sqlite_columns(cursor, table):
    cursor.execute(f"PRAGMA table_info({table})")
    return {row[1]: (row[2], not row[3]) for row in cursor.fetchall()}


def mysql_columns(cursor, table):
    cursor.execute(
        "SELECT column_name, column_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND table_name = %s",
        [table],
    )
    return {row[0]: (without_display_width(row[1]), row[2] == "YES") for row in cursor.fetchall()}


def without_display_width(written: str) -> str:
    """bigint(20) is bigint."""
    return written.partition("(")[0] if "int" in written else written


def postgresql_columns(cursor, table):
    cursor.execute(
        "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0",
        [table],
    )
    return {row[0]: (row[1].replace("character(", "char("), not row[2]) for row in cursor.fetchall()}


READERS = {"sqlite": sqlite_columns, "mysql": mysql_columns, "postgresql": postgresql_columns}
