"""A PanDA database in a file that lets readers wait when it is told to."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.web.served import Monitor


class Holding:
    """file: where it is, once `prepare` has put its empty tables there."""

    def __init__(self, file: Path):
        self.file = file

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    def prepare(self, monitor: Monitor) -> None:
        monitor.command("migrate")
        monitor.command("demo", "schema")
        with closing(sqlite3.connect(self.file)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # in WAL mode readers never wait

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Whoever reads waits meanwhile."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
