"""`bigpandamon serve`: gunicorn takes the command line and does what the options say."""

import json
import os
import signal
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from socket import create_connection
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from bigpandamon_core import config
from bigpandamon_core.management import serve
from bigpandamon_core.web import gunicorn_settings
from tests.services.process import free_port

pytestmark = pytest.mark.slow

# Answers with its environment: what gunicorn made of the options can be read from it.
ECHO = "wsgiref.simple_server:demo_app"


def options(file, text=""):
    file.write_text(text)
    return config.load(file, environ={"XDG_STATE_HOME": "/srv/state"})


def test_the_options_become_arguments(file):
    found = options(file, '[web]\nworkers = 3\nthreads = 5\n[logging]\nlevel = "warning"\n')
    words = serve.command(found, "127.0.0.1:9999")
    assert {"--bind=127.0.0.1:9999", "--workers=3", "--threads=5", "--log-level=warning"} <= set(words)
    assert "--forwarded-allow-ips=127.0.0.1,::1" in words
    assert words[-1] == "bigpandamon_core.web.wsgi:application"
    assert not [word for word in words if "SCRIPT_NAME" in word or "access" in word]


def test_further_options_of_gunicorn_stand_in_a_file_of_the_instance(file):
    found = options(file)
    assert serve.of_instance(found) == ""
    file.with_name("gunicorn.conf.py").write_text("_often = 7\nmax_requests = _often * 100\n")
    words = [*serve.command(found, "127.0.0.1:9999")[:-1], "--print-config", ECHO]
    environment = os.environ | {gunicorn_settings.MORE: serve.of_instance(found)}
    told = subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout
    known = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    known = {name.strip(): value.strip() for name, value in known.items()}
    assert (known["max_requests"], known["control_socket_disable"]) == ("700", "True")
    assert "Worker" in known["worker_class"]


@pytest.mark.parametrize("proxies", [[], ["10.1.0.0/16", "::1"]])
def test_gunicorn_believes_the_proxies_that_the_monitor_believes(file, proxies):
    found = options(file, f"[accounts]\nproxies = {json.dumps(proxies)}\n")
    words = [*serve.command(found, "127.0.0.1:9999")[:-1], "--print-config", ECHO]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    (line,) = [line for line in told.splitlines() if line.startswith("forwarded_allow_ips")]
    assert line.partition("=")[2].strip() == str(proxies)


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

    def start(text, bind, application=ECHO):
        words = [*serve.command(options(file, text), bind)[:-1], application]
        environment = os.environ | {"BIGPANDAMON_CONFIG": str(file)}
        processes.append(
            subprocess.Popen(
                words, cwd=tmp_path, start_new_session=True, stderr=subprocess.DEVNULL, env=environment
            )
        )
        return processes[-1]

    yield start
    for process in processes:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def test_gunicorn_answers_with_threads(served):
    port = free_port()
    process = served("[web]\nworkers = 1\nthreads = 2\n", f"127.0.0.1:{port}")
    assert "wsgi.multithread = True" in answer(f"http://127.0.0.1:{port}/", process)


OURS = '[paths]\nstate = "state"\n[web]\nworkers = 1\nthreads = 2\n'


def refused(url, **headers):
    """Status and text of a refusal."""
    with pytest.raises(HTTPError) as error:
        urlopen(Request(url, headers=headers), timeout=5)
    return error.value.code, error.value.read().decode()


def test_addresses_outside_the_base_path_are_not_here(served):
    port = free_port()
    process = served(f'{OURS}base_path = "/monitor"\n', f"127.0.0.1:{port}", serve.APPLICATION)
    assert "bigpandamon_" in answer(f"http://127.0.0.1:{port}/monitor/metrics", process)
    for path in ("/jobs/", "/", "/monitoring/", "/metrics", "/static/bigpandamon/icon.svg"):
        status, page = refused(f"http://127.0.0.1:{port}{path}", Accept="text/html")
        assert (status, f"There is nothing at {path}" in page, "web.base_path" in page) == (404, True, True)
    status, text = refused(f"http://127.0.0.1:{port}/api/v1/jobs")
    assert (status, json.loads(text)["type"]) == (404, "urn:bigpandamon:problem:not-found")


def test_addresses_as_long_as_gunicorn_can_read_and_a_word_on_longer_ones(served):
    port = free_port()
    process = served(OURS, f"127.0.0.1:{port}", serve.APPLICATION)
    answer(f"http://127.0.0.1:{port}/metrics?{'a' * 8000}", process)
    status, text = refused(f"http://127.0.0.1:{port}/metrics?{'a' * 9000}")
    problem = json.loads(text)["problem"]
    assert (status, problem["code"], "/jobs/ and /job/ take" in problem["remedy"]) == (414, "too-long", True)


HALF = b"GET / HTTP/1.1\r\nHost: loc"


def test_requests_that_are_never_finished_stop_nobody_for_long(served):
    port = free_port()
    process = served("[web]\nworkers = 1\nthreads = 2\nread_seconds = 2\n", f"127.0.0.1:{port}")
    answer(f"http://127.0.0.1:{port}/", process)
    with ExitStack() as held:
        for _ in range(20):
            held.enter_context(create_connection(("127.0.0.1", port))).sendall(HALF)
        sleep(0.2)
        began = monotonic()
        assert urlopen(f"http://127.0.0.1:{port}/", timeout=20).status == 200
        assert 1 < monotonic() - began < 12


def test_a_request_that_drips_is_let_go(served):
    port = free_port()
    process = served("[web]\nworkers = 1\nread_seconds = 1\n", f"127.0.0.1:{port}")
    answer(f"http://127.0.0.1:{port}/", process)
    with create_connection(("127.0.0.1", port), timeout=0.2) as client:
        client.sendall(HALF)
        began = monotonic()
        while monotonic() - began < 10:
            with suppress(TimeoutError):
                if not client.recv(1):
                    break
            client.sendall(b"a")
        assert 0.5 < monotonic() - began < 4


def test_no_control_socket_is_left_behind(served):
    home = Path.home() / ".gunicorn"
    before = set(home.iterdir()) if home.exists() else set()
    port = free_port()
    answer(f"http://127.0.0.1:{port}/", served("[web]\nworkers = 1\n", f"127.0.0.1:{port}"))
    assert (set(home.iterdir()) if home.exists() else set()) == before


SLOWLY = """
import os
from time import sleep

def application(_environ, start_response):
    sleep(1)
    start_response("200 OK", [])
    return [str(os.getpid()).encode()]
"""


def test_a_process_whose_threads_are_busy_leaves_clients_to_the_others(served, tmp_path):
    port = free_port()
    (tmp_path / "slowly.py").write_text(SLOWLY)
    url = f"http://127.0.0.1:{port}/"
    process = served("[web]\nworkers = 2\nthreads = 2\n", f"127.0.0.1:{port}", "slowly:application")
    seen = {answer(url, process)}
    deadline = monotonic() + 20
    while len(seen) < 2:  # until both have loaded the application
        assert monotonic() < deadline, "one process answers all"
        with ThreadPoolExecutor(8) as clients:
            seen |= set(clients.map(lambda _: answer(url, process), range(8)))
    with ThreadPoolExecutor(4) as clients:
        pids = list(clients.map(lambda _: answer(url, process), range(4)))
    assert sorted(Counter(pids).values()) == [2, 2]
