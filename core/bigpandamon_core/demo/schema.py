"""Creates the PanDA tables in an empty database, and knows the databases in which it did.

A marker table, made first, holds each finished step, so that an interrupted run is continued by the next one
and nothing is ever written to a database of somebody else.
"""

from collections.abc import Sequence

from django.apps import apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from bigpandamon_core.config.databases import FAMILIES
from bigpandamon_core.demo import ddl
from bigpandamon_core.demo.connection import looking
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import iso, now
from bigpandamon_core.panda import added
from bigpandamon_core.panda.router import PANDA_LABEL

MARKER = "bigpandamon_demo"
VERSION = "version 1"


def tables() -> tuple[type[models.Model], ...]:
    """The models of all tables that we and active plugins know of PanDA, not of services beside it."""
    ours = (one for one in added.tables() if one not in _of_services())
    return (*apps.get_app_config(PANDA_LABEL).get_models(), *ours)


def _of_services() -> tuple[type[models.Model], ...]:
    """Those that plugins read of services beside PanDA."""
    return tuple(one for one in added.tables() if added.schema_of(one) not in FAMILIES)


def create(connection: BaseDatabaseWrapper, *, indexes: bool = True, services: bool = False) -> bool:
    """Create what is missing of the PanDA tables, and of their indexes if asked; True if nothing was there.
    services: those of services beside it that plugins read, too.

    Raises Problem where the database holds tables that were not made here.
    """
    fresh = not is_ours(connection)
    if fresh:
        _mark_as_ours(connection)
    if not _steps(connection):
        _once(connection, VERSION, [])
    require_ours(connection)
    for model in (*tables(), *(_of_services() if services else ())):
        _once(connection, f"table {model._meta.db_table}", [ddl.table(model, connection)])
    if indexes:
        build_indexes(connection)
    return fresh


def build_indexes(connection: BaseDatabaseWrapper) -> None:
    """Build the indexes that a bulk load went without. Those already built are left alone."""
    require_ours(connection)
    for model in tables():
        _once(connection, f"indexes {model._meta.db_table}", ddl.indexes(model, connection))


def is_ours(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database was made here, by any release."""
    with looking(connection) as seen:
        return MARKER in seen.introspection.table_names()


def require_ours(connection: BaseDatabaseWrapper) -> None:
    """Raises Problem unless the database was made here, by a release with the same tables."""
    if not is_ours(connection):
        raise _refusal(
            "This database was not made by `bigpandamon demo schema`; nothing is written to it.",
            "Point panda.url to an empty database and run `bigpandamon demo schema`.",
        )
    if VERSION not in _steps(connection):
        raise _refusal(
            "This database was made by another release, whose tables differ.",
            "Remove it and run `bigpandamon demo schema` in an empty one.",
        )


def _refusal(what: str, remedy: str) -> Problem:
    return Problem(what, where="panda.url", remedy=remedy, code="not-a-demo-database")


def _mark_as_ours(connection: BaseDatabaseWrapper) -> None:
    with looking(connection) as seen:
        found = ddl.tables_present(seen)
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise _refusal(
            f"This database is not empty: it holds the table {found[0]}{more}.",
            "`bigpandamon demo schema` wants a database of its own.",
        )
    with connection.cursor() as cursor:
        for statement in ddl.schemas(connection):
            cursor.execute(statement)
        cursor.execute(ddl.marker(MARKER, connection))


def _steps(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT step FROM {connection.ops.quote_name(MARKER)}")  # noqa: S608  # our own name
        return {step for (step,) in cursor.fetchall()}


def _once(connection: BaseDatabaseWrapper, step: str, statements: Sequence[str]) -> None:
    """Run a step that is not finished yet. MariaDB commits each statement; statements can be repeated."""
    if step in _steps(connection):
        return
    insert = f"INSERT INTO {connection.ops.quote_name(MARKER)} (step, made_at) VALUES (%s, %s)"  # noqa: S608
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(insert, [step, iso(now())])
