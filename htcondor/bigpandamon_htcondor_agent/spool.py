"""What the agent keeps on disk: jobs as their events left them, what was not sent yet, places in logs, and
when the schedd answered last.

One SQLite file. Events and the place after them are kept together or not at all, so that an agent that is
killed neither loses nor repeats any. A job waits once, however much happens to it: the spool is as large as
there are jobs, and following pauses when too many wait; meanwhile the logs themselves keep what comes.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from bigpandamon_htcondor_agent.event_log import Event
from bigpandamon_htcondor_agent.folding import ENDED, EVENT_TIME, changes, global_job_id, of_job, seconds
from bigpandamon_htcondor_agent.following import Position
from bigpandamon_htcondor_agent.values import Ad, Expression, Value

LOG = logging.getLogger(__name__)
SAME_SUBMISSION = 60
"""Seconds by which the event of a submission may differ from QDate; further apart a number is used again."""
DAY = 86_400
KEPT_ENDED, KEPT_SILENT = DAY, 90 * DAY
"""Seconds of the logs' time for which a sent job is kept after its end, and any after its last event."""
SERVER_TIME = "ServerTime"
LOGGED = "LoggedEvents"
"""Ours: how many events the log had of the job."""
_WAITING = "globaljobid IS NOT NULL AND version > sent"
_TABLES = f"""
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS positions (path TEXT PRIMARY KEY, inode INTEGER NOT NULL, offset INTEGER NOT NULL,
    length INTEGER NOT NULL, digest TEXT NOT NULL, written INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (number INTEGER PRIMARY KEY, job TEXT NOT NULL, globaljobid TEXT,
    ad TEXT NOT NULL, touched INTEGER NOT NULL, ended INTEGER NOT NULL, version INTEGER NOT NULL,
    sent INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS polled (asked INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS history (newest TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS jobs_job ON jobs (job, number);
CREATE INDEX IF NOT EXISTS jobs_waiting ON jobs (number) WHERE {_WAITING};
CREATE INDEX IF NOT EXISTS jobs_touched ON jobs (touched);
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A job that waits, as JSON; sending it acknowledges just this version of it."""

    number: int
    version: int
    key: str
    text: str


@dataclass(slots=True)
class _Job:
    """A row; number None: not there yet."""

    ad: Ad
    number: int | None = None
    version: int = 0
    sent: int = 0

    @property
    def moment(self) -> float:
        return max(self.ad.number(EVENT_TIME), self.ad.number(SERVER_TIME))

    def identify(self, found: Value) -> None:
        """Take HTCondor's key for one made here, unless the monitor knows the job by that already."""
        written = isinstance(found, str) and not isinstance(found, Expression)
        if written and found and not (self.sent and "GlobalJobId" in self.ad):
            self.ad["GlobalJobId"] = found


class Spool:
    def __init__(self, file: Path, schedd: str, most: int) -> None:
        self._schedd, self._most = schedd, most
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.executescript(_TABLES)

    def close(self) -> None:
        self._database.close()

    def position(self, path: Path) -> Position | None:
        question = "SELECT inode, offset, length, digest, written FROM positions WHERE path = ?"
        found = self._database.execute(question, (str(path),)).fetchone()
        return Position(*found) if found else None

    @property
    def waiting(self) -> int:
        """How many jobs wait to be sent."""
        (count,) = self._database.execute(f"SELECT count(*) FROM jobs WHERE {_WAITING}").fetchone()  # noqa: S608
        return int(count)

    @property
    def full(self) -> bool:
        return self.waiting >= self._most

    def follow(self, path: Path, position: Position, events: Iterable[Event]) -> None:
        """Keep what the events change, and the place after them. What cannot be kept is told and passed."""
        jobs: dict[str, _Job] = {}
        again: list[_Job] = []
        for event in filter(of_job, events):
            key = f"{event.cluster}.{event.proc}"
            job = jobs.get(key) or self._newest(key)
            if event.number == 0 and _differ(job.ad.get("QDate"), seconds(event)):
                again.append(job)
                job = _Job(Ad())
            jobs[key] = job
            try:
                self._fold(job, event)
            except (TypeError, ValueError, OverflowError) as reason:
                LOG.warning("%s: event %d of job %s at %s: %s", path, event.number, key, event.moment, reason)
        with self._transaction():
            for job in (*again, *jobs.values()):
                if job.ad:
                    self._write(job)
            self._database.execute(
                "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?, ?)", (str(path), *astuple(position))
            )

    @property
    def asked(self) -> int:
        """When the schedd gave the last answer that was kept, 0 for none."""
        (moment,) = self._database.execute("SELECT coalesce(max(asked), 0) FROM polled").fetchone()
        return int(moment)

    @property
    def newest(self) -> str:
        """The job that was last in the schedd's history then, "" where that is not known."""
        (job,) = self._database.execute("SELECT coalesce(max(newest), '') FROM history").fetchone()
        return str(job)

    def absorb(self, ads: Iterable[Ad], asked: Callable[[], tuple[int, str]]) -> None:
        """Keep what a schedd answered; of what the log told since, the log's stays.

        asked: of when the answer is and which job left last, known once all of it is there; kept with it, or
        neither is.
        """
        with self._transaction():
            for ad in ads:
                job = self._newest(f"{ad['ClusterId']}.{ad['ProcId']}")
                if _differ(job.ad.get("QDate"), ad.get("QDate")):
                    job = _Job(Ad())
                if self._merge(job, ad):
                    self._write(job)
            for table, value in zip(("polled", "history"), asked(), strict=True):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608
                self._database.execute(f"INSERT INTO {table} VALUES (?)", (value,))  # noqa: S608

    def batch(self, most: int, size: int) -> list[Item]:
        """Jobs that wait, the oldest first: so many at most, of so many bytes unless one alone has more."""
        question = (
            f"SELECT number, version, globaljobid, ad FROM jobs WHERE {_WAITING} ORDER BY number LIMIT ?"  # noqa: S608
        )
        found: list[Item] = []
        for row in self._database.execute(question, (most,)):
            item = Item(*row)
            size -= len(item.text.encode())
            if found and size < 0:
                break
            found.append(item)
        return found

    def done(self, items: Iterable[Item]) -> None:
        """The monitor has them, or refused them for good; what changed meanwhile waits on."""
        with self._transaction():
            self._database.executemany(
                "UPDATE jobs SET sent = ? WHERE number = ?", [(item.version, item.number) for item in items]
            )

    def forget(self) -> None:
        """Let go of jobs that ended and were sent, and of those of which nothing was heard for long. A time
        that is still to come makes nothing old."""
        last = "(SELECT min(max(touched), strftime('%s', 'now') + 0) FROM jobs)"
        gone = f"DELETE FROM jobs WHERE touched < {last} - ? AND NOT ({_WAITING})"  # noqa: S608
        with self._transaction():
            self._database.execute(f"{gone} AND ended", (KEPT_ENDED,))
            self._database.execute(gone, (KEPT_SILENT,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            yield

    def _newest(self, job: str) -> _Job:
        question = "SELECT ad, number, version, sent FROM jobs WHERE job = ? ORDER BY number DESC LIMIT 1"
        found = self._database.execute(question, (job,)).fetchone()
        return _Job(json.loads(found[0], object_pairs_hook=Ad), *found[1:]) if found else _Job(Ad())

    def _fold(self, job: _Job, event: Event) -> None:
        told = changes(event, job.ad)
        key = told.pop("GlobalJobId")
        if event.number == 0:
            told["QDate"] = job.ad.get("QDate") or told["QDate"]
            key = job.ad.get("GlobalJobId") or global_job_id(self._schedd, event)
        job.ad.update(told)
        job.ad[LOGGED] = job.ad.number(LOGGED) + 1
        job.identify(key)

    def _merge(self, job: _Job, ad: Ad) -> bool:
        """Whether the answer brings anything but another time."""
        before, key = dict(job.ad), ad.pop("GlobalJobId")
        newer = ad.number(SERVER_TIME) >= job.ad.number(EVENT_TIME)
        job.ad.update(ad if newer else {name: value for name, value in ad.items() if name not in job.ad})
        job.identify(key)
        return {**job.ad, SERVER_TIME: 0} != {**before, SERVER_TIME: 0}

    def _write(self, job: _Job) -> None:
        key = f"{job.ad['ClusterId']}.{job.ad['ProcId']}"
        text = json.dumps(_wire(job.ad), separators=(",", ":"))
        ended = job.ad.get("JobStatus") in ENDED
        self._database.execute(
            "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (job.number, key, job.ad.get("GlobalJobId"), text, job.moment, ended, job.version + 1, job.sent),
        )


def _differ(one: Value, other: Value) -> bool:
    """Whether two moments of submission are those of two jobs."""
    return isinstance(one, int) and isinstance(other, int) and abs(one - other) > SAME_SUBMISSION


def _wire(found: Value) -> Value:
    """For JSON, with expressions as `condor_q -json` marks them."""
    if isinstance(found, Expression):
        return f"/Expr({found})/"
    if isinstance(found, Mapping):
        return {name: _wire(value) for name, value in found.items()}
    return [_wire(value) for value in found] if isinstance(found, list) else found
