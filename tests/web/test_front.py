"""nginx and gunicorn as an instance runs them: whose request it is, under which id, what gets lost."""

import json
import os
import re
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.services.programs import program
from tests.waiting import until
from tests.web.front import Front, ask, standing
from tests.web.served import Answer

pytestmark = [pytest.mark.services, pytest.mark.once]
CLIENT = "127.0.0.2"
FORM = "application/x-www-form-urlencoded"
CLAIMS = {"x_forwarded_for": "6.6.6.6", "x_real_ip": "6.6.6.6", "forwarded": "for=6.6.6.6"}
HTTPS = {"x_forwarded_proto": "https", "x_forwarded_ssl": "on"}
NO_PROXY = '[accounts]\nproxies = ["10.9.9.9"]\n'
ID = re.compile(r"[0-9a-f]{32}")
PASSWORD = "four words nobody guesses"


@pytest.fixture(scope="module", autouse=True)
def _nginx() -> None:
    program("nginx", "nginx-light")


@pytest.fixture(scope="module")
def front(tmp_path_factory) -> Iterator[Front]:
    json_lines = {"bigpandamon.log bigpandamon;": "bigpandamon.log bigpandamon_json;"}
    more = '[logging]\nformat = "json"\n'
    with standing(tmp_path_factory.mktemp("front"), more, **json_lines) as made:
        yield made


# --- static files


def test_what_does_not_lie_beside_nginx_comes_from_the_monitor_and_holds_as_long(front):
    address = re.findall(r'"(/static/[^"]+[.]css)"', front.ask("/").text)[0]
    for encoding in ("identity", "gzip"):
        for outcome in ("", "hit"):
            answer = front.ask(address, accept_encoding=encoding)
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers.get("X-Cache", "") == outcome
            assert answer.body.startswith(b"\x1f\x8b") == (encoding == "gzip")


def test_a_name_of_another_release_is_not_kept_by_nginx_either(front):
    for _ in range(2):
        answer = front.ask("/static/bigpandamon/0123456789abcdef/bigpandamon.css")
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        assert "X-Cache" not in answer.headers


# --- from where


def sign_in(send: Callable[..., Answer], host: str, account: str = "nobody", **headers: str) -> Answer:
    origin = {"origin": f"http://{host}", "host": host, "content_type": FORM}
    return send("/login/", "POST", f"account={account}&password={PASSWORD}", CLIENT, **origin, **headers)


def addresses(front: Front) -> list[str]:
    """Those that tried to sign in, the last one first."""
    with closing(sqlite3.connect(front.monitor.folder / "own.sqlite3")) as own:
        return [row[0] for row in own.execute("SELECT address FROM state_auditentry ORDER BY id DESC")]


def test_a_client_is_where_nginx_sees_it_whatever_it_claims(front):
    for claims in ({}, CLAIMS, {"x_forwarded_for": "6.6.6.6, 127.0.0.1"}):
        sign_in(front.ask, "localhost", **claims)
        assert addresses(front)[0] == CLIENT


def test_without_a_proxy_that_is_ours_nothing_is_believed(tmp_path):
    with standing(tmp_path, NO_PROXY) as made:
        made.monitor.command("account", "create", "ada", "--password-stdin", told=f"{PASSWORD}\n")

        def directly(*words, **headers):
            return ask(made.monitor.port, *words, **headers)

        answer = sign_in(directly, "localhost", "ada", **CLAIMS, **HTTPS)
        assert addresses(made)[0] == CLIENT
        assert answer.status == 303
        assert "secure" not in answer.headers["Set-Cookie"].lower()


# --- under which id


def line_of(front: Front, identity: str) -> dict[str, Any]:
    """What the monitor wrote of a request."""
    found = [one for one in map(json.loads, front.monitor.log.splitlines()) if one.get("request") == identity]
    return next(one for one in found if one["logger"] == "bigpandamon.request")


@pytest.mark.parametrize("own", ["", "mine-0123456789", "a\tb", "x" * 500])
def test_a_request_has_one_id_everywhere(front, own):
    answer = front.ask("/jobs/?json&days=x&timestamp=1", **({"x_request_id": own} if own else {}))
    identity = answer.headers["X-Request-Id"]
    assert ID.fullmatch(identity)
    assert line_of(front, identity)["message"].startswith("GET /jobs/ 400 ")
    until(lambda: identity in front.log)
    (seen,) = [one for one in map(json.loads, front.log.splitlines()) if one["request"] == identity]
    assert (seen["status"], seen["client"], seen["address"]) == (
        400,
        "127.0.0.1",
        "/jobs/?json&days=x&timestamp=1",
    )


def test_who_asks_the_monitor_itself_may_bring_a_plain_one(front):
    port = front.monitor.port
    assert ask(port, "/health", x_request_id="mine-0123456789").headers["X-Request-Id"] == "mine-0123456789"
    for other in ("short", "a b c d e f g h", "<script>alert</script>", "x" * 65):
        assert ID.fullmatch(ask(port, "/health", x_request_id=other).headers["X-Request-Id"])


def test_a_page_that_nginx_must_make_itself_tells_the_id(tmp_path):
    with standing(tmp_path) as made:
        made.monitor.process.kill()
        for path in ("/jobs/", "/static/bigpandamon/0123456789abcdef/a.css"):
            answer = made.ask(path)
            identity = answer.headers["X-Request-Id"]
            assert (answer.status, answer.headers["Cache-Control"]) == (503, "no-store")
            assert identity in answer.text
            until(partial(noted, made, identity))


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 4), ("/jobs/", 4), ("/apis/", 4), ("/api/v1/jobs", 24), ("/api-auth/jobs/", 24)],
)
def test_large_bodies_are_taken_where_records_are_handed_in(front, path, most):
    limit = most * 1024 * 1024
    assert "<center>nginx" in front.ask(path, "POST", content_length=str(limit + 1)).text
    assert "<center>nginx" not in front.ask(path, "POST", "x" * limit).text


def noted(front: Front, identity: str) -> bool:
    """Whether it is the last word of nginx's log, which is written once the answer is given."""
    return front.log.endswith(f" {identity}\n")


def test_every_line_of_the_web_process_is_an_object(front):
    """Those of gunicorn as well, also of one that had to end."""
    until(lambda: ready(front) >= 2)
    worker = workers(front)[0]
    front.ask("/jobs/?timestamp=1")
    os.kill(worker, signal.SIGKILL)
    until(lambda: "Ready to answer" in front.monitor.log.rpartition("SIGKILL")[2])
    entries = [json.loads(line) for line in front.monitor.log.splitlines()]
    assert {"gunicorn.error", "bigpandamon.request"} <= {entry["logger"] for entry in entries}
    for entry in entries:
        assert entry.keys() >= {"time", "level", "logger", "message"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry["time"])


# --- what is lost of them


def workers(front: Front) -> list[int]:
    master = front.monitor.process.pid
    return [int(one) for one in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def ready(front: Front) -> int:
    """Workers that have ever been."""
    return front.monitor.log.count("Ready to answer")


@contextmanager
def asked_all_the_time(front: Front, clients: int = 4) -> Iterator[Counter[int]]:
    """How often each status came; 0 where none did."""
    counts: Counter[int] = Counter()
    over = threading.Event()

    def keep_asking() -> None:
        while not over.is_set():
            try:
                counts[front.ask("/jobs/?json&limit=1&timestamp=1").status] += 1
            except OSError:
                counts[0] += 1

    threads = [threading.Thread(target=keep_asking) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield counts
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_workers_that_follow_one_another_lose_nothing(tmp_path):
    with standing(tmp_path, gunicorn="max_requests = 30\nmax_requests_jitter = 20\n") as made:
        with asked_all_the_time(made) as counts:
            until(lambda: ready(made) >= 6)
        assert set(counts) == {200}
        assert counts[200] > 100


BROKEN = "no_such_option = 1\n"


def test_a_reload_is_graceful_and_does_not_begin_with_a_broken_configuration(tmp_path):
    with standing(tmp_path) as made, asked_all_the_time(made) as counts:
        until(lambda: ready(made) == 2)
        before, good = set(workers(made)), made.monitor.configuration.read_text()
        made.monitor.configuration.write_text(BROKEN + good)
        hang_up(made)
        until(lambda: "Not reloaded" in made.monitor.log)
        assert "no_such_option" in made.monitor.log
        (made.monitor.folder / "gunicorn.conf.py").write_text("this is no Python")
        made.monitor.configuration.write_text(good)
        hang_up(made)
        until(lambda: made.monitor.log.count("Not reloaded") == 2)
        assert set(workers(made)) == before
        (made.monitor.folder / "gunicorn.conf.py").write_text("")
        hang_up(made)
        until(lambda: ready(made) == 4 and not before & set(workers(made)))
    assert set(counts) == {200}


def test_a_worker_that_cannot_start_does_not_end_the_others(tmp_path):
    with standing(tmp_path) as made:
        until(lambda: ready(made) == 2)
        good = made.monitor.configuration.read_text()
        made.monitor.configuration.write_text(BROKEN + good)
        gone, left = workers(made)
        os.kill(gone, signal.SIGTERM)
        until(lambda: made.monitor.log.count("cannot start") >= 2)
        assert left in workers(made)
        assert made.ask("/jobs/?json&limit=1&timestamp=1").status == 200
        made.monitor.configuration.write_text(good)
        until(lambda: ready(made) == 3)
        assert left in workers(made)


def hang_up(front: Front) -> None:
    assert front.monitor.process.pid
    os.kill(front.monitor.process.pid, signal.SIGHUP)
