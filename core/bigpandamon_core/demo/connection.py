"""The only connection that writes to a PanDA database, for databases that this room has made itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.panda.router import PANDA_ALIAS

ALIAS = "demo"


def writing() -> BaseDatabaseWrapper:
    """The database of the alias `panda`, in a session that may write and has no time limit.

    Raises Problem where PanDA is on Oracle: demonstrations are made on SQLite, MariaDB and PostgreSQL.
    """
    if ALIAS not in connections.settings:
        connections.settings[ALIAS] = _writable(connections[PANDA_ALIAS])
    return connections[ALIAS]


@contextmanager
def looking(connection: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """The database of a writing connection as far as a look at it needs. A file of SQLite that was not yet
    written to is neither made nor changed by that, not by one byte; an absent one is empty."""
    if connection.vendor != "sqlite" or connection.connection is not None:
        yield connection
        return
    place = str(connection.settings_dict["NAME"]).partition("?")[0]
    there = Path(unquote(place.removeprefix("file:"))).exists()
    looker = connection.copy()
    looker.settings_dict["NAME"] = f"{place}?mode=ro" if there else ":memory:"
    looker.settings_dict["OPTIONS"] |= {"uri": True, "init_command": "PRAGMA query_only=ON"}
    try:
        yield looker
    finally:
        looker.close()


def _writable(panda: BaseDatabaseWrapper) -> dict[str, Any]:
    if panda.vendor not in WRITABLE:
        raise Problem(
            f"A demonstration cannot be made on {panda.display_name}.",
            where="panda.url",
            remedy="Point it to an empty SQLite, MariaDB or PostgreSQL database.",
            code="demo-unsupported",
        )
    settings = deepcopy(panda.settings_dict)
    WRITABLE[panda.vendor](settings, settings["OPTIONS"])
    return settings


def _sqlite(settings: dict[str, Any], options: dict[str, Any]) -> None:
    """Write-ahead log: the pages are read while the simulator writes."""
    settings["NAME"] = str(settings["NAME"]).replace("mode=ro", "mode=rwc")
    options["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    options["transaction_mode"] = "IMMEDIATE"


def _mysql(_settings: dict[str, Any], options: dict[str, Any]) -> None:
    for limit in ("read_timeout", "write_timeout", "isolation_level"):
        options.pop(limit, None)
    options["init_command"] = "SET SESSION time_zone='+00:00'"
    options["local_infile"] = True


def _postgresql(_settings: dict[str, Any], options: dict[str, Any]) -> None:
    options.pop("isolation_level", None)
    ours = "-c default_transaction_read_only=off -c statement_timeout=0"
    options["options"] = " ".join(filter(None, (options.get("options"), ours)))


WRITABLE: dict[str, Callable[[dict[str, Any], dict[str, Any]], None]] = {
    "sqlite": _sqlite,
    "mysql": _mysql,
    "postgresql": _postgresql,
}
