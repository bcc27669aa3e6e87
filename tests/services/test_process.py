import signal
import subprocess
import sys
import time

import pytest

from tests.services import folders, process
from tests.services.process import Process, ServiceFailed, free_port, listening, started

LISTENER = (
    "import socket, sys, time; s = socket.socket(); s.bind(('127.0.0.1', int(sys.argv[1])));"
    " s.listen(); time.sleep(60)"
)


@pytest.fixture
def folder():
    with folders.folder("process") as made:
        yield made


def listener(folder, port):
    return Process([sys.executable, "-c", LISTENER, str(port)], folder / "log")


def test_it_is_ready_when_it_says_so_and_gone_when_stopped(folder):
    port = free_port()
    server = listener(folder, port)
    server.start(lambda: listening(port))
    assert server.alive
    server.stop()
    assert not server.alive
    assert not listening(port)


def test_a_server_that_dies_is_not_waited_for(folder):
    server = Process([sys.executable, "-c", "import sys; sys.exit('no such luck')"], folder / "log")
    begun = time.monotonic()
    with pytest.raises(ServiceFailed, match="no such luck"):
        server.start(lambda: False)
    assert time.monotonic() - begun < 10


def test_a_server_that_never_gets_ready_is_killed(folder, monkeypatch):
    monkeypatch.setattr(process, "START_SECONDS", 0.3)
    server = Process([sys.executable, "-c", "import time; time.sleep(60)"], folder / "log")
    with pytest.raises(ServiceFailed, match="not ready"):
        server.start(lambda: False)
    assert not server.alive


def test_the_whole_group_ends(folder):
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1], sys.argv[2]])"
    port = free_port()
    server = Process([sys.executable, "-c", child, LISTENER, str(port)], folder / "log")
    server.start(lambda: listening(port))
    server.kill()
    deadline = time.monotonic() + 5
    while listening(port) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not listening(port)


def test_a_taken_port_is_tried_again(folder):
    class Taken:
        removed = 0

        def start(self) -> None:
            if not Taken.removed:
                raise ServiceFailed("Can't start: Address already in use")

        def remove(self) -> None:
            Taken.removed += 1

    started(Taken)
    assert Taken.removed == 1


def test_a_server_dies_with_its_test_run(folder):
    port = free_port()
    program = (
        "import pathlib, sys, time; from tests.services.process import Process, listening;"
        f"log = pathlib.Path({str(folder / 'log')!r});"
        f"server = Process([sys.executable, '-c', {LISTENER!r}, '{port}'], log);"
        f"server.start(lambda: listening({port})); print(server.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        run.stdout.readline()
        run.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while listening(port) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not listening(port)
