"""`bigpandamon demo run` as a person uses it: started, looked at, ended, started again."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from bigpandamon_core.demo.running import answering, folder
from bigpandamon_core.domain.problems import Problem
from tests.services.process import HOST, free_port

pytestmark = pytest.mark.once
START_SECONDS = 90.0
SMALL = ("--jobs-per-day", "1500", "--hours", "2", "--seed", "7")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != folder.ENVIRONMENT}


class Demo:
    """A running demonstration and what it has said so far."""

    def __init__(self, place: Path, port: int, *words: str) -> None:
        self.port = port
        command = [sys.executable, "-m", "bigpandamon_core.management.main", "demo", "run"]
        self.process = subprocess.Popen(
            [*command, "--port", str(port), "--folder", str(place), *SMALL, *words],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line)

    @property
    def said(self) -> str:
        return "".join(self.lines)

    def wait_for(self, text: str) -> None:
        ends = monotonic() + START_SECONDS
        while text not in self.said:
            assert self.process.poll() is None, self.said
            assert monotonic() < ends, self.said
            sleep(0.1)

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def end(self, how: int = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


@contextmanager
def running(place: Path, *words: str) -> Iterator[Demo]:
    demo = Demo(place, free_port(), *words)
    try:
        demo.wait_for("The monitor answers at")
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.end()


def jobs(place: Path) -> dict[int, str]:
    tables = ("jobsdefined4", "jobsactive4", "jobsarchived4")
    union = " UNION ALL ".join(f"SELECT pandaid, jobstatus FROM {table}" for table in tables)
    with sqlite3.connect(place / folder.PANDA) as connection:
        return dict(connection.execute(union).fetchall())


def processes_of(place: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(place).encode() in entry.read_bytes():
                found.append(entry.parent.name)
        except OSError:
            continue
    return found


def went_well(demo) -> set[str]:
    """The periodic tasks that succeeded. On a busy machine the first warm-up may take too long."""
    told = json.loads(demo.get("/health")[1])["schedule"]
    assert "schedule" in told["leases"]
    return {name for name, task in told["tasks"].items() if task["last_success"]}


@pytest.mark.slow
def test_a_life(tmp_path):
    with running(tmp_path) as demo:
        status, body = demo.get("/jobs/?json&limit=5")
        answer = json.loads(body)
        assert (status, len(answer["jobs"]) > 0) == (200, True)
        demo.wait_for("warm-up took")
        demo.wait_for("queue-recorder took")
        deadline = monotonic() + 150
        while not went_well(demo) >= {"queue-recorder", "warm-up"}:
            assert monotonic() < deadline, went_well(demo)
            sleep(1)
        first = jobs(tmp_path)
        assert len(first) > 50
        assert processes_of(tmp_path)
        assert demo.end() == 0
    assert processes_of(tmp_path) == []
    with running(tmp_path) as demo:
        assert "goes on from" in demo.said
        assert set(first) <= set(jobs(tmp_path))
        assert demo.end(signal.SIGTERM) == 0
    assert processes_of(tmp_path) == []


@pytest.mark.slow
def test_an_end_while_the_history_is_written(tmp_path):
    demo = Demo(tmp_path, free_port(), "--jobs-per-day", "60000", "--hours", "24")
    demo.wait_for("  up to ")
    assert demo.end() == 0
    assert processes_of(tmp_path) == []


@pytest.mark.slow
def test_when_one_process_ends_all_end(tmp_path):
    with running(tmp_path) as demo:
        ours = processes_of(tmp_path)
        (simulator,) = [pid for pid in ours if b"simulate" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        os.kill(int(simulator), signal.SIGKILL)
        assert demo.process.wait(timeout=30) == 1
        assert "The simulator ended by itself" in demo.said
    assert processes_of(tmp_path) == []


def run_to_end(*words: str, **environment: str) -> Any:
    command = [sys.executable, "-m", "bigpandamon_core.management.main", "demo", "run", *words]
    return subprocess.run(
        command, env=ENVIRONMENT | environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_port_that_is_taken(tmp_path):
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run_to_end("--port", str(port), "--folder", str(tmp_path / "var"))
    assert ended.returncode == 1
    assert f"Port {port} cannot be listened on" in ended.stderr
    assert "--port" in ended.stderr
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("port", ["99999", "0", "-1", "web"])
def test_what_is_no_port(tmp_path, port):
    ended = run_to_end("--port", port, "--folder", str(tmp_path / "var"))
    assert ended.returncode == 2
    assert "argument --port: expected a whole number, 1 to 65535" in ended.stderr


def test_nothing_to_import(tmp_path):
    ended = run_to_end("--port", str(free_port()), "--data", str(tmp_path / "nowhere"))
    assert ended.returncode == 1
    assert "There is nothing to import" in ended.stderr


def test_a_folder_in_use(tmp_path):
    again = folder.occupied(tmp_path / "var")
    with folder.occupied(tmp_path / "var"), pytest.raises(Problem, match="Another demonstration runs"):
        again.__enter__()


def test_a_faulty_configuration_is_told_and_nothing_started(tmp_path):
    path = tmp_path / "faulty.toml"
    path.write_text("[web]\nworkres = 3\n")
    ended = run_to_end(
        "--port", str(free_port()), "--folder", str(tmp_path / "var"), **{folder.ENVIRONMENT: str(path)}
    )
    assert ended.returncode == 2
    assert "workers" in ended.stderr
    assert not (tmp_path / "var" / folder.CONFIGURATION).exists()


def test_a_configuration_is_written_once(tmp_path):
    environment = folder.environment(tmp_path, 'A "Title"', "192.0.2.7", {})
    path = Path(environment[folder.ENVIRONMENT])
    assert 'title = "A \\"Title\\""' in path.read_text()
    assert '"192.0.2.7"' in path.read_text()
    path.write_text("# changed by a person\n")
    folder.environment(tmp_path, "Other", HOST, {})
    assert path.read_text() == "# changed by a person\n"


def test_a_given_configuration_is_used(tmp_path):
    given = {folder.ENVIRONMENT: "/somewhere/else.toml"}
    assert folder.environment(tmp_path, "Title", HOST, given) == given
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:80/"), ("0.0.0.0", "http://127.0.0.1:80/"), ("::1", "http://[::1]:80/")],
)
def test_the_address_to_look_at(host, shown):
    assert answering.url(host, 80) == shown
