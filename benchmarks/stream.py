"""The durable core of the follower alone: changes that come as lines instead of from PanDA's tables.

What is timed is everything that is done with a change that was seen: what is known of the job, which
observation wins, states, batch and position in one transaction. `python -m benchmarks.consumer` is the one
that consumes; here it is started, killed, started again, and compared.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import sleep

from benchmarks import changes
from benchmarks.instance import MAIN
from benchmarks.measures import PAIRS, Measured, milliseconds, too_slow
from benchmarks.truth import WrongAnswer, same
from bigpandamon_core.domain.window import now
from tests.services import mariadb, postgresql

AGO = timedelta(hours=2)
JOBS = 50_000
"""At scale 1; each changes ten times."""
FEWEST_JOBS = 5_000
LEAST_PARSED_PER_SECOND = 500_000
KILLS = 5
DATABASE = "stream"
SHOWN = ["pandaid", "place", "jobstatus"]
PARSING = "parsing alone (orjson)"
CONFIGURATION = """[paths]
state = "{folder}"
[database]
url = "{own}"
[panda]
url = "sqlite:///{panda}"
[logging]
level = "warning"
"""


class Consumer:
    """Consumes the lines of a file into an own database, in a process of its own. PanDA's tables, which all
    consumers share, are empty."""

    def __init__(self, folder: Path, own: str, lines: Path):
        panda = lines.with_name("panda.sqlite3")
        configuration = folder / "bigpandamon.toml"
        configuration.write_text(CONFIGURATION.format(folder=folder, own=own, panda=panda))
        self.lines = lines
        self._environment = os.environ | {"BIGPANDAMON_CONFIG": str(configuration)}
        if not panda.exists():
            self._command("demo", "schema")

    @classmethod
    def on_server(cls, folder: Path, own: str, lines: Path) -> "Consumer":
        made = cls(folder, own, lines)
        made._command("migrate")
        return made

    @classmethod
    def on_sqlite(cls, folder: Path, lines: Path) -> "Consumer":
        """With a database of its own, which is migrated once for all of them."""
        own, empty = folder / "own.sqlite3", lines.with_name("empty.sqlite3")
        made = cls(folder, f"sqlite:///{own}", lines)
        if not empty.exists():
            made._command("migrate")
            shutil.copy(own, empty)
        shutil.copy(empty, own)
        return made

    def _command(self, *words: str) -> None:
        subprocess.run([*MAIN, *words], env=self._environment, check=True, capture_output=True)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """words: see benchmarks.consumer."""
        argv = [sys.executable, "-m", "benchmarks.consumer", str(self.lines), *words]
        return subprocess.Popen(argv, env=self._environment, stdout=subprocess.PIPE, text=True)

    def said(self, *words: str) -> str:
        with self.start(*words) as process:
            told, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"the consumer ended with {process.returncode}")
        return told.strip()


def measure(scale: float) -> Iterator[Measured]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bpm-stream-")))
        lines = folder / "changes.jsonl"
        count = changes.written(lines, max(round(JOBS * scale), FEWEST_JOBS), now() - AGO)
        yield Measured("stream.changes", count, "")
        yield from _sqlite(folder, lines, count)
        yield from _killed(folder, lines)
        for kind, module in (("mariadb", mariadb), ("postgresql", postgresql)):
            server = module.running()
            stack.callback(server.remove)
            server.run(f"CREATE DATABASE {DATABASE}")
            consumer = Consumer.on_server(_folder(folder, kind), server.url(DATABASE), lines)
            seconds = float(consumer.said("--compare"))
            yield Measured(f"stream.{kind}", count / seconds, "changes/s")


def _folder(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


def _sqlite(folder: Path, lines: Path, count: int) -> Iterator[Measured]:
    """Beside parsing alone, in turn."""
    rates, floors = [], []
    for number in range(PAIRS):
        floors.append(1000 * count / milliseconds(lambda: sum(1 for _ in changes.read(lines))))
        consumer = Consumer.on_sqlite(_folder(folder, f"sqlite-{number}"), lines)
        rates.append(count / float(consumer.said(*(["--compare"] if number == 0 else []))))
    parsed = median(floors)
    refused = too_slow(parsed, LEAST_PARSED_PER_SECOND, PARSING)
    yield Measured(
        "stream.sqlite", median(rates), "changes/s", against=PARSING, floor=parsed, refused=refused
    )


def _killed(folder: Path, lines: Path) -> Iterator[Measured]:
    """kill -9 at any moment, again and again, each time from the first line anew."""
    random = Random(3)
    alone = milliseconds(Consumer.on_sqlite(_folder(folder, "undisturbed"), lines).said) / 1000
    consumer = Consumer.on_sqlite(_folder(folder, "killed"), lines)
    killed = 0
    for _ in range(KILLS):
        process = consumer.start()
        sleep(random.uniform(0.3, 0.9) * alone)
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
    consumer.said("--compare")
    yield Measured("stream.killed-and-replayed", killed, "times", against="nothing lost, nothing twice")


def compare(lines: Path, slice_rows: int) -> None:
    """What is known, and what was told, against the plain rule. In the consumer's process.

    Raises:
        WrongAnswer: they differ.
    """
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.facets.batch import decode
    from bigpandamon_core.state.follow import FacetBatch, FollowStatus, JobState

    wanted = changes.expected(lines, slice_rows)
    found = {
        pandaid: (changes.TABLES[place], state)
        for pandaid, place, state in JobState.objects.values_list("pandaid", "place", "jobstatus")
    }
    same("known states", Counter(found.items()), Counter(wanted.newest.items()))
    told, rows = {}, 0
    for batch in FacetBatch.objects.filter(rows__gt=0).order_by("id"):
        for row in decode(bytes(batch.payload)).select(SHOWN).to_pylist():
            told[row["pandaid"]] = changes.TABLES[row["place"]], row["jobstatus"]
            rows += 1
    same("told states", Counter(told.items()), Counter(wanted.newest.items()))
    if (rows, FollowStatus.objects.get().changes) != (wanted.changes, wanted.changes):
        raise WrongAnswer(f"{rows} changes told, {wanted.changes} were news")
