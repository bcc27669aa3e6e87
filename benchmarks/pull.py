"""The follower against a writer who makes it hard, beside a poll that only asks for what is newer.

Times are stamped when a transaction begins and seen when it ends, some of them seconds later; many jobs
change in one second; they move between tables, their states go back, ended ones are reopened.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event, Lock
from time import monotonic, sleep
from typing import Any

import MySQLdb
import psycopg

from benchmarks.follower import following
from benchmarks.instance import MAIN
from benchmarks.measures import Measured
from benchmarks.told import ORDER, TABLES, Database, differing, shown
from bigpandamon_core.domain.window import now
from tests.services import mariadb, postgresql
from tests.services.process import HOST

SECONDS = 120
"""So long is written, at scale 1."""
FEWEST_SECONDS = 15
LIVE, ENDED, WRITERS = 800, 300, 4
LATE, LATEST_SECONDS = 0.15, (0.5, 5.0)
"""So many transactions end so much after their time."""
STATES = (
    ("pending", "defined", "assigned"),
    ("activated", "sent", "starting", "running", "holding", "transferring"),
    ("finished", "failed", "closed", "cancelled"),
)
"""By place."""
PANDA, OWN = "panda", "monitor"
POLL_SECONDS = 1.0
NEWER = "SELECT pandaid, jobstatus, statechangetime FROM {} WHERE statechangetime > '{}'"
CONFIGURATION = """[paths]
state = "{folder}"
[database]
url = "{own}"
[panda]
url = "{panda}"
[logging]
level = "warning"
[follow]
interval_seconds = 1
overlap_seconds = 8
statements_per_minute = 100000
"""


@dataclass(frozen=True)
class World:
    """A server with a PanDA that is written to, and an own database."""

    kind: str
    folder: Path
    server: Any

    def connect(self, name: str, autocommit: bool = True) -> Any:
        if self.kind == "postgresql":
            return psycopg.connect(
                host=HOST, port=self.server.port, user=postgresql.USER, dbname=name, autocommit=autocommit
            )
        return MySQLdb.connect(
            host=HOST, port=self.server.port, user=mariadb.USER, passwd=mariadb.PASSWORD, db=name,
            autocommit=autocommit,
        )  # fmt: skip

    def database(self, name: str) -> Database:
        return Database(lambda: self.connect(name))

    def configured(self) -> dict[str, str]:
        """Databases made and filled; the environment of commands."""
        self.server.run(*(f"CREATE DATABASE {name}" for name in (PANDA, OWN)))
        path = self.folder / "bigpandamon.toml"
        urls = {"panda": self.server.url(PANDA), "own": self.server.url(OWN)}
        path.write_text(CONFIGURATION.format(folder=self.folder, **urls))
        environment = os.environ | {"BIGPANDAMON_CONFIG": str(path)}
        fill = ("demo", "simulate", "--archived", str(ENDED), "--live", str(LIVE))
        for words in (("migrate",), fill, ("follow", "--once")):
            subprocess.run([*MAIN, *words], env=environment, check=True, capture_output=True)
        return environment


def measure(scale: float) -> Iterator[Measured]:
    """Both databases at once: nothing is timed."""
    seconds = max(SECONDS * scale, FEWEST_SECONDS)
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        worlds = [
            World(kind, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bpm-pull-"))), made)
            for kind, made in (("mariadb", mariadb.running()), ("postgresql", postgresql.running()))
        ]
        for world in worlds:
            stack.callback(world.server.remove)
        for figures in pool.map(lambda world: list(_of_world(world, seconds)), worlds):
            yield from figures


def _of_world(world: World, seconds: float) -> Iterator[Measured]:
    environment = world.configured()
    panda, ended = world.database(PANDA), Event()
    with following(world.database(OWN), environment) as follower, ThreadPoolExecutor(WRITERS + 1) as pool:
        begin = now()
        follower.until(begin)
        naive = pool.submit(_naive, panda, ended)
        jobs = [(pandaid, place) for pandaid, (place, _) in shown(panda).items()]
        writers = [Writer(world, jobs[number::WRITERS], number) for number in range(WRITERS)]
        try:
            changes = sum(pool.map(lambda writer: writer.live(seconds), writers))
            follower.until(now() + timedelta(seconds=POLL_SECONDS))
        finally:
            ended.set()
        expected, known = shown(panda), follower.known()
        told = follower.told(0, begin)
        lost = differing(expected, known) + differing(
            expected, {pandaid: state for pandaid, state in told.newest.items() if state[1]}
        )
        missed = differing({job: state for job, state in expected.items() if job in naive.result()},
                           naive.result())  # fmt: skip
    yield Measured(f"pull.{world.kind}.changes", changes, "")
    yield Measured(f"pull.{world.kind}.lost", lost, "", missed, "a poll for what is newer")
    yield Measured(f"pull.{world.kind}.twice", told.twice, "")


def _naive(panda: Database, ended: Event) -> dict[int, tuple[int, str]]:
    """Final states as one who asks `> watermark` sees them, of the jobs that changed."""
    watermark, seen = str(now().replace(microsecond=0)), {}
    last = False
    while not last:
        last = ended.wait(POLL_SECONDS)
        found = [
            (str(changed), pandaid, (place, state))
            for place, table in enumerate(TABLES)
            for pandaid, state, changed in panda.rows(NEWER.format(table, watermark))
        ]
        for changed, pandaid, state in sorted(found):
            seen[pandaid] = state
            watermark = changed
    return seen


class Writer:
    """Drives some jobs, one transaction after another. jobs: with their places."""

    numbers, lock = iter(range(8_000_000_000, 9_000_000_000)), Lock()

    def __init__(self, world: World, jobs: list[tuple[int, int]], seed: int):
        self._connection = world.connect(PANDA, autocommit=False)
        self._cursor = self._connection.cursor()
        self._random = Random(seed)
        self._places = dict(jobs)
        self._last: dict[int, tuple[str, int]] = {}
        self._columns = self._described()
        self._acts = (self._change, self._change, self._change, self._forward, self._forward, self._back,
                      self._new)  # fmt: skip

    def _described(self) -> str:
        """All columns but the job's number."""
        self._cursor.execute(f"SELECT * FROM {TABLES[0]} WHERE 1 = 0")
        return ", ".join(column[0] for column in self._cursor.description if column[0].lower() != "pandaid")

    def live(self, seconds: float) -> int:
        """How many changes that made."""
        end, changes = monotonic() + seconds, 0
        while monotonic() < end:
            at = str(now().replace(microsecond=0))
            some = self._random.sample(sorted(self._places), self._random.randint(1, 12))
            for pandaid in some:
                self._random.choice(self._acts)(pandaid, at)
            changes += len(some)
            late = self._random.random() < LATE
            sleep(self._random.uniform(*LATEST_SECONDS) if late else self._random.uniform(0, 0.05))
            self._connection.commit()
        self._connection.close()
        return changes

    def _change(self, pandaid: int, at: str) -> None:
        """Any state of its table, also an earlier one. Within one second states only go forward: times that
        are equal cannot tell otherwise."""
        place = self._places[pandaid]
        least = self._reached(pandaid, at)
        states = [state for state in STATES[place] if ORDER.index(state) >= least]
        if states:
            self._set(pandaid, TABLES[place], self._random.choice(states), at)

    def _reached(self, pandaid: int, at: str) -> int:
        """The place in the order of states that the job has reached in this very second."""
        second, place = self._last.get(pandaid, ("", 0))
        return place if second == at else 0

    def _forward(self, pandaid: int, at: str) -> None:
        if self._places[pandaid] < 2:
            self._move(pandaid, self._places[pandaid] + 1, at)

    def _back(self, pandaid: int, at: str) -> None:
        """An ended job is reopened."""
        if self._places[pandaid] == 2 and not self._reached(pandaid, at):
            self._move(pandaid, 1, at)

    def _move(self, pandaid: int, place: int, at: str) -> None:
        old, new = TABLES[self._places[pandaid]], TABLES[place]
        names = f"pandaid, {self._columns}"
        self._cursor.execute(
            f"INSERT INTO {new} ({names}) SELECT {names} FROM {old} WHERE pandaid = %s", [pandaid]
        )
        self._cursor.execute(f"DELETE FROM {old} WHERE pandaid = %s", [pandaid])
        self._places[pandaid] = place
        self._change(pandaid, at)

    def _new(self, like: int, at: str) -> None:
        with self.lock:
            pandaid = next(self.numbers)
        table, names = TABLES[self._places[like]], self._columns
        self._cursor.execute(
            f"INSERT INTO {TABLES[0]} (pandaid, {names}) SELECT %s, {names} FROM {table} WHERE pandaid = %s",
            [pandaid, like],
        )
        self._places[pandaid] = 0
        self._set(pandaid, TABLES[0], "pending", at)

    def _set(self, pandaid: int, table: str, state: str, at: str) -> None:
        self._last[pandaid] = at, ORDER.index(state)
        self._cursor.execute(
            f"UPDATE {table} SET jobstatus = %s, statechangetime = %s, modificationtime = %s"
            " WHERE pandaid = %s",
            [state, at, at, pandaid],
        )
