"""The plugin's profile as an operator runs it: truth and tables by `bigpandamon demo simulate`, no JEDI."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.once]
PROGRAM = (sys.executable, "-m", "bigpandamon_core.management.main")
CONFIGURATION = """[paths]
state = "{0}"
[database]
url = "sqlite:///{0}/own.sqlite3"
[panda]
url = "sqlite:///{0}/panda.sqlite3"
"""
WORDS = {
    "mass production": "reconstruction",
    "merging mdst": "merge-mdst",
    "x-check mdst": "check-mdst",
    "merging hist": "merge-hist",
    "merging dump": "merge-dump",
    "x-check dump": "check-dump",
    "copy to tape": "tape",
    "archive logs": "logs",
    "delete files": "deletion",
}
TABLES = ("jobsdefined4", "jobsactive4", "jobsarchived4")


def bigpandamon(folder: Path, *words: str) -> str:
    (folder / "bigpandamon.toml").write_text(CONFIGURATION.format(folder))
    environment = os.environ | {"BIGPANDAMON_CONFIG": str(folder / "bigpandamon.toml")}
    done = subprocess.run(
        [*PROGRAM, *words], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_truth_of_a_run_is_what_its_tables_hold(tmp_path):
    profile, truth = files("bigpandamon_compass") / "profile.toml", tmp_path / "truth.json"
    bigpandamon(tmp_path, "demo", "schema")
    history = ("--hours", "5", "--until", "2026-05-04T12:00:00")
    said = bigpandamon(
        tmp_path, "demo", "simulate", "--profile", str(profile), *history, "--truth", str(truth)
    )
    told = json.loads(truth.read_text())["jobs"]
    expected = Counter[tuple[str, str, str]]()
    for one in told:
        expected[str(one["run"]), one["work"], one["state"]] += one["jobs"]
    with sqlite3.connect(tmp_path / "panda.sqlite3") as connection:
        names = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        rows = [
            row
            for table in TABLES
            for row in connection.execute(
                f"SELECT jobname, transformation, jobstatus, jeditaskid FROM {table}"
            )
        ]
    found = Counter[tuple[str, str, str]]()
    for name, word, state, task in rows:
        assert task is None
        (run,) = [part for part in name.split("-") if len(part) == 6 and part.isdigit()]
        found[run, WORDS[word], state] += 1
    assert found == expected
    assert f"Truth written: {len(rows):,} jobs." in said
    assert not {name for name in names if "jedi" in name or "harvester" in name}
    assert len({one["chain"] for one in told}) == 3


def test_the_plugin_is_as_the_contract_says(tmp_path):
    said = bigpandamon(tmp_path, "plugins", "compass", "--conformance")
    assert "As the contract says" in said
