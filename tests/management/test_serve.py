"""`bigpandamon serve`: gunicorn takes the command line and does what the options say."""

import os
import signal
import subprocess
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bigpandamon_core import config
from bigpandamon_core.management import serve
from tests.services.process import free_port

# Answers with its environment: what gunicorn made of the options can be read from it.
ECHO = "wsgiref.simple_server:demo_app"


def options(file, text=""):
    file.write_text(text)
    return config.load(file, environ={"XDG_STATE_HOME": "/srv/state"})


def test_the_options_become_arguments(file):
    found = options(file, '[web]\nworkers = 3\nthreads = 5\n[logging]\nlevel = "warning"\n')
    words = serve.command(found, "127.0.0.1:9999")
    assert {"--bind=127.0.0.1:9999", "--workers=3", "--threads=5", "--log-level=warning"} <= set(words)
    assert words[-1] == "bigpandamon_core.web.wsgi:application"
    assert not [word for word in words if "SCRIPT_NAME" in word or "access" in word]


def answer(url, process):
    """The answer as soon as there is one."""
    deadline = monotonic() + 20
    while True:
        try:
            return urlopen(url, timeout=5).read().decode()
        except URLError:
            assert process.poll() is None, "gunicorn has ended"
            assert monotonic() < deadline, "gunicorn does not answer"
            sleep(0.05)


@pytest.fixture
def served(file, tmp_path):
    """Start gunicorn with an application that is not ours, in a folder with a trap; gone after the test."""
    processes = []
    (tmp_path / "gunicorn.conf.py").write_text("raise SystemExit('a file nobody named was run')")

    def start(text, bind):
        words = [*serve.command(options(file, text), bind)[:-1], ECHO]
        processes.append(
            subprocess.Popen(words, cwd=tmp_path, start_new_session=True, stderr=subprocess.DEVNULL)
        )
        return processes[-1]

    yield start
    for process in processes:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def test_gunicorn_serves_below_the_base_path(served):
    port = free_port()
    process = served('[web]\nworkers = 1\nthreads = 2\nbase_path = "/monitor"\n', f"127.0.0.1:{port}")
    told = answer(f"http://127.0.0.1:{port}/monitor/jobs/?a=b", process)
    assert "SCRIPT_NAME = '/monitor'" in told
    assert "PATH_INFO = '/jobs/'" in told
    assert "wsgi.multithread = True" in told


def test_no_control_socket_is_left_behind(served):
    home = Path.home() / ".gunicorn"
    before = set(home.iterdir()) if home.exists() else set()
    port = free_port()
    answer(f"http://127.0.0.1:{port}/", served("[web]\nworkers = 1\n", f"127.0.0.1:{port}"))
    assert (set(home.iterdir()) if home.exists() else set()) == before
