"""`bigpandamon demo simulate` as an operator runs it."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

PROGRAM = (sys.executable, "-m", "bigpandamon_core.management.main")
WORLD = ("--jobs-per-day", "1000", "--hours", "3", "--until", "2026-11-21T06:00:00")
CONFIGURATION = """[paths]
state = "{0}"
[database]
url = "sqlite:///{0}/own.sqlite3"
[panda]
url = "sqlite:///{0}/panda.sqlite3"
"""


def bigpandamon(folder: Path, *words: str) -> Any:
    folder.mkdir(exist_ok=True)
    path = folder / "bigpandamon.toml"
    path.write_text(CONFIGURATION.format(folder))
    environment = os.environ | {"BIGPANDAMON_CONFIG": str(path)}
    return subprocess.run(
        [*PROGRAM, *words], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def jobs(folder: Path) -> list[Any]:
    with sqlite3.connect(folder / "panda.sqlite3") as connection:
        return connection.execute("SELECT * FROM jobsarchived4 ORDER BY pandaid").fetchall()


def test_two_databases_with_the_same_rows(tmp_path):
    for name in ("one", "two"):
        assert bigpandamon(tmp_path / name, "demo", "schema").returncode == 0
        ended = bigpandamon(tmp_path / name, "demo", "simulate", *WORLD)
        assert (ended.returncode, "History written" in ended.stdout) == (0, True)
    assert len(jobs(tmp_path / "one")) > 20
    assert jobs(tmp_path / "one") == jobs(tmp_path / "two")


def test_it_lives_for_a_while(tmp_path):
    bigpandamon(tmp_path, "demo", "schema")
    words = ("--jobs-per-day", "1000", "--hours", "1", "--step", "0.2", "--for", "1", "--speed", "50")
    ended = bigpandamon(tmp_path, "demo", "simulate", *words)
    assert (ended.returncode, ended.stderr) == (0, "")
    again = bigpandamon(tmp_path, "demo", "simulate", "--history-only")
    assert "goes on from" in again.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--profile", "nowhere.toml"), "neither a file nor one of the profiles"),
        (("--until", "tomorrow"), "argument --until"),
        (("--until", "2099-01-01T00:00:00"), "argument --until: expected a time that has passed"),
        (("--speed", "0"), "argument --speed: expected more than 0"),
        (("--speed", "nan"), "argument --speed: expected a number, 0 or more"),
        (("--jobs-per-day", "0"), "argument --jobs-per-day: expected more than 0"),
        (("--hours", "-3"), "argument --hours: expected a number, 0 or more"),
        (("--archived", "0"), "argument --archived: expected a whole number, 1 or more"),
        ((), "not made by `bigpandamon demo schema`"),
        (("--history-only",), "not made by `bigpandamon demo schema`"),
    ],
)
def test_what_cannot_be_done_is_told(tmp_path, words, told):
    ended = bigpandamon(tmp_path, "demo", "simulate", *words)
    assert ended.returncode != 0
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_many_jobs_at_once(tmp_path):
    ended = bigpandamon(tmp_path, "demo", "simulate", "--archived", "2500", "--live", "300")
    assert ended.returncode == 0, ended.stderr
    assert "jobs/s with everything" in ended.stdout
    assert len(jobs(tmp_path)) == 2500
