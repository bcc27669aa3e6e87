"""An instance for one run: a private database full of jobs, a cache, a configuration."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import MySQLdb
from pymemcache.client.base import Client  # type: ignore[import-untyped]

from tests.services import mariadb, memcached
from tests.services.programs import locate

MAIN = (sys.executable, "-m", "bigpandamon_core.management.main")
DATABASE = "panda"
LIKE_PRODUCTION = (
    "SET GLOBAL innodb_buffer_pool_size = {memory}",
    "SET GLOBAL innodb_log_file_size = 536870912",
    "SET GLOBAL innodb_flush_log_at_trx_commit = 0",
    "SET GLOBAL slow_query_log = OFF",
    f"CREATE DATABASE {DATABASE}",
)
BYTES_A_JOB = 4 << 10
"""Of the server's memory: all tables fit, as on a server of production."""
LEAST_BYTES = 128 << 20
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
"""
HURRIED = "[follow]\nstatements_per_minute = 100000\n"
"""Nobody else uses this database: the follower need not be gentle until it is measured."""
MORE_FAIL, MOST_FAIL = 2.0, 0.9
"""Of the default profile's jobs a tenth fails. At the largest instance known 17 % do."""


@dataclass(frozen=True)
class Size:
    """ended: jobs that ended within so many hours. alive: jobs that have not."""

    ended: int
    alive: int
    hours: float

    @property
    def words(self) -> tuple[str, ...]:
        """For `bigpandamon demo simulate`."""
        days = self.hours / 24
        rate = self.ended / days
        return ("--days", str(days), "--jobs-per-day", repr(rate + 0.01), "--live", str(self.alive))


FULL = Size(2_000_000, 250_000, 24)
"""A day of the largest instance known."""
UPSTREAM_SCALE, UPSTREAM_SIZE = 0.3, Size(600_000, 120_000, 34.5)
"""What the upstream monitor was measured on: 209,000 jobs ended in the last 12 hours."""


def sized(scale: float) -> Size:
    """So much of a day of the largest instance known; at UPSTREAM_SCALE what upstream was measured on."""
    if scale == UPSTREAM_SCALE:
        return UPSTREAM_SIZE
    return Size(round(FULL.ended * scale), round(FULL.alive * scale), FULL.hours)


@dataclass
class Instance:
    """folder: everything of it. tables: where the database server keeps its files."""

    size: Size
    folder: Path
    server: mariadb.MariaDB
    kept: memcached.Memcached | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database_pid(self) -> int:
        return self.server.process.pid or 0

    @property
    def facets(self) -> Path:
        return self.folder / "state" / "facets"

    @property
    def tables(self) -> Path:
        """Where the database server keeps PanDA's tables."""
        return self.server.folder / "data" / DATABASE

    def connect(self) -> Any:
        """A connection to the PanDA database that may write."""
        return MySQLdb.connect(
            host="127.0.0.1",
            port=self.server.port,
            user=mariadb.USER,
            passwd=mariadb.PASSWORD,
            db=DATABASE,
            autocommit=True,
        )

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement finds."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    def execute(self, *statements: str) -> None:
        with self.connect() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def forget(self) -> None:
        """Empty the cache."""
        if self.kept:
            host, _, port = self.kept.address.partition(":")
            Client((host, int(port))).flush_all(noreply=False)
        else:
            shutil.rmtree(self.folder / "cache", ignore_errors=True)

    def configure(self, more: str = "") -> None:
        """Write the configuration. more: further tables of it."""
        text = CONFIGURATION.format(
            folder=self.folder,
            panda=self.server.url(DATABASE),
            cache="memcached" if self.kept else "files",
            memcached=self.kept.address if self.kept else "127.0.0.1:11211",
        )
        path = self.folder / "bigpandamon.toml"
        path.write_text(text + more)
        self.environment = os.environ | {"BIGPANDAMON_CONFIG": str(path)}

    def command(self, *words: str) -> None:
        """Run a command of bigpandamon, as an operator would; its output only when it fails."""
        done = subprocess.run(
            [*MAIN, *words], env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"bigpandamon {' '.join(words)} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def instance(size: Size) -> Iterator[Instance]:
    """Filled with jobs, followed and published; gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bpm-bench-")))
        server = mariadb.running()
        stack.callback(server.remove)
        memory = BYTES_A_JOB * (size.ended + size.alive) + LEAST_BYTES
        server.run(*(statement.format(memory=memory) for statement in LIKE_PRODUCTION))
        made = Instance(size, folder, server)
        if locate("memcached"):
            made.kept = memcached.running()
            stack.callback(made.kept.remove)
        (folder / "state").mkdir()
        made.configure(HURRIED)
        made.command("migrate")
        made.command("demo", "simulate", *size.words, "--profile", str(_profile(folder)))
        made.command("follow", "--once")
        made.command("facets", "--once")
        yield made


def _profile(folder: Path) -> Path:
    """The default one, but more jobs fail."""

    def more(found: re.Match[str]) -> str:
        return f"failing = {min(MORE_FAIL * float(found[1]), MOST_FAIL):.3f}"

    text = files("bigpandamon_core.demo").joinpath("profiles", "default.toml").read_text()
    path = folder / "profile.toml"
    path.write_text(re.sub(r"(?m)^failing = ([\d.]+)", more, text))
    return path
