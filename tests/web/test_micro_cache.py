"""nginx in front of a real monitor, with the files that an instance gets."""

import http.client
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest

from bigpandamon_core.domain.window import now
from tests.services.nginx import Nginx
from tests.services.process import HOST, started
from tests.services.programs import program
from tests.web.holding import Holding
from tests.web.served import ROOT, Answer, Monitor

pytestmark = [pytest.mark.services, pytest.mark.once]
SNIPPETS = ROOT / "etc" / "nginx"
PLACE = "/var/cache/nginx/bigpandamon"
CACHE = '[cache]\nkind = "memory"\ndefault_seconds = {seconds}\nstale_seconds = {stale}\n'
MANY = 200


class Front:
    """nginx, the monitor behind it, and that one's PanDA database, which can be held up. Counts from when it
    was made, by each test for itself."""

    def __init__(self, nginx: Nginx, monitor: Monitor, panda: Holding):
        self.nginx, self.monitor, self.panda = nginx, monitor, panda
        self._before = self._counted
        while (counted := self._counted) != self._before:  # a request is counted after its last byte has left
            self._before = counted

    def again(self) -> "Front":
        return Front(self.nginx, self.monitor, self.panda)

    def get(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection(HOST, self.nginx.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    @property
    def passed_on(self) -> int:
        """Requests for a resource that have reached the monitor."""
        return self._counted - self._before

    @property
    def _counted(self) -> int:
        counted = self.monitor.samples("bigpandamon_requests_total")
        return sum(value for labels, value in counted if labels["resource"] not in ("metrics", "none"))

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The monitor does nothing meanwhile."""
        assert self.monitor.process.pid
        os.killpg(self.monitor.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.monitor.process.pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def front(tmp_path_factory) -> Iterator[Callable[..., Front]]:
    """`front(seconds=600, stale=0)`: with these lifetimes."""
    program("nginx", "nginx-light")
    with ExitStack() as stack:

        @cache
        def made(seconds: int, stale: int) -> Front:
            folder = tmp_path_factory.mktemp("front")
            panda = Holding(folder / "panda.sqlite3")
            monitor = stack.enter_context(Monitor(panda.url, CACHE.format(seconds=seconds, stale=stale)))
            panda.prepare(monitor)
            nginx = _before(monitor, folder)
            stack.callback(nginx.remove)
            return Front(nginx, monitor, panda)

        yield lambda seconds=600, stale=0: made(seconds, stale).again()


def _before(monitor: Monitor, folder: Path) -> Nginx:
    shared = (SNIPPETS / "cache-http.conf").read_text()
    assert PLACE in shared
    target = f"proxy_pass http://{HOST}:{monitor.port}; include {SNIPPETS}/cache-location.conf;"
    return started(lambda: Nginx(f"location / {{ {target} }}", shared.replace(PLACE, str(folder / "nginx"))))


_numbers = count()


@pytest.fixture
def page() -> str:
    """An address that nobody has asked for, about a window that does not move on."""
    return f"/jobs/?date_from=2026-01-01&date_to=2026-01-02T00:{next(_numbers):02d}"


@pytest.fixture
def url(page: str) -> str:
    """The same as JSON."""
    return f"{page}&json"


def test_what_is_public_is_given_again(front, url):
    made = front()
    first, second = made.get(url), made.get(url)
    assert made.passed_on == 1
    assert first.body == second.body
    assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("miss", "hit")


PERSONAL = (
    {"cookie": "bigpandamon_session=1"},
    {"cookie": "bigpandamon_theme=dark"},
    {"cookie": "bigpandamon_signed_in=1"},
    {"authorization": "Token abc"},
)


@pytest.mark.parametrize("headers", PERSONAL)
def test_who_shows_something_of_himself_gets_nothing_from_there(front, headers, url):
    made = front()
    made.get(url)
    for number in (2, 3):
        made.get(url, **headers)
        assert made.passed_on == number


@pytest.mark.parametrize("headers", PERSONAL)
def test_what_he_gets_is_not_stored(front, headers, page):
    made = front()
    for _ in range(2):
        made.get(page, **headers)
    plain = made.get(page)
    assert made.passed_on == 3
    assert plain.status == 200
    assert b'data-theme="' not in plain.body


@pytest.mark.parametrize("how", ["timestamp=1", "TimeStamp=2", "%74imestamp=3"])
def test_timestamp_passes_by(front, how, url):
    made = front()
    made.get(url)
    for number in (2, 3):
        answer = made.get(f"{url}&{how}")
        assert (answer.headers["X-Cache"], made.passed_on) == ("bypass", number)


def test_post_passes_by(front, page):
    made = front()
    for number in (1, 2):
        posted = made.get(page, "POST", "json=1", content_type="application/x-www-form-urlencoded")
        assert (posted.status, posted.headers["Cache-Control"]) == (200, "private, no-store")
        assert made.passed_on == number
    made.get(page)
    made.get(page, "POST", "json=1", content_type="application/x-www-form-urlencoded")
    assert made.passed_on == 4


@pytest.mark.parametrize("address", ["/job/77/?json", "/jobs/?json&days=x", "/find/?q=x&json", "/nothing"])
def test_what_is_not_public_is_not_stored(front, address):
    made = front()
    before = made.monitor.log.count("GET ")
    for _ in range(3):
        assert "no-store" in made.get(address).headers["Cache-Control"]
    assert made.monitor.log.count("GET ") == before + 3


def test_of_many_at_once_one_goes_on(front, url):
    made, gate = front(), Barrier(MANY)

    def ask(_number: int) -> tuple[int, bytes]:
        gate.wait()
        answer = made.get(url)
        return answer.status, answer.body

    with ThreadPoolExecutor(MANY) as pool:
        with made.panda.held_up():
            asked = [pool.submit(ask, number) for number in range(MANY)]
            time.sleep(1)
        answers = {one.result() for one in asked}
    assert len(answers) == 1
    assert made.passed_on == 1


def test_an_older_one_is_given_while_one_asks_for_the_newer(front, url):
    made = front(seconds=1, stale=30)
    first = made.get(url)
    time.sleep(2.1)
    with made.stopped():
        older = [made.get(url) for _ in range(10)]
    assert {(answer.body, answer.headers["X-Cache"]) for answer in older} == {(first.body, "updating")}
    assert {answer.headers["Expires"] for answer in older} == {first.headers["Expires"]}
    deadline = time.monotonic() + 10
    while made.get(url).headers["Expires"] == first.headers["Expires"]:
        assert time.monotonic() < deadline


def test_but_not_for_longer_than_the_monitor_says(front, url):
    made = front(seconds=1, stale=1)
    made.get(url)
    time.sleep(3.1)
    answer = made.get(url)
    assert (answer.headers["X-Cache"], made.passed_on) == ("miss", 2)


def test_the_time_it_lay_in_the_monitor_counts(front, url):
    made = front(seconds=4)
    made.monitor.get(url)
    time.sleep(2.5)
    first = made.get(url)
    assert first.headers["X-Cache"] == "hit"
    time.sleep(2)
    assert made.get(url).headers["X-Cache"] == "miss"


def test_what_it_kept_says_until_when_it_holds_and_nothing_else_of_its_age(front, url):
    made = front(seconds=600)
    made.monitor.get(url)
    time.sleep(1.1)
    passed, stored = made.get(url), made.get(url)
    assert int(passed.headers["Age"]) >= 1
    assert passed.headers["Cache-Control"] == "public, max-age=600"
    assert "Age" not in stored.headers
    assert stored.headers["Cache-Control"] == "public"
    left = parsedate_to_datetime(stored.headers["Expires"]).replace(tzinfo=None) - now()
    assert 590 < left.total_seconds() < 600
    assert "X-Accel-Expires" not in stored.headers
    assert passed.headers["X-Request-Id"] != stored.headers["X-Request-Id"]


def test_each_form_is_stored_apart(front, page):
    made = front()
    for _ in range(2):
        shown = made.get(page, accept="text/html")
        data = made.get(page, accept="application/json")
        packed = made.get(page, accept="text/html", accept_encoding="gzip")
        assert shown.body.startswith(b"<!doctype html>")
        assert data.body.startswith(b"{")
        assert packed.body.startswith(b"\x1f\x8b")
    assert made.passed_on == 3


def test_head_and_known_answers_come_from_there(front, url):
    made = front()
    etag = made.get(url).headers["ETag"]
    known, head = made.get(url, if_none_match=etag), made.get(url, "HEAD")
    assert (known.status, known.body, head.status, head.body) == (304, b"", 200, b"")
    assert made.passed_on == 1


def test_who_passes_by_is_told_what_he_has(front, url):
    made = front()
    etag = made.get(url).headers["ETag"]
    assert made.get(url, if_none_match=etag, cookie="a=b").status == 304
