"""The web process as it runs in production: gunicorn with one worker, asked over loopback."""

import gzip
import http.client
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.instance import Instance
from tests.services.process import HOST, Process, free_port, listening

SECONDS_PER_TICK = 1 / os.sysconf("SC_CLK_TCK")
RESET_PEAK = "5"
_COUNTED = re.compile(r'^bigpandamon_statement_seconds_count\{query="([^"]+)"\} ([0-9.]+)', re.M)


@dataclass(frozen=True)
class Answer:
    """seconds: until the last byte. first_seconds: until the first."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float
    first_seconds: float

    @property
    def text(self) -> str:
        return self.plain.decode()

    @property
    def plain(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body


class Service:
    """A running web process."""

    def __init__(self, instance: Instance, port: int, master: int):
        self.instance = instance
        self.port = port
        self.get("/health")  # answered once there is a worker
        self.worker = _child_of(master)

    def get(self, path: str, compressed: bool = False) -> Answer:
        """Raises SystemExit when the answer is not 200."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=300)
        began = perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip" if compressed else "identity"})
        response = connection.getresponse()
        first = response.read(1)
        after_first = perf_counter()
        body = first + response.read()
        seconds = perf_counter() - began
        connection.close()
        if response.status != 200:
            raise SystemExit(f"{path}: {response.status}\n{body[:2000].decode(errors='replace')}")
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, body, seconds, after_first - began)

    def statements(self) -> Counter[str]:
        """Statements executed so far, by the name of their query."""
        return Counter({name: int(float(n)) for name, n in _COUNTED.findall(self.get("/metrics").text)})

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.worker)

    def database_cpu_seconds(self) -> float:
        return cpu_seconds(self.instance.database_pid) if self.instance.database_pid else 0.0

    def reset_peak(self) -> None:
        Path(f"/proc/{self.worker}/clear_refs").write_text(RESET_PEAK)

    def peak_megabytes(self) -> float:
        """The most memory that the worker has held since the last reset."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.worker}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0


@contextmanager
def service(instance: Instance) -> Iterator[Service]:
    """gunicorn as `bigpandamon serve` starts it."""
    port = free_port()
    argv = [sys.executable, "-m", "bigpandamon_core.management.main", "serve", "--bind", f"{HOST}:{port}"]
    environment = [f"{name}={value}" for name, value in instance.environment.items() if "BIGPANDAMON" in name]
    process = Process(["env", *environment, *argv], instance.folder / "web.log")
    process.start(lambda: listening(port))
    try:
        assert process.pid is not None
        yield Service(instance, port, process.pid)
    finally:
        process.stop()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * SECONDS_PER_TICK


def _child_of(master: int) -> int:
    """gunicorn's one worker."""
    listed = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return int(listed[0])
