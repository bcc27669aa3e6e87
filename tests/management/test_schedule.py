"""`bigpandamon schedule`, and what `bigpandamon check` says of it."""

import os
import signal
import sqlite3
import subprocess
import sys
from time import monotonic, sleep

import pytest

from tests.services.process import free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def instance(bigpandamon, file):
    """An instance with its tables that expects somebody to schedule."""
    file.write_text('[paths]\nstate = "state"\n[schedule]\nexpected = true\nlease_seconds = 3\n')
    for words in (("demo", "schema"), ("migrate",)):
        assert bigpandamon(*words).returncode == 0
    return bigpandamon


def about_schedule(done):
    return [line for line in done.stdout.splitlines() if "  schedule: " in line]


def table(done):
    """Who schedules, and the cells of each line by task."""
    who, head, *lines = done.stdout.splitlines()
    assert head.split()[0] == "task"
    return who, {line.split()[0]: line.split() for line in lines}


def test_before_anything_ran(instance):
    who, tasks = table(instance("schedule", "list"))
    assert who == "Nobody schedules."
    assert sorted(tasks) == ["clean-up", "queue-recorder", "warm-up"]
    assert tasks["clean-up"][1:] == ["3600", "s", "-", "-", "-", "0", "when", "somebody", "schedules"]


def test_one_run(instance):
    done = instance("schedule", "run", "queue-recorder")
    assert (done.returncode, "0 queues, 0 changes" in done.stderr) == (0, True)
    cells = table(instance("schedule", "list"))[1]["queue-recorder"]
    assert (cells[4] != "-", cells[5:7]) == (True, ["-", "0"])


def test_a_run_that_fails(instance, file):
    file.write_text(file.read_text() + f'warm_up = ["/"]\n[web]\nbind = "127.0.0.1:{free_port()}"\n')
    done = instance("schedule", "run", "warm-up")
    assert (done.returncode, "1 of 1 addresses gave no answer to keep" in done.stderr) == (1, True)
    listed = instance("schedule", "list").stdout
    assert "warm-up: 1 of 1 addresses gave no answer to keep: / (ConnectionRefusedError)." in listed
    told = about_schedule(instance("check"))
    assert any(line.startswith("TROUBLE") and "warm-up failed, 1 in a row: 1 of 1" in line for line in told)


def test_a_task_that_is_not_there(instance):
    done = instance("schedule", "run", "warmup")
    assert done.returncode == 1
    assert "No task warmup is run here." in done.stderr
    assert "warm-up, clean-up, queue-recorder" in done.stderr


@pytest.mark.parametrize("words", [("schedule",), ("schedule", "list"), ("check",), ("serve",)])
def test_names_that_nothing_declares_are_refused(bigpandamon, file, words):
    file.write_text('[paths]\nstate = "state"\n[schedule]\noff = ["warmup"]\n')
    done = bigpandamon(*words)
    assert done.returncode == 2
    assert 'schedule.off: expected a known task, found "warmup"; did you mean warm-up?' in done.stderr


@pytest.mark.parametrize("words", [("list",), ("run", "clean-up")])
def test_without_tables(bigpandamon, words):
    done = bigpandamon("schedule", *words)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "own database" in done.stderr


def test_somebody_schedules(instance, file):
    command = [sys.executable, "-m", "bigpandamon_core.management.main", "schedule"]
    environment = os.environ | {"BIGPANDAMON_CONFIG": str(file)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        begun = monotonic()
        while "schedules since" not in table(instance("schedule", "list"))[0]:
            assert monotonic() - begun < 20
            sleep(0.2)
        (told,) = about_schedule(instance("check"))
        assert told.startswith("ok")
        assert f":{process.pid}:" in told
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0
    finally:
        process.kill()
    assert about_schedule(instance("check")) == [
        "TROUBLE  schedule: nobody schedules; start `bigpandamon schedule`"
    ]


def test_who_does_not_expect_it_is_not_told(instance, file):
    file.write_text('[paths]\nstate = "state"\n')
    done = instance("check")
    assert (done.returncode, about_schedule(done)) == (0, [])


def test_a_check_makes_no_file(bigpandamon, file, folder):
    file.write_text('[paths]\nstate = "state"\n[schedule]\nexpected = true\n')
    assert about_schedule(bigpandamon("check")) == []
    assert not list(folder.rglob("*.sqlite3"))


def test_tables_of_another_release(bigpandamon, file, folder):
    file.write_text('[paths]\nstate = "state"\n[schedule]\nexpected = true\n')
    (folder / "state").mkdir()
    sqlite3.connect(folder / "state/bigpandamon.sqlite3").close()
    (told,) = about_schedule(bigpandamon("check"))
    assert told.startswith("TROUBLE")
