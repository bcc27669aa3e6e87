"""Schedulers as processes: one leads, the next takes over, all end when asked."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from signal import SIGCONT, SIGINT, SIGKILL, SIGSTOP, SIGTERM
from time import monotonic, sleep

import pytest
from django.db import connections

from bigpandamon_core.domain.window import now
from bigpandamon_core.queries.own.periodic import scheduler, states
from bigpandamon_core.state.imports import ImportedFile
from bigpandamon_core.state.leases import holders
from bigpandamon_core.state.periodic import PeriodicState

pytestmark = [pytest.mark.usefixtures("own"), pytest.mark.slow, pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 3


class Schedulers:
    """Those started by a test, each in a session of its own, with what they say in files."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.schedule.doings", str(LEASE_SECONDS)]
        with (self.folder / f"log{len(self.processes)}").open("wb") as log:
            self.processes.append(subprocess.Popen(command, cwd=ROOT, stderr=log, start_new_session=True))
        return self.processes[-1]

    def said(self, number: int) -> str:
        return (self.folder / f"log{number}").read_text()

    def end(self) -> None:
        for process in self.processes:
            for pid in of_session(process.pid):
                with suppress(ProcessLookupError):  # a child may end meanwhile
                    os.kill(pid, SIGKILL)
            process.wait()


def of_session(leader: int) -> list[int]:
    """The processes of a session that are alive."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = entry.read_text().rpartition(") ")[2].split()[:4]
        except OSError:
            continue
        if session == str(leader) and state != "Z":
            found.append(int(entry.parent.name))
    return found


@pytest.fixture
def schedulers(tmp_path: Path) -> Iterator[Schedulers]:
    made = Schedulers(tmp_path)
    yield made
    made.end()


def wait_until(holds: Callable[[], object], seconds: float = 20) -> float:
    begun = monotonic()
    while not holds():
        assert monotonic() - begun < seconds
        sleep(0.05)
    return monotonic() - begun


def runs_of(name: str) -> int:
    return ImportedFile.objects.filter(name=name).count()


def between_runs_of(name: str) -> None:
    """Until a run has just ended: what is begun when its scheduler is killed has until its limit."""
    ended = last_end(name)
    wait_until(lambda: last_end(name) != ended)


def last_end(name: str) -> object:
    state = states().get(name)
    return state and state.last_end


def leads(process: subprocess.Popen[bytes]) -> bool:
    lease = scheduler()
    return lease is not None and f":{process.pid}:" in lease.holder


def test_a_task_that_fails_and_one_that_hangs_stop_no_other(schedulers):
    schedulers.start()
    wait_until(lambda: runs_of("good") >= 3 and runs_of("hanging"))
    found = states()
    assert found["good"].failures == 0
    assert found["broken"].failures >= 2
    assert {lease.name for lease in holders()} >= {"schedule", "schedule.hanging", "schedule.yielding"}
    assert (runs_of("hanging"), runs_of("yielding")) == (1, 1)


@pytest.mark.parametrize("how", [SIGTERM, SIGINT])
def test_it_ends_when_it_is_asked(schedulers, how):
    process = schedulers.start()
    wait_until(lambda: runs_of("hanging") and runs_of("yielding"))
    process.send_signal(how)
    assert process.wait(timeout=10) == 0
    assert of_session(process.pid) == []
    assert holders() == []
    assert states()["yielding"].last_success
    assert states()["hanging"].next_run == states()["hanging"].last_end


def test_of_two_that_start_at_once_one_schedules(schedulers):
    one, two = schedulers.start(), schedulers.start()
    wait_until(lambda: runs_of("good") >= 4)
    assert leads(one) is not leads(two)
    assert sorted("leads (fence 1)" in schedulers.said(number) for number in (0, 1)) == [False, True]
    assert (runs_of("hanging"), runs_of("yielding")) == (1, 1)


def test_after_one_that_is_killed_the_next_takes_over(schedulers):
    first = schedulers.start()
    wait_until(lambda: runs_of("hanging"))
    second = schedulers.start()
    wait_until(lambda: leads(first))
    between_runs_of("good")
    first.kill()
    assert wait_until(lambda: leads(second)) < LEASE_SECONDS * 4 / 3 + 2
    before = runs_of("good")
    wait_until(lambda: runs_of("good") > before)
    # What the first has begun goes on until its limit, and is not begun a second time meanwhile.
    assert runs_of("hanging") == 1


def test_one_that_was_paused_stands_by(schedulers):
    first = schedulers.start()
    wait_until(lambda: leads(first) and runs_of("good"))
    first.send_signal(SIGSTOP)
    second = schedulers.start()
    wait_until(lambda: leads(second))
    first.send_signal(SIGCONT)
    wait_until(lambda: "has lost the lease schedule" in schedulers.said(0))
    second.send_signal(SIGTERM)
    assert second.wait(timeout=10) == 0
    wait_until(lambda: leads(first))


def test_a_task_that_is_not_run_here_any_more_has_no_next_run(schedulers):
    PeriodicState.objects.create(task="of-yesterday", next_run=now(), last_start=now())
    schedulers.start()
    wait_until(lambda: states()["of-yesterday"].next_run is None)
    assert states()["of-yesterday"].last_start


@pytest.mark.slow
def test_a_database_that_goes_and_comes_back(schedulers, private_databases):
    if private_databases.server is None:
        pytest.skip("SQLite has no server that could go")
    process = schedulers.start()
    wait_until(lambda: runs_of("good"))
    connections.close_all()
    private_databases.server.stop()
    sleep(2 * LEASE_SECONDS)
    assert process.poll() is None
    private_databases.server.start()
    before = runs_of("good")
    wait_until(lambda: runs_of("good") > before)
    assert leads(process)
