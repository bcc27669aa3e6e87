"""The statements that a database of a kind would be sent, without one: for its administrator, and for tests.

Versions are pinned, as there is no server to ask: Oracle 19, MariaDB 10.11, PostgreSQL 15.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

from bigpandamon_core.config.drivers import lacking
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sources.reading import ALIAS, name_of_statement, registry

BACKENDS = {"oracle": "oracle", "mysql": "mysql", "postgresql": "postgresql", "sqlite": "sqlite3"}
Answers = Mapping[str, Sequence[tuple[Any, ...]]]
_MARIADB = {
    "version": "10.11.0-MariaDB",
    "sql_mode": "STRICT_TRANS_TABLES",
    "default_storage_engine": "InnoDB",
    "sql_auto_is_null": False,
    "lower_case_table_names": 1,
    "has_zoneinfo_database": False,
}


@dataclass(frozen=True)
class Sent:
    """One statement. text: with `%s` for each bind, on Oracle with `:arg0` and so on."""

    query: str
    text: str
    binds: tuple[Any, ...]


@dataclass
class _NoCursor:
    """Stands where the driver's cursor would. Its rows are those prepared for the query it was given."""

    nothing: Any
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    description: tuple[Any, ...] = ()
    rowcount: int = 0

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.rows.pop(0) if self.rows else None

    def fetchmany(self, size: int = 1) -> Any:
        some, self.rows = self.rows[:size], self.rows[size:]
        return some or self.nothing

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.fetchmany(len(self.rows)) or []

    def close(self) -> None:
        pass


class _NoConnection:
    """Stands where the driver's connection would: takes limits, and nothing else happens."""

    call_timeout = 0

    def set_progress_handler(self, _handler: Any, _steps: int) -> None:
        pass

    def execute(self, _text: str) -> None:
        pass

    def close(self) -> None:
        pass


@contextmanager
def noted(vendor: str, answers: Answers, schemas: Mapping[str, str] | None = None) -> Iterator[list[Sent]]:
    """Inside, the PanDA database is one of this kind that notes what it is asked.

    answers: rows for queries by name, for statements that follow from what others find. schemas: names of the
    schemas, by default the instance's.

    Raises:
        Problem: the driver for this kind of database is not installed.
    """
    real = connections[ALIAS]
    stand_in = _stand_in(vendor, schemas)
    sent: list[Sent] = []

    def note(_execute: Any, text: str, binds: Any, _many: bool, context: dict[str, Any]) -> None:
        name = name_of_statement(text)
        if name in registry():
            sent.append(Sent(name, _as_sent(vendor, text, binds), tuple(binds or ())))
        context["cursor"].cursor.rows = list(answers.get(name, ()))

    connections[ALIAS] = stand_in
    try:
        connection_created.send(sender=type(stand_in), connection=stand_in)
        stand_in.execute_wrappers.append(note)
        yield sent
    finally:
        connections[ALIAS] = real


def _as_sent(vendor: str, text: str, binds: Any) -> str:
    if vendor == "oracle" and binds is not None:
        return text % tuple(f":arg{place}" for place in range(len(binds)))
    return text


def _stand_in(vendor: str, schemas: Mapping[str, str] | None) -> Any:
    if remedy := lacking(vendor):
        raise Problem(f"The driver of {vendor} is not installed.", remedy=remedy)
    backend = f"bigpandamon_core.panda.backends.{BACKENDS[vendor]}"
    base = import_module(f"{backend}.base")
    settings = connections[ALIAS].settings_dict | {"ENGINE": backend, "NAME": "nowhere", "OPTIONS": {}}
    wrapper = base.DatabaseWrapper(settings | ({"SCHEMAS": dict(schemas)} if schemas else {}), alias=ALIAS)
    _pin(wrapper, vendor)
    wrapper.connection, wrapper.autocommit = _NoConnection(), True
    wrapper.create_cursor = lambda name=None: _NoCursor(wrapper.features.empty_fetchmany_value)
    wrapper.chunked_cursor = wrapper.cursor
    for method in ("_set_autocommit", "_commit", "_rollback"):
        setattr(wrapper, method, lambda *_: None)
    return wrapper


def _pin(wrapper: Any, vendor: str) -> None:
    """Say what a server would be asked for."""
    known: Mapping[str, dict[str, Any]] = {
        "oracle": {"oracle_version": (19, 0)},
        "mysql": {"mysql_server_data": _MARIADB},
        "postgresql": {"pg_version": 150_000},
    }
    wrapper.__dict__.update(known.get(vendor, {}))
    wrapper.transaction_mode = None
    if vendor == "oracle":
        # pylint: disable-next=protected-access  # no public way to compile without a server
        wrapper.operators, wrapper.pattern_ops = wrapper._standard_operators, wrapper._standard_pattern_ops
