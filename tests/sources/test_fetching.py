"""Fetching from a friendly and a hostile stand-in on loopback; what must not be asked is refused before any
connection is opened."""

import gzip
import io
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bigpandamon_core.domain import fetching as rules
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sources import connecting, fetching
from bigpandamon_core.sources.failures import passes
from bigpandamon_core.sources.fetching import Fetched, Limits
from tests.services.certificates import signed
from tests.services.elsewhere import Doors, Handler, Route, Server, page, redirect, serving
from tests.services.process import HOST

MB = 1_000_000
MUCH = b"x" * 999
SMALL = Limits(seconds=5, most_bytes=MB)
HASTY = Limits(seconds=0.4, most_bytes=MB)


def flood(handler: Handler) -> None:
    """A gigabyte, its size not told."""
    handler.begin(Content_Type="text/html")
    for _ in range(1000):
        handler.write(b"x" * MB)


def large_by_word(handler: Handler) -> None:
    handler.begin(Content_Type="text/html", Content_Length="1000000000")
    handler.write(b"x")


def bomb(handler: Handler) -> None:
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(bytes(MB)) for _ in range(200)) + packer.flush()
    assert len(packed) < MB
    handler.reply(packed, Content_Encoding="gzip")


def drip(handler: Handler) -> None:
    """A byte now and then: no single wait is long."""
    handler.begin(Content_Type="text/html", Content_Length="1000")
    for _ in range(100):
        handler.write(b".")
        time.sleep(0.05)


def dripping_head(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for place in range(90):
        handler.wfile.write(f"X-{place}: 1\r\n".encode())
        time.sleep(0.05)


def endless_head(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-Much: 1\r\n" * 5000 + b"\r\n")


def continuing(handler: Handler) -> None:
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def silent(_handler: Handler) -> None:
    time.sleep(2)


def broken_off(handler: Handler) -> None:
    handler.begin(Content_Type="text/html", Content_Length="1000")
    handler.write(b"<p>half")


def broken_chunk(handler: Handler) -> None:
    handler.begin(Content_Type="text/html", Transfer_Encoding="chunked")
    handler.wfile.write(b"ff\r\nhalf")


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


def packed_twice(handler: Handler) -> None:
    handler.reply(gzip.compress(b"one, ") + gzip.compress(b"two"), Content_Encoding="gzip")


ROUTES: Mapping[str, Route] = {
    "/": page("<p>hello"),
    "/old/": page("<p>hello", Set_Cookie="session=1"),
    "/old/there": redirect("/old/?a=b"),
    "/old/packed": lambda handler: handler.reply(gzip.compress(b"packed"), Content_Encoding="gzip"),
    "/old/packed-twice": packed_twice,
    "/old/strangely": lambda handler: handler.reply(b"?", Content_Encoding="br"),
    "/old/wrongly": lambda handler: handler.reply(b"no gzip", Content_Encoding="gzip"),
    "/old/half-packed": lambda handler: handler.reply(gzip.compress(MUCH)[:20], Content_Encoding="gzip"),
    "/old/latin": lambda handler: handler.reply(b"\xe4", "Text/HTML; charset=ISO-8859-1"),
    "/old/untold": lambda handler: handler.begin(),
    "/old/loop": redirect("/old/loop"),
    "/old/out": redirect("/admin/"),
    "/old/loopback": redirect("http://127.0.0.2:80/old/"),
    "/old/port": redirect("http://127.0.0.1:1/old/"),
    "/old/metadata": redirect("http://169.254.169.254/latest/meta-data/"),
    "/old/inside": redirect("http://10.0.0.1/old/"),
    "/old/file": redirect("file:///etc/passwd"),
    "/old/nowhere": lambda handler: handler.reply(b"", status=302),
    "/old/flood": flood,
    "/old/large": large_by_word,
    "/old/bomb": bomb,
    "/old/drip": drip,
    "/old/dripping-head": dripping_head,
    "/old/endless-head": endless_head,
    "/old/continuing": continuing,
    "/old/silent": silent,
    "/old/broken-off": broken_off,
    "/old/broken-chunk": broken_chunk,
    "/old/no-http": no_http,
    "/old/failing": lambda handler: handler.reply(b"sorry", status=500),
}  # fmt: skip
ROUTES |= {f"/old/hop{place}": redirect(f"hop{place - 1}") for place in range(1, 7)} | {
    "/old/hop0": page("<p>arrived")
}  # type: ignore[operator]


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
