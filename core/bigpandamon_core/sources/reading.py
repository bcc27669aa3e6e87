"""Named reads of the PanDA database.

Every statement belongs to a declared query: its name travels as a comment, so that a database administrator
finds the file, and it has a time limit that the database enforces. Statements without a name are refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic, perf_counter
from typing import Any, TypeVar
from weakref import WeakSet

from django.conf import settings
from django.db import Error, connections, transaction
from django.db.backends.signals import connection_created
from django.db.models import QuerySet
from django.db.models.sql.compiler import cursor_iter
from django.db.models.sql.constants import CURSOR, MULTI

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sources.failures import NO_TABLE, failure

ALIAS, CHUNK = "panda", 2000
Found = TypeVar("Found")
_HOLDING = ("mysql", "postgresql")
"""Databases whose drivers hold the rows of an answer as they came, and make values of what is taken."""
_ORACLE_SNAPSHOT = "SET TRANSACTION READ ONLY"
_TRANSACTIONS = ("BEGIN", "SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")
_SESSION = (*_TRANSACTIONS, _ORACLE_SNAPSHOT, "SET SESSION TRANSACTION ", "SET SQL_AUTO_IS_NULL")
"""What transactions and (re)connecting need; they read nothing."""
_OWN_LIMITS: WeakSet[Any] = WeakSet()
"""Connections on which a query with a time limit of its own was asked."""
_REGISTRY: dict[str, "Query"] = {}


@dataclass(frozen=True)
class Query:
    """A read that is declared.

    name: `noun.verb`. purpose: one sentence. binds: what is bound, in words. cap: most rows it hands out
    (0: bounded by its nature). cap_option: the option that says so instead. seconds: its own time limit (0:
    the instance's). hints: for the optimiser of a database, by vendor: "oracle", "mysql". streams: its rows
    may be too many to be held: the driver then waits for the interpreter at each, long beside busy threads.
    example: a plugin's call of it, for lists of statements.
    """

    name: str
    purpose: str
    binds: tuple[str, ...] = ()
    cap: int = 0
    cap_option: str = ""
    seconds: float = 0
    hints: Mapping[str, str] = field(default_factory=dict)
    streams: bool = False
    example: Callable[[], object] | None = None


class UnnamedStatement(RuntimeError):
    """A statement reached the PanDA database that belongs to no declared query."""


@dataclass
class Statements:
    """What was executed for one answer: (query name, seconds) each. fetching_seconds: until all rows came."""

    executed: list[tuple[str, float]] = field(default_factory=list)
    fetching_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """How long the database was at work."""
        return self.fetching_seconds + sum(seconds for _, seconds in self.executed)


_current: ContextVar[Query | None] = ContextVar("current_query", default=None)
_statements: ContextVar[Statements | None] = ContextVar("statements", default=None)


def declare(name: str, purpose: str, **details: Any) -> Query:
    """Add a query to the registry.

    Raises:
        ValueError: the name is taken.
    """
    if name in _REGISTRY:
        raise ValueError(f"query {name} is declared twice")
    _REGISTRY[name] = Query(name, purpose, **details)
    return _REGISTRY[name]


def registry() -> dict[str, Query]:
    """Every declared query by its name, as far as the modules that declare them are imported."""
    return dict(sorted(_REGISTRY.items()))


PRESENCE = declare("families.presence", "Whether a table is there and may be read; no row is.")
declare("health.ping", "Whether the database answers.")


@contextmanager
def recorded() -> Iterator[Statements]:
    """Collect the statements executed inside."""
    statements = Statements()
    token = _statements.set(statements)
    try:
        yield statements
    finally:
        _statements.reset(token)


def noted(more: Statements) -> None:
    """Add what another thread executed for this answer."""
    if (known := _statements.get()) is not None:
        known.executed += more.executed
        known.fetching_seconds += more.fetching_seconds


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads inside see the database at one moment, so a job that moves is seen once."""
    connection = connections[ALIAS]
    begins = not connection.in_atomic_block
    with _translated(), transaction.atomic(using=ALIAS, savepoint=False):
        if begins and connection.vendor == "oracle":
            with connection.cursor() as cursor:
                cursor.execute(_ORACLE_SNAPSHOT)
        yield


@contextmanager
def apart() -> Iterator[None]:
    """Reads inside may fail without spoiling the snapshot around them, as on PostgreSQL they would."""
    connection = connections[ALIAS]
    needed = connection.vendor == "postgresql" and connection.in_atomic_block
    with _translated(), transaction.atomic(using=ALIAS) if needed else nullcontext():
        yield


def if_present(read: Callable[[], Found], otherwise: Callable[[], Found]) -> Found:
    """What is read; something else where this installation lacks a table for it or may not read it.

    Raises:
        Problem: reading fails in any other way.
    """
    try:
        with apart():
            return read()
    except Problem as problem:
        if problem.code not in NO_TABLE:
            raise
        return otherwise()


def tuples(query: Query, rows: QuerySet[Any, Any], chunk: int = CHUNK) -> Iterator[tuple[Any, ...]]:
    """The rows of a `values_list` query set as they arrive, `chunk` at a time, in flat memory.

    Raises:
        Problem: the database does not answer, takes too long or lacks a table (status 503).
    """
    compiler = rows.query.get_compiler(using=ALIAS)
    held = not query.streams and connections[ALIAS].vendor in _HOLDING
    with _translated():
        with _running(query):
            found = _held(compiler, chunk) if held else compiler.execute_sql(MULTI, True, chunk)
        chunks = _fetched(iter(found))
        yield from compiler.results_iter(chunks, tuple_expected=True, chunked_fetch=True, chunk_size=chunk)


def _held(compiler: Any, chunk: int) -> Iterable[Any]:
    cursor, width = compiler.execute_sql(CURSOR), compiler.col_count if compiler.has_extra_select else None
    none = compiler.connection.features.empty_fetchmany_value
    return cursor_iter(cursor, none, width, chunk) if cursor else ()


def _fetched(chunks: Iterator[Any]) -> Iterator[Any]:
    """The same chunks of rows, their time noted."""
    statements = _statements.get()
    while True:
        begun = perf_counter()
        rows = next(chunks, None)
        if statements is not None:
            statements.fetching_seconds += perf_counter() - begun
        if rows is None:
            return
        yield rows


def dicts(query: Query, rows: QuerySet[Any, Any], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows as dictionaries of the named columns."""
    return [dict(zip(columns, row, strict=True)) for row in tuples(query, rows.values_list(*columns))]


def count(query: Query, rows: QuerySet[Any, Any]) -> int:
    """How many rows a query set has.

    Raises:
        Problem: as tuples.
    """
    with _translated(), _running(query):
        return rows.count()


def written(query: Query, text: str, binds: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The few rows of a statement written by hand, with `%s` for each bind.

    Raises:
        Problem: as tuples.
    """
    with _translated(), connections[ALIAS].cursor() as cursor, _running(query):
        cursor.execute(text, binds)
        return list(cursor.fetchall())


@contextmanager
def _running(query: Query) -> Iterator[None]:
    token = _current.set(query)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except Error as error:
        raise failure(ALIAS, error) from error


def _wrapper(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    query, connection = _current.get(), context["connection"]
    if sql.startswith(_SESSION):
        return execute(sql, params, many, context)
    if query is None:
        if name_of_statement(sql) not in _REGISTRY:
            raise UnnamedStatement(sql[:200])
        if connection.vendor == "sqlite":
            _limit_sqlite(connection, settings.PANDA_STATEMENT_SECONDS)
        return execute(sql, params, many, context)
    begun = perf_counter()
    try:
        return execute(_limited(connection, query, sql), params, many, context)
    finally:
        statements = _statements.get()
        if statements is not None:
            statements.executed.append((query.name, perf_counter() - begun))


def name_of_statement(sql: str) -> str:
    """The name a statement carries as its first comment, "" if none."""
    before, end, _ = sql.partition(" */")
    return before.removeprefix("/* ") if end and before.startswith("/* ") else ""


def _limited(connection: Any, query: Query, sql: str) -> str:
    """The statement with its name and hints, under its own time limit where it has one."""
    vendor, seconds = connection.vendor, query.seconds or settings.PANDA_STATEMENT_SECONDS
    text = f"/* {query.name} */ {_hinted(sql, query.hints.get(vendor, ''))}"
    if vendor == "sqlite":
        _limit_sqlite(connection, seconds)
    elif vendor == "oracle":
        connection.connection.call_timeout = int(seconds * 1000)
    elif vendor == "postgresql":
        _limit_postgresql(connection, query.seconds)
    elif query.seconds and connection.mysql_is_mariadb:
        return f"SET STATEMENT max_statement_time={query.seconds:g} FOR {text}"
    return text


def _hinted(sql: str, hints: str) -> str:
    return sql.replace("SELECT ", f"SELECT /*+ {hints} */ ", 1) if hints else sql


def _limit_sqlite(connection: Any, seconds: float) -> None:
    deadline = monotonic() + seconds
    connection.connection.set_progress_handler(lambda: monotonic() > deadline, 10_000)


def _limit_postgresql(connection: Any, seconds: float) -> None:
    """The session has the instance's limit. Once a query with its own was asked, each statement sets its own:
    whether the last setting still holds depends on how that transaction ended."""
    session = connection.connection
    if seconds:
        _OWN_LIMITS.add(session)
    if session in _OWN_LIMITS:
        limit = seconds or settings.PANDA_STATEMENT_SECONDS
        with connection.wrap_database_errors:
            session.execute(f"SET statement_timeout = {int(limit * 1000)}")


def _install(connection: Any, **_kwargs: Any) -> None:
    if connection.alias == ALIAS and _wrapper not in connection.execute_wrappers:
        connection.execute_wrappers.append(_wrapper)


connection_created.connect(_install, dispatch_uid="bigpandamon.named-reads")
