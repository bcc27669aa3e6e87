"""A real monitor with two processes: of many who ask at once one makes the answer, also when he dies."""

import os
import re
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from urllib.parse import unquote_to_bytes

import pytest

from tests.services.memcached import Memcached
from tests.services.process import HOST, free_port
from tests.web.holding import Holding
from tests.web.served import Answer, Monitor

pytestmark = [pytest.mark.services, pytest.mark.once]
MANY = 200
URL = "/jobs/?json&date_from=2026-01-01&date_to=2026-01-02"
"""About a window that does not move on."""
CACHE = """[cache]
kind = "{kind}"
servers = ["{address}"]
default_seconds = {seconds}
stale_seconds = 60
claim_seconds = 3
"""


class Twins:
    """Two processes and their PanDA database, which can be held up."""

    def __init__(self, folder: Path, cache: str):
        self.panda = Holding(folder / "panda.sqlite3")
        self.counters = folder / "counters"
        self.counters.mkdir()
        told = {"PROMETHEUS_MULTIPROC_DIR": str(self.counters)}
        self.monitor = Monitor(self.panda.url, cache, workers=2, **told)

    def prepare(self) -> None:
        self.panda.prepare(self.monitor)
        while len(list(self.counters.glob("counter_*.db"))) < 2:
            self.monitor.get("/nowhere/?json")

    def counted(self, name: str, label: str) -> Counter[str]:
        """Samples of a counter by one of their labels, of both processes together."""
        found: Counter[str] = Counter()
        for labels, value in self.monitor.samples(name):
            found[labels[label]] += value
        return found

    @property
    def outcomes(self) -> Counter[str]:
        return self.counted("bigpandamon_cache_answers_total", "outcome")

    @property
    def events(self) -> Counter[str]:
        return self.counted("bigpandamon_cache_entries_total", "event")

    def all_at_once(self) -> list[Future[Answer]]:
        """Many ask the same at one moment; they are on their way."""
        gate = Barrier(MANY)

        def ask(_number: int) -> Answer:
            gate.wait()
            return self.monitor.get(URL)

        pool = ThreadPoolExecutor(MANY)
        asked = [pool.submit(ask, number) for number in range(MANY)]
        pool.shutdown(wait=False)
        return asked


Started = Callable[..., Twins]


@pytest.fixture
def started(tmp_path) -> Iterator[Started]:
    twins: list[Twins] = []

    def start(kind: str, address: str = f"{HOST}:1", seconds: int = 600) -> Twins:
        made = Twins(tmp_path, CACHE.format(kind=kind, address=address, seconds=seconds))
        made.monitor.__enter__()
        twins.append(made)
        made.prepare()
        return made

    yield start
    for made in twins:
        made.monitor.__exit__()


def holder_of_a_right(server: Memcached) -> int:
    """The process that makes an answer now, as memcached knows it."""
    with socket.create_connection((HOST, server.port), timeout=5) as line, line.makefile("rwb") as asked:
        for _ in range(500):
            asked.write(b"lru_crawler metadump all\r\n")
            asked.flush()
            found = re.search(rb"key=(\S+\.claim) ", b"".join(iter(asked.readline, b"END\r\n")))
            if found:
                asked.write(b"get " + unquote_to_bytes(found[1]) + b"\r\n")
                asked.flush()
                assert asked.readline().startswith(b"VALUE")
                return int(asked.readline())
            time.sleep(0.01)
    raise AssertionError("nobody makes anything")


@pytest.mark.parametrize("kind", ["memcached", "files"])
def test_of_many_misses_one_makes_it(started, memcached_server, kind):
    twins = started(kind, memcached_server.address)
    with twins.panda.held_up():
        asked = twins.all_at_once()
        time.sleep(0.5)
    answers = [one.result() for one in asked]
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    assert twins.outcomes == {"miss": 1, "hit": MANY - 1}


def test_of_many_who_get_the_older_one_makes_the_newer(started, memcached_server):
    twins = started("memcached", memcached_server.address, seconds=2)
    twins.monitor.get(URL)
    time.sleep(2.1)
    with twins.panda.held_up():
        answers = [one.result() for one in twins.all_at_once()]
        assert {answer.headers["X-Cache"] for answer in answers} == {"updating"}
        assert all(int(answer.headers["Age"]) >= 2 for answer in answers)
        assert twins.events["renewed"] == 0
    deadline = time.monotonic() + 10
    while not twins.events["renewed"]:
        assert time.monotonic() < deadline
    assert twins.events["renewed"] == 1
    assert twins.outcomes == {"miss": 1, "updating": MANY}


def test_when_the_maker_is_killed_another_takes_over(started, memcached_server):
    twins = started("memcached", memcached_server.address)
    with ThreadPoolExecutor(9) as pool:
        with twins.panda.held_up():
            first = pool.submit(twins.monitor.get, URL)
            os.kill(holder_of_a_right(memcached_server), signal.SIGKILL)
            assert first.exception(timeout=10)
        began = time.monotonic()
        answers = list(pool.map(lambda _: twins.monitor.get(URL), range(8)))
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    assert twins.outcomes == {"miss": 1, "hit": 7}
    assert time.monotonic() - began > 0.5, "nobody waited for the right of the dead to end"


def test_without_memcached_each_process_makes_one(started):
    twins = started("memcached", f"{HOST}:{free_port()}")
    with twins.panda.held_up():
        asked = twins.all_at_once()
        time.sleep(0.5)
    assert {one.result().status for one in asked} == {200}
    # Nothing is kept: those who wait for it share an answer, who comes after that asks for the next.
    assert 2 <= twins.outcomes["miss"] <= MANY / 3
