"""Oracle without a server: statements are compiled for version 19 as they would be sent, and nothing is sent.

No Oracle can be had for tests. What the driver would be given is exact; whether Oracle likes it is checked by
parsing (see checks.py) and cannot be run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models import QuerySet

from bigpandamon_core.panda.backends.oracle.base import DatabaseWrapper

VERSION = (19, 0)
SCHEMAS = {"panda": "OWNER_PANDA", "arch": "OWNER_ARCH", "meta": "OWNER_META", "deft": "OWNER_DEFT"}


@dataclass(frozen=True)
class Statement:
    """Text with named binds (`:arg0`), and their values."""

    text: str
    binds: dict[str, Any]


@dataclass
class NoCursor:
    """Stands where the driver's cursor would: notes the statement and has no rows."""

    statements: list[Statement]
    description: tuple[Any, ...] = ()
    rowcount: int = 0
    arraysize: int = 100
    input_sizes: dict[str, Any] = field(default_factory=dict)
    outputtypehandler: Any = None

    def setinputsizes(self, **sizes: Any) -> None:
        self.input_sizes = sizes

    def execute(self, text: str, binds: dict[str, Any] | None = None) -> None:
        self.statements.append(Statement(text, dict(binds or {})))

    def fetchone(self) -> None:
        return None

    def fetchmany(self, size: int = 0) -> list[Any]:
        return []

    def fetchall(self) -> list[Any]:
        return []

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def close(self) -> None:
        pass


@dataclass
class NoConnection:
    """Stands where the driver's connection would."""

    statements: list[Statement] = field(default_factory=list)
    autocommit: bool = True
    call_timeout: int = 0

    def cursor(self) -> NoCursor:
        return NoCursor(self.statements)

    def commit(self) -> None:
        pass

    def rollback(self) -> None:
        pass

    def close(self) -> None:
        pass


class OracleCompiler:
    """Compiles one query set, or notes everything that some code would ask an alias."""

    def __init__(self) -> None:
        self.connection = _wrapper("oracle_without_server")

    def statement(self, rows: QuerySet[Any, Any]) -> Statement:
        """The statement of a query set. Raises EmptyResultSet where Django would not ask at all."""
        text, params = rows.query.get_compiler(using=None, connection=self.connection).as_sql()
        return self._sent(text, params)

    def sql(self, text: str, params: tuple[Any, ...] = ()) -> Statement:
        """A hand-written statement with `%s` placeholders, as Django would send it."""
        return self._sent(text, params)

    def _sent(self, text: str, params: Any) -> Statement:
        with _noted(self.connection) as statements, self.connection.cursor() as cursor:
            cursor.execute(text, params)
        return statements[0]

    @contextmanager
    def in_place_of(self, alias: str = "panda") -> Iterator[list[Statement]]:
        """Inside, the alias is an Oracle that notes all statements and answers each with no rows."""
        real = connections[alias]
        stand_in = _wrapper(alias)
        connections[alias] = stand_in
        try:
            with _noted(stand_in) as statements:
                connection_created.send(sender=type(stand_in), connection=stand_in)
                yield statements
        finally:
            connections[alias] = real


def _wrapper(alias: str) -> DatabaseWrapper:
    """A connection pinned to a version, so that it has nothing to ask a server."""
    settings = connections["panda"].settings_dict | {
        "ENGINE": "bigpandamon_core.panda.backends.oracle",
        "NAME": "nowhere",
        "OPTIONS": {},
        "SCHEMAS": SCHEMAS,
    }
    wrapper = DatabaseWrapper(settings, alias=alias)
    wrapper.__dict__["oracle_version"] = VERSION
    wrapper.operators = wrapper._standard_operators
    wrapper.pattern_ops = wrapper._standard_pattern_ops
    wrapper.__dict__["connect"] = _refuse
    return wrapper


def _refuse() -> None:
    raise AssertionError("there is no Oracle to connect to")


@contextmanager
def _noted(wrapper: DatabaseWrapper) -> Iterator[list[Statement]]:
    stand_in = NoConnection()
    wrapper.connection = stand_in
    wrapper.autocommit = True
    try:
        yield stand_in.statements
    finally:
        wrapper.connection = None
