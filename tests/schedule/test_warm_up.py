"""The warm-up as an instance runs it: its own command beside its own web process."""

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import UnixStreamServer

import pytest

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.schedule import loopback, warm_up
from tests.services.process import HOST, free_port
from tests.web.served import Monitor

pytestmark = pytest.mark.once
KEEPING = """[cache]
kind = "memory"
default_seconds = 86400
[schedule]
warm_up = ["/", "/jobs/?json", "/jobs/"]
"""


@pytest.fixture
def panda_url(tmp_path):
    return f"sqlite:///{tmp_path}/panda.sqlite3"


def warmed(monitor: Monitor) -> None:
    monitor.command("schedule", "--bind", f"{HOST}:{monitor.port}", "run", "warm-up")


def failure(monitor: Monitor) -> str:
    with pytest.raises(subprocess.CalledProcessError) as error:
        warmed(monitor)
    assert error.value.returncode == 1
    return str(error.value.stderr.decode())


def prepared(monitor: Monitor) -> Monitor:
    for words in (("demo", "schema"), ("migrate",)):
        monitor.command(*words)
    return monitor


@pytest.mark.services
def test_what_is_kept_is_what_a_client_gets(panda_url):
    with Monitor(panda_url, KEEPING) as monitor:
        prepared(monitor)
        warmed(monitor)
        browser = {"Accept": "text/html", "Accept_Encoding": "gzip, br", "Host": "localhost"}
        assert monitor.get("/", **browser).headers["X-Cache"] == "hit"
        assert monitor.get("/jobs/", **browser).headers["X-Cache"] == "hit"
        kept = monitor.get("/jobs/?json")
        made = monitor.get("/jobs/?json&timestamp=1")
        assert kept.headers["X-Cache"] == "hit"
        assert json.loads(kept.body) == json.loads(made.body)
        schedule = json.loads(monitor.get("/health").body)["schedule"]
        assert schedule["tasks"]["warm-up"]["last_success"]


@pytest.mark.services
def test_an_instance_with_a_name_and_a_path(panda_url):
    named = '[web]\nallowed_hosts = [".example.org"]\nbase_path = "/monitor"\n'
    with Monitor(panda_url, KEEPING + named) as monitor:
        prepared(monitor)
        warmed(monitor)
        asked = monitor.get("/monitor/jobs/?json", Host="monitor.example.org")
        assert (asked.status, asked.headers["X-Cache"]) == (200, "hit")


@pytest.mark.services
def test_what_cannot_be_warmed_up_is_told(panda_url):
    wanted = '[cache]\nkind = "memory"\n[schedule]\nwarm_up = ["/", "/nowhere/", "/jobs", "/health"]\n'
    with Monitor(panda_url, wanted) as monitor:
        told = failure(prepared(monitor))
        assert "3 of 4 addresses gave no answer to keep: /nowhere/ (status 404, never kept), " in told
        assert "/jobs (status 301, never kept), /health (status 200, never kept)." in told
        assert monitor.get("/").headers["X-Cache"] == "hit"


def test_nobody_listens(turn):
    options = {"schedule.warm_up": ("/",), "web.bind": f"{HOST}:{free_port()}"}
    with pytest.raises(Problem, match=r"1 of 1 addresses gave no answer to keep: / \(Connection"):
        warm_up.run(turn(**options))


def test_nothing_to_warm_up(turn):
    assert warm_up.run(turn()) == "0 answers"


@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        (("monitor.example.org", "localhost"), "monitor.example.org"),
        ((".example.org",), "example.org"),
        (("*", "other.example.org"), "other.example.org"),
        (("*",), "localhost"),
        ((), "localhost"),
    ],
)
def test_a_name_it_is_asked_under(allowed, host):
    assert warm_up.host_of(allowed) == host


@pytest.mark.parametrize(
    ("bind", "reached"),
    [
        ("127.0.0.1:8008", ("127.0.0.1", 8008)),
        ("0.0.0.0:80", ("127.0.0.1", 80)),
        ("[::]:8008", ("::1", 8008)),
        ("[::1]:8008", ("::1", 8008)),
        ("monitor:1", ("monitor", 1)),
    ],
)
def test_where_it_is_reached(bind, reached):
    asked = loopback.connection(bind, 1)
    assert (asked.host, asked.port) == reached


class Echo(BaseHTTPRequestHandler):
    """Answers with the path."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def address_string(self):
        return "unix"

    def log_message(self, *_arguments):
        pass


def test_a_socket_of_a_file(tmp_path):
    path = f"{tmp_path}/socket"
    with UnixStreamServer(path, Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        asked = loopback.connection(f"unix:{path}", 5)
        asked.request("GET", "/jobs/")
        assert asked.getresponse().read() == b"/jobs/"
        asked.close()
        server.shutdown()
