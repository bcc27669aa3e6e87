"""Batch jobs handed in over HTTP: how fast they are stored, and that nothing acknowledged is lost.

The whole way is timed: gunicorn with two workers, tokens, JSON, folding into what is known, MariaDB. Beside
it the same rows by plain INSERTs of many rows each, which no upsert can be faster than.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic
from typing import Any

import MySQLdb

from benchmarks.instance import MAIN
from benchmarks.measures import PAIRS, Measured, in_turn
from benchmarks.truth import WrongAnswer
from tests.services import mariadb
from tests.services.process import HOST, Process, free_port, listening

DATABASE, PATH = "pool", "/api/v1/htcondor/jobs"
JOBS, FEWEST_JOBS, AT_ONCE, MOST_AT_ONCE = 100_000, 10_000, 1_000, 5_000
SECONDS, FEWEST_SECONDS, SENDERS, KILLS = 60, 10, 2, 3
TABLE = "bigpandamon_htcondor_batchjob"
BEGIN = 1_700_000_000
CONFIGURATION = """[paths]
state = "{folder}/state"
[database]
url = "{own}"
[panda]
url = "sqlite:///{folder}/panda.sqlite3"
[web]
workers = 2
[logging]
level = "warning"
[accounts.roles]
operate = ["agents"]
"""
Ad = dict[str, Any]


def ad(number: int, version: int) -> Ad:
    """What an agent sends of a job."""
    return {
        "GlobalJobId": f"schedd@ap{number % 8}.example#{number}.0#{BEGIN}", "ClusterId": number, "ProcId": 0,
        "JobStatus": 1 + version % 2, "EnteredCurrentStatus": BEGIN + version,
        "QDate": BEGIN, "JobStartDate": BEGIN + 60, "JobCurrentStartDate": BEGIN + 60, "JobUniverse": 5,
        "RemoteWallClockTime": float(version), "CommittedTime": version, "CumulativeSlotTime": 8.0 * version,
        "RemoteUserCpu": 0.9 * version, "RemoteSysCpu": 0.1 * version, "RequestCpus": 8, "CpusProvisioned": 8,
        "RequestMemory": 16000, "ResidentSetSize": 8_000_000 + version, "ImageSize": 9_000_000,
        "DiskUsage": 750_000, "RequestDisk": 1_000_000, "BytesSent": 4096.0, "BytesRecvd": 4096.0,
        "NumJobStarts": 1, "NumShadowStarts": 1, "NumHolds": 0, "ExitBySignal": False, "JobPrio": 0,
        "RemoteHost": f"slot1_{number % 64}@node{number % 500}.example", "Owner": f"user{number % 40}",
        "User": f"user{number % 40}@example", "AccountingGroup": "group_prod", "JobBatchName": "pilots",
        "MATCH_GLIDEIN_Site": f"SITE_{number % 30}", "LastMatchTime": BEGIN + 50,
        "MATCH_APF_QUEUE": f"QUEUE_{number % 60}", "harvesterID": "h1", "harvesterWorkerID": str(number),
        "Cmd": "/usr/libexec/runpilot2-wrapper.sh", "ServerTime": BEGIN + version, "wmsid": str(number),
    }  # fmt: skip


class Pool:
    """A monitor with the plugin, and an agent's token."""

    def __init__(self, folder: Path, server: mariadb.MariaDB):
        self.folder, self.server = folder, server
        configuration = folder / "bigpandamon.toml"
        configuration.write_text(CONFIGURATION.format(folder=folder, own=server.url(DATABASE)))
        (folder / "plugins.d").mkdir()
        (folder / "plugins.d" / "htcondor.toml").write_text("enabled = true\n")
        self.environment = {"BIGPANDAMON_CONFIG": str(configuration)}
        for words in (("demo", "schema"), ("migrate",)):
            self._command(*words)
        self._command("account", "create", "agent", "--group", "agents", "--no-password")
        token = ("token", "create", "--account", "agent", "--label", "bench", "--scope", "operate")
        self.token = self._command(*token).split()[-1]
        self.port = 0
        self._process: Process | None = None

    def _command(self, *words: str) -> str:
        done = subprocess.run(
            [*MAIN, *words], env=os.environ | self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def start(self) -> None:
        self.port = free_port()
        bind = f"{HOST}:{self.port}"
        told = [f"{name}={value}" for name, value in self.environment.items()]
        argv = [sys.executable, "-m", "bigpandamon_core.management.main", "serve", "--bind", bind]
        self._process = Process(["env", *told, *argv], self.folder / "web.log")
        self._process.start(lambda: listening(self.port))

    def stop(self, how: int = signal.SIGTERM) -> None:
        """how: the signal; SIGKILL goes to the workers, too, at once."""
        if self._process is None or self._process.pid is None:
            return
        if how == signal.SIGKILL:
            master = self._process.pid
            listed = Path(f"/proc/{master}/task/{master}/children").read_text().split()
            for pid in (master, *map(int, listed)):
                os.kill(pid, how)
        self._process.stop()
        self._process = None

    def send(self, ads: Sequence[Ad]) -> Mapping[str, Any]:
        """The answer to a request with jobs.

        Raises:
            OSError, HTTPException: the monitor was killed meanwhile.
        """
        connection = HTTPConnection(HOST, self.port, timeout=120)
        headers = {"Content-Type": "application/json", "Authorization": f"Token {self.token}"}
        connection.request("POST", PATH, json.dumps(ads), headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != 200:
            raise WrongAnswer(f"{response.status}: {body[:300]!r}")
        told: Mapping[str, Any] = json.loads(body)
        if told["stored"] != len(ads):
            raise WrongAnswer(f"of {len(ads)} jobs {told['stored']} were stored: {told['refused'][:3]}")
        return told

    def connect(self) -> Any:
        return MySQLdb.connect(
            host=HOST, port=self.server.port, user=mariadb.USER, passwd=mariadb.PASSWORD, db=DATABASE,
            charset="utf8mb4",
        )  # fmt: skip

    def versions(self) -> dict[int, int]:
        """Of every job in the table the version, told by its core time."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT batchid, wall_s FROM {TABLE}")  # our own table
            return {int(batchid.partition(".")[0]): int(wall) for batchid, wall in cursor.fetchall()}


def measure(scale: float) -> Iterator[Measured]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bpm-push-")))
        server = mariadb.running()
        stack.callback(server.remove)
        server.run(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        pool = Pool(folder, server)
        pool.start()
        stack.callback(pool.stop)
        jobs = max(round(JOBS * scale), FEWEST_JOBS)
        yield from _first(pool, jobs)
        yield from _sustained(pool, jobs, max(SECONDS * scale, FEWEST_SECONDS))
        yield from _beside_insert(pool)
        yield from _killed(pool)


def _first(pool: Pool, jobs: int) -> Iterator[Measured]:
    """All of them for the first time, as many at once as are taken."""
    began = monotonic()
    for begin in range(0, jobs, MOST_AT_ONCE):
        pool.send([ad(number, 1) for number in range(begin, min(begin + MOST_AT_ONCE, jobs))])
    yield Measured("push.new", jobs / (monotonic() - began), "jobs/s")


def _sustained(pool: Pool, jobs: int, seconds: float) -> Iterator[Measured]:
    """Updates by two agents, each of its own half, until the time is over."""
    until, began = monotonic() + seconds, monotonic()

    def sender(half: int) -> int:
        sent, version = 0, 1
        while True:
            version += 1
            for begin in range(half * jobs // SENDERS, (half + 1) * jobs // SENDERS, AT_ONCE):
                if monotonic() > until:
                    return sent
                sent += int(
                    pool.send([ad(number, version) for number in range(begin, begin + AT_ONCE)])["stored"]
                )

    with ThreadPoolExecutor(SENDERS) as threads:
        sent = sum(threads.map(sender, range(SENDERS)))
    yield Measured("push.updates", sent / (monotonic() - began), "jobs/s")
    if len(pool.versions()) != jobs:
        raise WrongAnswer(f"{len(pool.versions()):,} jobs are there instead of {jobs:,}")


def _beside_insert(pool: Pool) -> Iterator[Measured]:
    """Updates of some jobs, and their rows by plain INSERTs into a table without indexes but the key."""
    version = [1_000_000]
    plain = f"{TABLE}_plain"
    with pool.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {TABLE} LIMIT {AT_ONCE}")  # as above
        rows = cursor.fetchall()
        cursor.execute(f"CREATE TABLE {plain} AS SELECT * FROM {TABLE} LIMIT 0")  # as above
        cursor.execute(f"ALTER TABLE {plain} ADD PRIMARY KEY (globaljobid)")
        marks = ", ".join(["%s"] * len(rows[0]))

        def ours() -> None:
            version[0] += 1
            pool.send([ad(number, version[0]) for number in range(AT_ONCE)])

        def theirs() -> None:
            cursor.execute(f"DELETE FROM {plain}")  # as above
            cursor.executemany(f"INSERT INTO {plain} VALUES ({marks})", rows)  # as above
            connection.commit()

        pairs = in_turn(ours, theirs, PAIRS)
    rate, other = (1000 * AT_ONCE / milliseconds for milliseconds in (pairs.ours, pairs.theirs))
    yield Measured("push.beside-insert", rate, "jobs/s", other, "the same rows by plain INSERTs", pairs.ratio)


def _killed(pool: Pool) -> Iterator[Measured]:
    """Killed in the middle of requests and started again: what was acknowledged is there, each job once."""
    lost, before = 0, len(pool.versions())
    for turn in range(KILLS):
        version, acknowledged = 2_000_000 + turn, set[int]()
        with ThreadPoolExecutor(1) as thread:
            sending = thread.submit(_until_killed, pool, version, acknowledged)
            until = monotonic() + 60
            while len(acknowledged) < 2 * AT_ONCE and monotonic() < until:
                pass
            pool.stop(signal.SIGKILL)
            sending.result()
        there = pool.versions()
        lost += sum(there.get(number) != version for number in acknowledged)
        pool.start()
    doubled = len(pool.versions()) - before
    yield Measured("push.killed.lost", lost, "jobs")
    yield Measured("push.killed.doubled", doubled, "jobs")


def _until_killed(pool: Pool, version: int, acknowledged: set[int]) -> None:
    try:
        for begin in range(0, FEWEST_JOBS, AT_ONCE):
            numbers = range(begin, begin + AT_ONCE)
            pool.send([ad(number, version) for number in numbers])
            acknowledged.update(numbers)
    except (OSError, HTTPException):
        return
