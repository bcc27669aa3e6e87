"""The service of an instance that came from RPMs: nginx, memcached and supervisord in a root of their own."""

import http.client
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.packaging.root import Root
from tests.services.process import Process
from tests.waiting import until

USER = "bigpandamon"
SUPERVISOR = "/usr/lib/bigpandamon/bin"
CONFIGURATION = ("--configuration", "/etc/bigpandamon/supervisord.conf")


class Service:
    """As a client, and as the one who looks after it, sees it."""

    def __init__(self, root: Root):
        self.root = root
        self.processes: dict[str, Process] = {}

    def ask(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer through nginx."""
        with self.root.connected():
            connection = http.client.HTTPConnection("127.0.0.1", 80, timeout=30)
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            body = response.read()
            connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, body

    def health(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ask("/health")[2])
        return found

    def status(self) -> dict[str, tuple[str, int]]:
        """State and process of each program."""
        lines = self.control("status").splitlines()
        found = {}
        for line in lines:
            name, state, *rest = line.split()
            found[name] = state, int(rest[1].rstrip(",")) if state == "RUNNING" else 0
        return found

    def control(self, *words: str) -> str:
        return self.root.told(f"{SUPERVISOR}/supervisorctl", *CONFIGURATION, *words)

    def command(self, *words: str) -> str:
        """The output of `bigpandamon` run by the service's user."""
        return self.root.told("/usr/bin/bigpandamon", *words, user=USER)

    def await_status(self, path: str, wanted: int, seconds: float = 40) -> None:
        """Until an address answers so."""
        ends = time.monotonic() + seconds
        while (status := self._status_of(path)) != wanted:
            assert time.monotonic() < ends, f"{path} answers {status}, not {wanted}"
            time.sleep(0.2)

    def await_line(self, log: str, words: str) -> None:
        """Until a log has words: nginx writes after it has answered."""
        until(lambda: words in (self.root.log / log).read_text())

    def _status_of(self, path: str) -> int:
        """0 as long as nobody listens."""
        try:
            return self.ask(path)[0]
        except ConnectionRefusedError:
            return 0


@contextmanager
def running(root: Root, logs: Path) -> Iterator[Service]:
    """The three, started as their units would start them."""
    run = root.folder / "run" / "bigpandamon"
    run.mkdir(exist_ok=True)
    run.chmod(0o750)
    os.chown(run, *root.ids(USER))
    programs = {
        "nginx": root.inside("nginx", "-g", "daemon off;"),
        "memcached": root.inside("memcached", "-l", "127.0.0.1", user="nobody"),
        "supervisord": root.inside(f"{SUPERVISOR}/supervisord", "--nodaemon", *CONFIGURATION, user=USER),
    }
    service = Service(root)
    with ExitStack() as stack:
        for name, argv in programs.items():
            service.processes[name] = process = Process(argv, logs / f"{name}.log")
            process.start(lambda: True)
            stack.callback(process.stop)
        service.await_status("/health", 200)
        yield service


@contextmanager
def load(service: Service) -> Iterator[Counter[int]]:
    """Somebody asks all the time, inside; how often each status came."""
    counts: Counter[int] = Counter()
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            counts[service.ask("/jobs/?json&limit=1")[0]] += 1

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield counts
    finally:
        time.sleep(1)
        over.set()
        asking.join()
