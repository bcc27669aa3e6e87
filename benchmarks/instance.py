"""An instance for one run: a private database full of jobs, a cache, a configuration."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import MySQLdb
from pymemcache.client.base import Client  # type: ignore[import-untyped]

from tests.services import mariadb, memcached
from tests.services.programs import locate

ARCHIVED, LIVE = 600_000, 120_000
"""Jobs at scale 1: a tenth of the largest instance known."""
MARIADB = (
    "SET GLOBAL innodb_buffer_pool_size = 2147483648",  # all tables fit, as on a server of production
    "SET GLOBAL innodb_log_file_size = 536870912",
    "SET GLOBAL innodb_flush_log_at_trx_commit = 0",
    "SET GLOBAL slow_query_log = OFF",
    "CREATE DATABASE panda",
)
CONFIGURATION = """[paths]
state = "{folder}/state"
[database]
url = "sqlite:///{folder}/own.sqlite3"
[panda]
url = "{panda}"
[web]
workers = 1
[logging]
level = "warning"
[cache]
kind = "{cache}"
servers = ["{memcached}"]
folder = "{folder}/cache"
[facets]
oldest_seconds = 86400
[follow]
statements_per_minute = 100000
"""


@dataclass
class Instance:
    """folder: everything of it. connect: opens a connection to its PanDA database. database_pid: of the
    server, 0 without one."""

    folder: Path
    panda: str
    connect: Any
    database_pid: int = 0
    kept: memcached.Memcached | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def forget(self) -> None:
        """Empty the cache."""
        if self.kept:
            host, _, port = self.kept.address.partition(":")
            Client((host, int(port))).flush_all(noreply=False)
        else:
            shutil.rmtree(self.folder / "cache", ignore_errors=True)

    def command(self, *words: str) -> None:
        """Run a command of bigpandamon, as an operator would; its output only when it fails."""
        argv = [sys.executable, "-m", "bigpandamon_core.management.main", *words]
        done = subprocess.run(argv, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"bigpandamon {' '.join(words)} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def instance(kind: str, scale: float) -> Iterator[Instance]:
    """kind: mariadb or sqlite. Filled with jobs; gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bpm-bench-")))
        made = _mariadb(folder, stack) if kind == "mariadb" else _sqlite(folder)
        if kind == "mariadb" and locate("memcached"):
            made.kept = memcached.running()
            stack.callback(made.kept.remove)
        _configure(made)
        made.command("migrate")
        numbers = [str(max(round(jobs * scale), 300)) for jobs in (ARCHIVED, LIVE)]
        made.command("demo", "simulate", "--archived", numbers[0], "--live", numbers[1])
        made.command("follow", "--once")
        made.command("facets", "--once")
        yield made


def _mariadb(folder: Path, stack: ExitStack) -> Instance:
    server = mariadb.running()
    stack.callback(server.remove)
    server.run(*MARIADB)

    def connect() -> Any:
        return MySQLdb.connect(
            host="127.0.0.1", port=server.port, user=mariadb.USER, passwd=mariadb.PASSWORD, db="panda"
        )

    return Instance(folder, server.url("panda"), connect, server.process.pid or 0)


def _sqlite(folder: Path) -> Instance:
    path = folder / "panda.sqlite3"
    return Instance(folder, f"sqlite:///{path}", lambda: sqlite3.connect(path))


def _configure(made: Instance) -> None:
    text = CONFIGURATION.format(
        folder=made.folder,
        panda=made.panda,
        cache="memcached" if made.kept else "files",
        memcached=made.kept.address if made.kept else "127.0.0.1:11211",
    )
    path = made.folder / "bigpandamon.toml"
    path.write_text(text)
    (made.folder / "state").mkdir()
    made.environment = os.environ | {"BIGPANDAMON_CONFIG": str(path)}
