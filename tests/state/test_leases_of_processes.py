"""Leases of several processes: started at once, killed, paused. See contender.py."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP
from time import monotonic, sleep

import pytest

from bigpandamon_core.domain.window import now
from bigpandamon_core.state.imports import ImportedFile
from bigpandamon_core.state.leases import Lease, acquire, fenced

pytestmark = pytest.mark.usefixtures("own")
ROOT = Path(__file__).resolve().parents[2]
LONG, SHORT = 60.0, 0.4


class Contender:
    """Another process, see contender.py."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.state.contender"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def tell(self, *words: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def ask(self, *words: object) -> str:
        self.tell(*words)
        return self.hear()

    def signal(self, number: int) -> None:
        self.process.send_signal(number)


@pytest.fixture
def contender() -> Iterator[Callable[[], Contender]]:
    made: list[Contender] = []

    def start() -> Contender:
        made.append(Contender())
        return made[-1]

    yield start
    for each in made:
        each.process.kill()
        each.process.communicate()


def taken(name: str, deadline_seconds: float) -> tuple[Lease, float]:
    """The lease, once it can be had, and how long that took."""
    begun = monotonic()
    while (lease := acquire(name, "next", LONG)) is None:
        assert monotonic() - begun < deadline_seconds
        sleep(0.05)
    return lease, monotonic() - begun


def test_of_two_that_start_at_once_one_leads(contender):
    both = (contender(), contender())
    assert [each.hear() for each in both] == ["ready", "ready"]
    for number in range(20):
        for each in both:
            each.tell("acquire", f"lease-{number}", LONG)
        assert sorted(each.hear() for each in both) == ["1", "none"]


def test_after_a_killed_leader_the_next_leads_within_its_lease(contender):
    leader = contender()
    assert leader.hear() == "ready"
    assert leader.ask("acquire", "one", 1.5) == "1"
    assert leader.ask("linger", "one") == "inside"
    leader.signal(SIGKILL)
    lease, seconds = taken("one", 10)
    assert (lease.fence, seconds < 1.5 + 0.5) == (2, True)
    assert not ImportedFile.objects.exists()


def test_a_leader_that_was_paused_writes_nothing_once_it_has_lost(contender):
    leader = contender()
    assert leader.hear() == "ready"
    assert leader.ask("acquire", "one", SHORT) == "1"
    assert leader.ask("write", "one") == "written"
    leader.signal(SIGSTOP)
    lease, _ = taken("one", 10)
    leader.signal(SIGCONT)
    assert leader.ask("write", "one") == "lost"
    assert ImportedFile.objects.count() == 1
    with fenced(lease):
        ImportedFile.objects.create(name="one", first_imported=now(), last_imported=now())


def test_a_leader_that_is_paused_in_its_transaction_is_let_go(contender, private_databases):
    if private_databases.kind == "sqlite":
        pytest.skip("SQLite has no server that could end a transaction")
    leader = contender()
    assert leader.hear() == "ready"
    assert leader.ask("acquire", "one", 1) == "1"
    assert leader.ask("linger", "one") == "inside"
    leader.signal(SIGSTOP)
    lease, seconds = taken("one", 10)
    assert (lease.fence, seconds < 4) == (2, True)
    leader.signal(SIGCONT)
    assert leader.hear() in ("OperationalError", "InternalError")
    assert not ImportedFile.objects.exists()
