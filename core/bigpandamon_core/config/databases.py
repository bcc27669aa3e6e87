"""Django's DATABASES of the two database URLs."""

from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bigpandamon_core.config.configuration import Configuration
from bigpandamon_core.config.urls import DatabaseUrl

FAMILIES = ("panda", "arch", "meta", "deft")
KEEP_SECONDS = 300
# How much longer than the statement limit a socket waits: the database is to end a statement, not the driver.
PATIENCE_SECONDS = 10


def databases(configuration: Configuration, without: Collection[str] = ()) -> dict[str, dict[str, Any]]:
    """`default` is ours; `panda` is only read, with every statement's time limited by the session.

    without: those that cannot be used, because of what is wrong with their options.
    """
    makers = {"default": _own, "panda": _panda}
    return {alias: {} if alias in without else make(configuration) for alias, make in makers.items()}


def _common(url: DatabaseUrl) -> dict[str, Any]:
    return {
        "NAME": url.name,
        "USER": url.user,
        "PASSWORD": url.password,
        "HOST": url.host.strip("[]"),
        "PORT": url.port,
        "CONN_MAX_AGE": KEEP_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(url.options),
    }


def _own(configuration: Configuration) -> dict[str, Any]:
    url: DatabaseUrl = configuration.get("database.url")
    wait = configuration.get("database.wait_seconds")
    options: dict[str, dict[str, Any]] = {
        "sqlite3": {
            "timeout": wait,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL",
        },
        "mysql": {
            "charset": "utf8mb4",
            "connect_timeout": wait,
            "init_command": "SET SESSION time_zone='+00:00'",
        },
        "postgresql": {"connect_timeout": wait},
    }
    database = _common(url)
    database["ENGINE"] = f"django.db.backends.{url.kind}"
    database["OPTIONS"] |= options[url.kind]
    return database


def _panda(configuration: Configuration) -> dict[str, Any]:
    """SCHEMAS is not Django's: the backends of bigpandamon_core.panda name the tables by it."""
    url: DatabaseUrl = configuration.get("panda.url")
    connect = configuration.get("panda.connect_seconds")
    statement = configuration.get("panda.statement_seconds")
    database = _common(url)
    database["ENGINE"] = f"bigpandamon_core.panda.backends.{url.kind}"
    database["SCHEMAS"] = schemas(configuration)
    _READING[url.kind](database, connect, statement)
    return database


def schemas(configuration: Configuration) -> dict[str, str]:
    """Names of schemas by family, "" for the default one; those of plugins as far as they are configured."""
    ours = {family: configuration.get(f"panda.schemas.{family}") for family in FAMILIES}
    return {**configuration.get("panda.schemas.more"), **ours}


def _sqlite(database: dict[str, Any], _connect: int, _statement: int) -> None:
    database["NAME"] = f"file:{quote(str(Path(database['NAME'])))}?mode=ro"
    # An open file goes on answering after another has taken its place.
    database["CONN_MAX_AGE"] = 0
    database["OPTIONS"] |= {"uri": True, "init_command": "PRAGMA query_only=ON"}


def _mysql(database: dict[str, Any], connect: int, statement: int) -> None:
    # MariaDB and MySQL name both settings differently; each skips the other's version comment.
    limits = (
        f"/*M!100101 , max_statement_time={statement}, tx_read_only=1 */ "
        f"/*!50720 , max_execution_time={statement * 1000}, transaction_read_only=1 */"
    )
    database["OPTIONS"] |= {
        "charset": "utf8mb4",
        "connect_timeout": connect,
        "read_timeout": statement + PATIENCE_SECONDS,
        "write_timeout": statement + PATIENCE_SECONDS,
        "isolation_level": "repeatable read",
        "init_command": f"SET SESSION time_zone='+00:00' {limits}",
    }


def _postgresql(database: dict[str, Any], connect: int, statement: int) -> None:
    # Imported here: an instance without PostgreSQL need not have its driver.
    from django.db.backends.postgresql.psycopg_any import (  # pylint: disable=import-outside-toplevel
        IsolationLevel,
    )

    options = database["OPTIONS"]
    session = f"-c default_transaction_read_only=on -c statement_timeout={statement * 1000} -c timezone=UTC"
    options["options"] = " ".join(part for part in (options.get("options", ""), session) if part)
    options["connect_timeout"] = connect
    options["isolation_level"] = IsolationLevel.REPEATABLE_READ


def _oracle(database: dict[str, Any], connect: int, _statement: int) -> None:
    """The service is named by an easy-connect string (with PORT Django would take it for a SID)."""
    host, port = database["HOST"], database["PORT"]
    address = f"[{host}]" if ":" in host else host
    if address:
        database["NAME"] = f"{address}:{port or 1521}/{database['NAME']}"
    database["HOST"] = database["PORT"] = ""
    database["OPTIONS"]["tcp_connect_timeout"] = connect


_READING = {"sqlite3": _sqlite, "mysql": _mysql, "postgresql": _postgresql, "oracle": _oracle}
