"""One maker over all processes that share a store. A process is a Cache of its own here, for each has its own
flights; that real ones do the same is shown in tests/web/test_processes.py."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from pymemcache.client.base import Client  # type: ignore[import-untyped]  # it carries no types

from bigpandamon_core.caching import cache as room
from bigpandamon_core.caching.cache import Cache
from bigpandamon_core.caching.claims import claimed
from bigpandamon_core.caching.entry import Entry
from bigpandamon_core.caching.folder import LOCKS, Folder
from bigpandamon_core.caching.memcached import Memcached, Servers
from bigpandamon_core.caching.store import Event, Store
from bigpandamon_core.domain.problems import Problem
from tests.caching.questions import QUESTION, SECRET, entry, question
from tests.services.process import HOST, free_port

CLAIM_SECONDS = 3
KEY = QUESTION.key(SECRET)
MANY = 20
Stores = Callable[[], Store]


@pytest.fixture
def memcached_stores(memcached_server) -> Stores:
    Client(memcached_server.address).flush_all(noreply=False)
    servers = Servers((memcached_server.address,), "panda", 600, CLAIM_SECONDS)
    return lambda: Memcached(servers, SECRET)


@pytest.fixture
def files_stores(tmp_path) -> Stores:
    return lambda: Folder(tmp_path / "cache")


@pytest.fixture(params=[pytest.param("memcached_stores", marks=pytest.mark.services), "files_stores"])
def stores(request) -> Stores:
    """Makes a store for each process."""
    found: Stores = request.getfixturevalue(request.param)
    return found


class Process:
    """Asks one question as kept.py does; counts what was made. takes: seconds. fails: with what."""

    def __init__(self, store: Store, takes: float = 0.2, fails: Exception | None = None):
        self.cache = Cache(store, SECRET, 3600)
        self.takes, self.fails = takes, fails
        self.made = 0
        self.begun = threading.Event()

    def look(self) -> Entry | None:
        return self.cache.find(QUESTION)

    def make(self) -> Entry | None:
        self.made += 1
        self.begun.set()
        time.sleep(self.takes)
        if self.fails:
            raise self.fails
        return self.cache.keep(QUESTION, entry())

    def ask(self) -> Entry | None:
        return self.cache.once(QUESTION, self.look, self.make)


def test_of_many_in_two_processes_one_makes_it(stores):
    processes = [Process(stores()), Process(stores())]
    gate = threading.Barrier(MANY)

    def ask(number: int) -> Entry | None:
        gate.wait()
        return processes[number % 2].ask()

    with ThreadPoolExecutor(MANY) as pool:
        assert list(pool.map(ask, range(MANY))) == [entry()] * MANY
    assert sum(process.made for process in processes) == 1


def test_who_gets_the_right_looks_again(stores):
    """Another finished between the first look, which found nothing, and the taking of the right."""
    first, second = Process(stores()), Process(stores())
    assert second.look() is None
    first.ask()
    assert second.ask() == entry()
    assert second.made == 0


def test_other_questions_do_not_wait(stores):
    slow, quick = Process(stores(), takes=2), Process(stores())
    other = question(resource="other")
    assert other.key(SECRET)[:2] != KEY[:2]
    with ThreadPoolExecutor(1) as pool:
        pool.submit(slow.ask)
        assert slow.begun.wait(5)
        began = time.monotonic()
        assert quick.cache.once(other, lambda: None, entry) == entry()
        assert time.monotonic() - began < 1


def test_after_a_failure_the_next_one_tries(stores):
    failing, working = Process(stores(), fails=Problem("down", status=503)), Process(stores())

    def ask_failing() -> None:
        with suppress(Problem):
            failing.ask()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(ask_failing)
        assert failing.begun.wait(5)
        assert working.ask() == entry()
    assert (failing.made, working.made) == (1, 1)


def test_what_cannot_be_shared_each_makes(stores):
    one, two = Process(stores()), Process(stores())
    assert one.cache.once(QUESTION, one.look, lambda: None) is None
    assert two.cache.once(QUESTION, two.look, lambda: None) is None


def test_in_the_background_nobody_waits_for_another(stores):
    slow, idle = Process(stores(), takes=1), Process(stores())
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(slow.ask)
        assert slow.begun.wait(5)
        idle.cache.renew(QUESTION, idle.look, idle.make)
        while idle.cache._renewals._under_way:
            time.sleep(0.002)
        assert not done.done()
    assert idle.made == 0


def test_who_waits_too_long_makes_his_own(stores, monkeypatch):
    monkeypatch.setattr(room, "WAIT_SECONDS", 0.1)
    slow, other = Process(stores(), takes=1), Process(stores(), takes=0)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(slow.ask)
        assert slow.begun.wait(5)
        assert other.ask() == entry()
    assert other.made == 1


# --- a maker that dies


@pytest.mark.services
def test_memcached_ends_the_right_of_who_died(memcached_stores):
    assert memcached_stores().claim(KEY)  # and is heard of no more
    waiting, began = Process(memcached_stores(), takes=0), time.monotonic()
    assert waiting.ask() == entry()
    assert 1 < time.monotonic() - began < CLAIM_SECONDS + 1


def test_a_file_is_free_when_its_holder_was_killed(files_stores, tmp_path):
    lock = tmp_path / "cache" / LOCKS / KEY[:2]
    hold = "import sys, time; from pathlib import Path; from bigpandamon_core.caching.claims import claimed; "
    hold += "held = claimed(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(lock)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        assert files_stores().claim(KEY) is None
        holder.kill()
        holder.wait()
    assert files_stores().claim(KEY)


def test_a_right_is_held_once_and_can_be_had_again(tmp_path):
    path = tmp_path / "locks" / "ab"
    release = claimed(path)
    assert release
    assert claimed(path) is None
    release()
    assert claimed(path)


@pytest.mark.services
def test_a_right_that_ended_by_itself_is_not_taken_from_the_next(memcached_stores, monkeypatch):
    late = memcached_stores().claim(KEY)
    assert late
    real = time.monotonic
    monkeypatch.setattr("bigpandamon_core.caching.memcached.monotonic", lambda: real() + CLAIM_SECONDS)
    late()
    assert memcached_stores().claim(KEY) is None


# --- stores that give no right


def test_without_memcached_each_process_makes_its_own():
    noticed: Counter[Event] = Counter()
    servers = Servers((f"{HOST}:{free_port()}",), "panda", 600)
    processes = [Process(Memcached(servers, SECRET, lambda event: noticed.update([event]))) for _ in range(2)]
    gate = threading.Barrier(MANY)

    def ask(number: int) -> Entry | None:
        gate.wait()
        return processes[number % 2].ask()

    with ThreadPoolExecutor(MANY) as pool:
        assert list(pool.map(ask, range(MANY))) == [entry()] * MANY
    assert [process.made for process in processes] == [1, 1]
    assert set(noticed) == {Event.FAILED}


def test_a_folder_that_cannot_be_written_gives_every_right(tmp_path: Path):
    noticed: list[Event] = []
    (tmp_path / "file").write_text("in the way")
    store = Folder(tmp_path / "file" / "cache", noticed.append)
    assert store.claim(KEY)
    assert store.claim(KEY)
    assert noticed == [Event.FAILED] * 2
