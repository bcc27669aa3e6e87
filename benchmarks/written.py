"""The follower against a writer who is prepared: the burst of the largest instance, and as fast as it can.

The changes of a batch stand in a table before anybody writes: a batch is few statements that stamp the time,
change the states of live jobs, end some of them, and begin as many new ones.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import repeat
from time import monotonic, sleep
from typing import Any

import MySQLdb
import numpy as np

from benchmarks.follower import Follower, following
from benchmarks.instance import DATABASE, Instance
from benchmarks.measures import Measured
from benchmarks.sizes import OWN
from benchmarks.told import Database, Told, differing, shown
from benchmarks.truth import WrongAnswer
from bigpandamon_core.domain.window import now
from tests.services import mariadb
from tests.services.process import HOST

PER_SECOND = 2_300
BURST_SECONDS, SHORTEST_SECONDS = 600, 30
MANY, AT_ONCE = 1_400_000, 10_000
ENDING, SKEW = 0.1, 1.5
"""The share of changes that end a job, and how uneven the choice of the others is (1 is even)."""
STATES = ("activated", "sent", "starting", "running", "holding", "transferring")
ENDS = ("finished", "finished", "finished", "finished", "failed")
CHANGE, END, BEGIN = range(3)
Array = np.ndarray[Any, np.dtype[Any]]
PLAN = "bench_plan"
PLANNED = f"""CREATE TABLE {PLAN} (batch INT, kind TINYINT, pandaid BIGINT, source BIGINT, state VARCHAR(15),
    PRIMARY KEY (batch, kind, pandaid))"""
SOURCES = 50_000
"""Ended jobs of which the new ones are copies."""
LAST_NUMBER = (
    "SELECT MAX(pandaid) FROM (SELECT pandaid FROM jobsactive4 UNION ALL SELECT pandaid FROM jobsarchived4) j"
)
STAMPED = ("jobstatus", "statechangetime", "modificationtime")
STAMPS = ("p.pandaid", "p.state", "UTC_TIMESTAMP()", "UTC_TIMESTAMP()")
SETTLING_SECONDS = 2
KEPT_INDEXES = ("statechangetime", "modificationtime")
"""What the follower looks by; the key on the job's number stays anyhow."""
JOB_TABLES = ("jobsactive4", "jobsarchived4")


@dataclass
class Writer:
    """Writes a plan, a batch at a time. columns: those that are copied as they are. batches: how many."""

    connection: Any
    columns: tuple[str, ...]
    batches: int = 0

    def prepare(self, changes: int, at_once: int) -> None:
        """So many changes in batches of a size: skewed over the live jobs, shuffled."""
        random, self.batches = np.random.default_rng(at_once), changes // at_once
        live = random.permutation(self._numbers("SELECT pandaid FROM jobsactive4"))
        sources = self._numbers(f"SELECT pandaid FROM jobsarchived4 LIMIT {SOURCES}")
        (last,) = self._numbers(LAST_NUMBER)
        ending = int(at_once * ENDING)
        ends, others = np.split(live, [self.batches * ending])
        cursor = self.connection.cursor()
        for statement in (f"DROP TABLE IF EXISTS {PLAN}", PLANNED):
            cursor.execute(statement)
        for number in range(self.batches):
            some = slice(number * ending, (number + 1) * ending)
            begun = last + 1 + np.arange(some.start, some.stop)
            self._plan(
                number, CHANGE, _skewed(random, others, at_once - 2 * ending), random.choice(STATES, at_once)
            )
            self._plan(number, END, ends[some], random.choice(ENDS, ending))
            self._plan(number, BEGIN, begun, np.full(ending, "activated"), random.choice(sources, ending))
        self.connection.commit()
        cursor.execute(f"ANALYZE TABLE {PLAN}")

    def _plan(self, number: int, kind: int, jobs: Array, states: Array, sources: Array | None = None) -> None:
        """sources: ended jobs of which new ones are copies."""
        given = jobs if sources is None else sources
        rows = zip(repeat(number), repeat(kind), jobs.tolist(), given.tolist(), states.tolist())
        self.connection.cursor().executemany(f"INSERT INTO {PLAN} VALUES (%s, %s, %s, %s, %s)", list(rows))

    def write(self, number: int) -> int:
        """How many changes that were."""
        cursor = self.connection.cursor()
        done = [cursor.execute(statement.format(number=number)) for statement in self.statements]
        self.connection.commit()
        return sum(done[:-1])  # a move is one change, though its row is deleted, too

    @cached_property
    def statements(self) -> tuple[str, ...]:
        """Those of a batch, the one last that is no change of its own."""
        names = ", ".join(("pandaid", *STAMPED, *self.columns))
        values = ", ".join((*STAMPS, *(f"j.{name}" for name in self.columns)))
        sets = ", ".join(f"j.{name} = {stamp}" for name, stamp in zip(STAMPED, STAMPS[1:], strict=True))
        of_live, of_ended = (
            f"{PLAN} p STRAIGHT_JOIN {table} j ON j.pandaid = p.source" for table in JOB_TABLES
        )
        where = "WHERE p.batch = {{number}} AND p.kind = {}"
        return (
            f"UPDATE {of_live} SET {sets} {where.format(CHANGE)}",
            f"INSERT INTO jobsactive4 ({names}) SELECT {values} FROM {of_ended} {where.format(BEGIN)}",
            f"INSERT INTO jobsarchived4 ({names}) SELECT {values} FROM {of_live} {where.format(END)}",
            f"DELETE j FROM {of_live} {where.format(END)}",
        )

    def _numbers(self, statement: str) -> Array:
        cursor = self.connection.cursor()
        cursor.execute(statement)
        return np.array([row[0] for row in cursor.fetchall()])


def _skewed(random: np.random.Generator, jobs: Any, many: int) -> Any:
    """So many different jobs, in no order; those that stand first are met more often than others."""
    places = np.unique((len(jobs) * random.random(3 * many) ** SKEW).astype(int))
    return random.permutation(jobs[places])[:many]


def burst(instance: Instance, scale: float) -> Iterator[Measured]:
    """So many changes every second."""
    seconds = round(max(BURST_SECONDS * scale**2, SHORTEST_SECONDS))
    writer = _writer(instance)
    writer.prepare(seconds * PER_SECOND, PER_SECOND)
    with _following(instance) as follower:
        begin, started, first = now().replace(microsecond=0), monotonic(), follower.last_batch()
        spent, changes = follower.cpu_seconds(), 0
        for number in range(writer.batches):
            sleep(max(started + number - monotonic(), 0))
            changes += writer.write(number)
        written = monotonic() - started
        follower.until(now() + timedelta(seconds=SETTLING_SECONDS))
        spent, whole = follower.cpu_seconds() - spent, monotonic() - started
        told = follower.told(first, begin)
        lost = _lost(instance, follower, told, begin)
    rate = changes / written
    refused = "" if rate >= 0.9 * PER_SECOND else f"the writer reached {rate:,.0f} changes/s only"
    yield Measured("burst.rate", rate, "changes/s")
    yield Measured("burst.lag.median", float(np.median(told.lags)), "s")
    yield Measured("burst.lag.p99", float(np.percentile(told.lags, 99)), "s", refused=refused)
    yield Measured("burst.follower-cpu", spent / whole, "of a core", refused=refused)
    yield Measured("burst.lost", lost, "")
    yield Measured("burst.twice", told.twice, "")


def catch_up(instance: Instance, scale: float) -> Iterator[Measured]:
    """As fast as the writer can, with no indexes but those that the follower uses."""
    for table in JOB_TABLES:
        instance.execute(*_without_indexes(instance, table))
    writer = _writer(instance)
    writer.prepare(round(MANY * scale), AT_ONCE)
    with _following(instance) as follower:
        begin, first, started = now().replace(microsecond=0), follower.last_batch(), monotonic()
        changes = sum(map(writer.write, range(writer.batches)))
        written = monotonic() - started
        follower.until(now() + timedelta(seconds=SETTLING_SECONDS))
        caught_up = monotonic() - started
        told = follower.told(first, begin)
        lost = _lost(instance, follower, told, begin)
    yield Measured("catch-up.changes", changes, "")
    yield Measured("catch-up.writer", changes / written, "changes/s")
    yield Measured("catch-up.time", caught_up, "s", written, "the writer")
    yield Measured("catch-up.told", told.rows, "")
    yield Measured("catch-up.lost", lost, "")
    yield Measured("catch-up.twice", told.twice, "")


def _writer(instance: Instance) -> Writer:
    found = instance.rows(
        f"SELECT column_name FROM information_schema.columns WHERE table_schema = '{DATABASE}'"
        " AND table_name = 'jobsactive4' ORDER BY ordinal_position"
    )
    columns = tuple(name for (name,) in found if name.lower() not in (*STAMPED, "pandaid"))
    connection = MySQLdb.connect(
        host=HOST, port=instance.server.port, user=mariadb.USER, passwd=mariadb.PASSWORD, db=DATABASE
    )
    return Writer(connection, columns)


@contextmanager
def _following(instance: Instance) -> Iterator[Follower]:
    """With the options of an installation, and up to date."""
    instance.configure()
    own = Database(lambda: sqlite3.connect(instance.folder / OWN))
    with following(own, instance.environment) as follower:
        follower.until(now())
        yield follower


def _without_indexes(instance: Instance, table: str) -> Iterator[str]:
    statement = (
        f"SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = '{DATABASE}'"
        f" AND table_name = '{table}' AND index_name <> 'PRIMARY' AND index_name NOT IN (SELECT index_name"
        f" FROM information_schema.statistics WHERE table_schema = '{DATABASE}' AND table_name = '{table}'"
        f" AND seq_in_index = 1 AND column_name IN {KEPT_INDEXES})"
    )
    return (f"DROP INDEX `{name}` ON {table}" for (name,) in instance.rows(statement))


def _lost(instance: Instance, follower: Follower, told: Told, since: datetime) -> int:
    """Of the jobs modified since; raises WrongAnswer when one is not known, or told, as PanDA shows it."""
    expected, known = shown(Database(instance.connect), since), follower.known()
    lost = sum(
        differing(expected, {job: found[job] for job in expected if job in found})
        for found in (known, told.newest)
    )
    if lost:
        raise WrongAnswer(f"{lost} jobs are not known, or not told, as they are")
    return lost
