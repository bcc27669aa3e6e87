"""Fetching from a friendly and a hostile stand-in on loopback; what must not be asked is refused before any
connection is opened."""

import io
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bigpandamon_core.domain import fetching as rules
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sources import connecting, fetching
from bigpandamon_core.sources.failures import passes
from bigpandamon_core.sources.fetching import Fetched, Limits
from tests.services.certificates import signed
from tests.services.elsewhere import Doors, Server, serving
from tests.services.process import HOST
from tests.sources.hostile import MB, ROUTES

SMALL = Limits(seconds=5, most_bytes=MB)
HASTY = Limits(seconds=0.4, most_bytes=MB)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(ROUTES) as found:
        yield found


@pytest.fixture
def doors(server: Server, monkeypatch: pytest.MonkeyPatch) -> Doors:
    made = Doors(server, {"inner.example.org": ["10.0.0.1"], "here.example.org": [HOST]})
    monkeypatch.setattr(connecting, "connect", made.connect)
    monkeypatch.setattr(connecting, "resolve", made.resolve)
    return made


Fetch = Callable[..., tuple[Fetched, bytes]]


@pytest.fixture
def fetch(server: Server, doors: Doors) -> Fetch:
    def fetched(path: str, limits: Limits = SMALL, base: str = "") -> tuple[Fetched, bytes]:
        root = rules.base(base or f"{server.url}old/")
        body = io.BytesIO()
        found = fetching.fetch(root, rules.below(root, path), "text/html", limits, body)
        return found, body.getvalue()

    return fetched


def problem(fetch: Fetch, path: str, *more: object) -> Problem:
    with pytest.raises(Problem) as found:
        fetch(path, *more)
    assert found.value.remedy
    return found.value


def test_a_page(fetch: Fetch, server: Server, doors: Doors):
    found, body = fetch("")
    assert (found.status, found.media, found.charset, body) == (200, "text/html", "utf-8", b"<p>hello")
    ((path, headers),) = server.asked
    assert path == "/old/"
    assert headers == {
        "host": f"{HOST}:{server.server_port}",
        "accept": "text/html",
        "accept-encoding": "gzip",
        "connection": "close",
        "user-agent": headers["user-agent"],
    }


def test_redirects_inside_the_base(fetch: Fetch, server: Server, doors: Doors):
    found, body = fetch("there")
    assert (found.url, body) == (f"{server.url}old/?a=b", b"<p>hello")
    assert all("cookie" not in headers for _, headers in server.asked)
    assert fetch("hop5")[1] == b"<p>arrived"
    assert doors.resolved == [HOST, HOST], "a name is looked up once, however often it redirects"
    assert "more than 5 times" in problem(fetch, "hop6").what
    assert "more than 5 times" in problem(fetch, "loop").what


@pytest.mark.parametrize("path", ["out", "loopback", "port", "metadata", "inside", "file", "nowhere"])
def test_redirects_out_of_the_base(fetch: Fetch, server: Server, doors: Doors, path: str):
    told = problem(fetch, path)
    assert (told.status, told.code) == (502, "elsewhere-unusable")
    assert [asked for asked, _ in server.asked] == [f"/old/{path}"] * len(server.asked)
    assert set(doors.tried) == {(HOST, server.server_port)}


@pytest.mark.parametrize("host", ["inner.example.org", "here.example.org", "unknown.example.org"])
def test_machines_that_must_not_be_asked(fetch: Fetch, server: Server, doors: Doors, host: str):
    told = problem(fetch, "", SMALL, f"http://{host}:{server.server_port}/")
    assert (told.status, passes(told)) == (502, True)
    assert doors.tried == []
    assert server.asked == []


def test_networks_that_are_named(fetch: Fetch, server: Server, doors: Doors):
    limits = Limits(5, MB, networks=("127.0.0.0/8",))
    base = f"http://here.example.org:{server.server_port}/old/"
    assert fetch("", limits, base)[1] == b"<p>hello"
    assert server.asked[0][1]["host"] == f"here.example.org:{server.server_port}"
    assert doors.resolved == ["here.example.org"]


def test_addresses_out_of_the_base_are_not_asked(server: Server, doors: Doors):
    root = rules.base(f"{server.url}old/")
    for url in (server.url, f"{server.url}older", "http://10.0.0.1/old/", f"{server.url}old/../"):
        with pytest.raises(rules.Refused):
            fetching.fetch(root, url, "text/html", SMALL, io.BytesIO())
    assert (doors.tried, doors.resolved) == ([], [])


def test_packed_answers(fetch: Fetch):
    assert fetch("packed")[1] == b"packed"
    assert fetch("packed-twice")[1] == b"one, two"
    for path in ("strangely", "wrongly", "half-packed"):
        assert problem(fetch, path).status == 502


@pytest.mark.parametrize("path", ["flood", "large", "bomb"])
def test_more_than_is_taken(fetch: Fetch, server: Server, path: str):
    told = problem(fetch, path)
    assert (told.status, "more than 1 MB" in told.what) == (502, True)
    time.sleep(0.1)
    assert server.sent < 30 * MB


@pytest.mark.parametrize("path", ["drip", "dripping-head", "silent", "continuing"])
def test_slow_answers(fetch: Fetch, path: str):
    begun = time.monotonic()
    told = problem(fetch, path, HASTY)
    assert (told.status, passes(told)) == (504, True)
    assert time.monotonic() - begun < 2


def test_a_resolver_that_hangs(fetch: Fetch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connecting, "resolve", lambda *_: time.sleep(1))
    assert problem(fetch, "", HASTY).status == 504


@pytest.mark.parametrize("path", ["broken-off", "broken-chunk", "no-http", "endless-head"])
def test_answers_that_are_none(fetch: Fetch, path: str):
    assert problem(fetch, path).status == 502


def test_a_server_that_is_gone(fetch: Fetch, doors: Doors):
    told = problem(fetch, "", SMALL, f"http://{HOST}:1/")
    assert (told.status, passes(told), doors.tried) == (502, True, [(HOST, 1)])


def test_what_is_told_of_an_answer(fetch: Fetch):
    found, body = fetch("latin")
    assert (found.media, found.charset, body) == ("text/html", "iso-8859-1", b"\xe4")
    assert fetch("untold")[0].media == ""
    found, body = fetch("failing")
    assert (found.status, body) == (500, b"")


def test_a_process_waits_for_few(fetch: Fetch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching._Places, "taken", 2)
    told = problem(fetch, "")
    assert (told.status, told.retry_after_seconds) == (503, 10)
    monkeypatch.setattr(fetching._Places, "taken", 1)
    assert fetch("")[0].status == 200
    problem(fetch, "nowhere")
    assert fetching._Places.taken == 1


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    certificate = signed(tmp_path, "safe.example.org")
    with serving(ROUTES, certificate) as found:
        yield found, certificate


def test_encrypted(encrypted: tuple[Server, Path], monkeypatch: pytest.MonkeyPatch):
    """The certificate is judged for the name, the connection goes to the address."""
    server, certificate = encrypted
    doors = Doors(server, {"safe.example.org": [HOST], "other.example.org": [HOST]})
    monkeypatch.setattr(connecting, "connect", doors.connect)
    monkeypatch.setattr(connecting, "resolve", doors.resolve)
    limits = Limits(5, MB, networks=("127.0.0.0/8",))

    def asked(host: str) -> Fetched:
        root = rules.base(f"https://{host}:{server.server_port}/old/")
        return fetching.fetch(root, str(root), "text/html", limits, io.BytesIO())

    with pytest.raises(Problem, match=r"certificate of .* is not trusted"):
        asked("safe.example.org")
    assert server.asked == []
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(connecting, "encrypted", lambda: trusting)
    assert asked("safe.example.org").status == 200
    with pytest.raises(Problem, match=r"certificate of .* is not trusted"):
        asked("other.example.org")
