"""Sections of the previous monitor inside our frame, asked of a stand-in on loopback."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from bigpandamon_core.config import ConfigurationErrors
from bigpandamon_core.sections import openapi
from bigpandamon_core.sources import connecting
from bigpandamon_core.web.loading import assembled
from tests.plugins.monitors import Monitor, running
from tests.services.elsewhere import Doors, Handler, Server, page, redirect, serving

REPORT = """<!doctype html><html><head><title>Old</title><base href="https://evil.example/">
<script>alert('head')</script><style>body{display:none}</style></head><body onload=alert(1)>
<nav><a href="/">menu</a></nav><h1>Report</h1><form action="/kill"><input name=task></form>
<iframe src="/inner"><iframe src="/innermost"></iframe></iframe>
<table><tr><td><a href="/old/reports/?page=2">next</a></td><td><a href="../task/7/">task</a></td>
<td><a href="/elsewhere/">out</a></td><td><a href="https://lab.example.org/x">lab</a></td>
<td><a href="javascript:alert(1)">bad</a></td><td><a href="//evil.example/">twice</a></td></tr></table>
<p>&lt;script&gt;alert('text')&lt;/script&gt;</p></body></html>"""
LATIN = b"<html><head><meta charset=iso-8859-1></head><p>Z\xfcrich</p></html>"
JSON = b'{"big": 12345678901234567890123,  "text": "</script>"}'


def typed(body: bytes, media: str) -> Callable[[Handler], None]:
    return lambda handler: handler.reply(body, media)


ROUTES = {
    "/old/reports/": page(REPORT),
    "/old/reports/latin": typed(LATIN, "text/html"),
    "/old/reports/wrong": typed(LATIN, "text/html; charset=hex"),
    "/old/reports/text": typed(b"<script>alert(1)</script>", "text/plain"),
    "/old/reports/data": typed(JSON, "application/json"),
    "/old/reports/picture": typed(b"GIF89a", "image/gif"),
    "/old/reports/empty": page("<div></div><script>draw()</script>"),
    "/old/reports/deep": page("<div>" * 5000),
    "/old/reports/secret": redirect("/old/login/?next=/old/reports/secret"),
    "/old/login/": page("<form>password</form>"),
    "/old/reports/out": redirect("http://169.254.169.254/latest/meta-data/"),
    "/old/reports/500": lambda handler: handler.reply(b"", status=500),
    "/old/reports/400": lambda handler: handler.reply(b"", status=400),
    "/old/harvester/instances/": page("<p>old instances</p>"),
    "/old/": page("<p>old start"),
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(ROUTES) as found:
        yield found


@pytest.fixture
def doors(server: Server, monkeypatch: pytest.MonkeyPatch) -> Doors:
    made = Doors(server, {})
    monkeypatch.setattr(connecting, "connect", made.connect)
    monkeypatch.setattr(connecting, "resolve", made.resolve)
    return made


SECTIONS = """[sections]
forward_base = "{base}old"
{more}
[sections.forwarded]
reports = ["/reports/", "/campaigns/all/"]
harvester = []
"""
Start = Callable[..., Monitor]


@pytest.fixture
def start(own: None, configured: Any, server: Server, doors: Doors, clock: Any) -> Iterator[Start]:
    with ExitStack() as stack:

        def started(more: str = "", before: str = "", cache: str = "none") -> Monitor:
            told = f'[cache]\nkind = "{cache}"\n{before}' + SECTIONS.format(base=server.url, more=more)
            configured(told)
            return stack.enter_context(running(assembled(settings.BIGPANDAMON, ())))

        yield started


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content
    found: str = response.content.decode()
    return found


def main_of(response: Any) -> str:
    return text_of(response).partition("<main")[2].partition("</main>")[0]


def test_a_page_in_our_frame(start: Start, server: Server):
    shown = start().get("/reports/", year="2026", q="a&b=c")
    main = main_of(shown)
    assert "From the previous monitor</span>, fetched <time" in main
    assert "12:00</time> UTC" in main
    assert f'href="{server.url}old/reports/?year=2026&amp;q=a%26b%3Dc"' in main
    assert "<h1>Reports</h1>" in main
    assert "<td><a href" in main
    ((path, headers),) = server.asked
    assert path == "/old/reports/?year=2026&q=a%26b%3Dc"
    assert not {"cookie", "authorization", "referer", "x-forwarded-for"} & set(headers)


def test_nothing_acts(start: Start):
    main = main_of(start().get("/reports/"))
    for part in ("<script", "<style", "<form", "<input", "<iframe", "<base", "onload", "menu", "draw()"):
        assert part not in main
    assert "&lt;script&gt;alert('text')&lt;/script&gt;" in main


def test_links(start: Start, server: Server):
    main = main_of(start().get("/reports/"))
    rel = 'rel="noopener noreferrer"'
    assert f'<a href="/reports/?page=2" {rel}>next</a>' in main
    assert f'<a href="/task/7/" {rel}>task</a>' in main
    assert f'<a href="{server.url}elsewhere/" {rel}>out</a>' in main
    assert f'<a href="https://lab.example.org/x" {rel}>lab</a>' in main
    assert f"<a {rel}>bad</a>" in main
    assert f'<a href="http://evil.example/" {rel}>twice</a>' in main


def test_nothing_of_the_client_is_sent(start: Start, server: Server):
    monitor = start()
    monitor.client.cookies["session"] = "secret"
    monitor.client.get(
        "/reports/", headers={"referer": "https://here.example/", "x-forwarded-for": "9.9.9.9"}
    )
    assert set(server.asked[0][1]) == {"host", "accept", "accept-encoding", "connection", "user-agent"}


@pytest.mark.parametrize("path", ["latin", "wrong"])
def test_charsets(start: Start, path: str):
    assert "Zürich" in main_of(start().get(f"/reports/{path}"))


def test_texts_are_shown_as_text(start: Start):
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in main_of(start().get("/reports/text"))
    assert "its scripts draw it" in main_of(start().get("/reports/empty"))


def test_json_is_passed_through_byte_by_byte(start: Start, server: Server):
    shown = start().get("/reports/data", json="", a="b")
    assert shown.headers["Content-Type"] == "application/json"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.content == JSON
    assert server.asked[0][0] == "/old/reports/data?json=&a=b"
    assert server.asked[0][1]["accept"] == "application/json"


def test_what_is_no_json_is_not(start: Start):
    shown = start().get("/reports/", json="")
    assert "else than JSON" in json.loads(text_of(shown, 502))["error"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("picture", 502, "of the kind image/gif"),
        ("deep", 502, "nested too deeply"),
        ("secret", 502, "sign in there"),
        ("out", 502, "redirects to where it must not"),
        ("500", 502, "status 500"),
        ("400", 400, "does not take these parameters"),
        ("absent", 404, "nothing at this address elsewhere"),
        ("%2e%2e/%2e%2e/admin", 404, "is not asked for this address"),
    ],
)
def test_what_cannot_be_shown(start: Start, path: str, status: int, words: str):
    shown = text_of(start().get(f"/reports/{path}"), status)
    assert words in shown
    assert "<h1>" in shown


def test_nothing_but_the_stand_in_is_connected_to(start: Start, server: Server, doors: Doors):
    monitor = start()
    for path in ("out", "secret", "%2e%2e/%2e%2e/admin", "picture"):
        monitor.get(f"/reports/{path}")
    assert {port for _, port in doors.tried} == {server.server_port}
    assert all(path.startswith("/old/") for path, _ in server.asked)


def test_only_reading(start: Start, doors: Doors):
    monitor = start()
    response = monitor.client.post("/reports/", {"a": "b"})
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert monitor.client.post("/harvester/instances/").status_code == 405
    assert doors.tried == []


def test_a_section_of_ours_is_forwarded(start: Start, server: Server):
    monitor = start()
    assert "old instances" in main_of(monitor.get("/harvester/instances/"))
    gone = monitor.get("/api/v1/instances")
    assert "has no /api/v1" in text_of(gone, 404)
    assert '<a href="/harvester/workers/"' in text_of(monitor.get("/reports/"))


def test_further_addresses_and_the_navigation(start: Start, server: Server):
    monitor = start()
    monitor.get("/campaigns/all/2026/")
    assert server.asked[0][0] == "/old/campaigns/all/2026/"
    nothing = text_of(monitor.get("/campaigns/"), 404)
    assert f"The previous monitor may have it: {server.url}old/campaigns/" in nothing
    assert monitor.get("/reports").headers["Location"] == "/reports/"
    shown = text_of(monitor.get("/reports/"))
    assert '<a href="/reports/" aria-current="page">Reports</a>' in shown


def test_access_is_decided_before(start: Start, accounts: Any, doors: Doors):
    roles = '[accounts.roles]\noperate = ["crew"]\n'
    monitor = start('restricted = { reports = "operate", statistics = "operate" }', roles)
    assert monitor.get("/reports/").status_code == 403
    assert monitor.get("/statistics/").status_code == 403
    assert monitor.get("/api/v1/statistics").status_code == 403
    assert (doors.tried, doors.resolved) == ([], [])
    accounts.make("eve", "crew")
    shown = monitor.client.get(
        "/reports/", headers={"authorization": f"Token {accounts.token('eve', 'operate')}"}
    )
    assert "Report" in text_of(shown)
    assert shown.headers["Cache-Control"] == "private, no-store"


def test_hidden_names_are_not_shown_by_detour(start: Start, doors: Doors):
    monitor = start(before='[privacy]\nanonymous = "none"\n')
    assert monitor.get("/reports/").status_code == 403
    assert monitor.get("/harvester/instances/").status_code == 403
    assert doors.tried == []


def test_answers_are_kept(start: Start, server: Server, clock: Any):
    monitor = start(cache="memory")
    monitor.get("/reports/")
    clock.moment += timedelta(seconds=40)
    again = monitor.get("/reports/")
    assert (again.headers["X-Cache"], len(server.asked)) == ("hit", 1)
    assert "12:00</time> UTC" in main_of(again)


def test_an_older_page_stands_in_while_the_server_is_away(start: Start, server: Server, clock: Any):
    monitor = start(cache="memory")
    monitor.get("/reports/")
    server.shutdown()
    server.server_close()
    clock.moment += timedelta(hours=1)
    again = monitor.get("/reports/")
    assert (again.status_code, again.headers["X-Cache"]) == (200, "stale")
    other = monitor.get("/reports/", page="2")
    assert other.status_code == 502
    assert "cannot be reached" in other.content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('reports = ["/reports/"]', "sections.forward_base: expected the previous monitor's address"),
        ('jobs = ["/jobs/"]', "sections.forwarded.jobs: expected [], for this monitor has that section"),
        ("job = []", "did you mean jobs?"),
        ('"Old Reports" = ["/reports/"]', "a name of small letters"),
        ('reports = ["/api/v1/x/"]', "addresses that are not the monitor's own"),
        ('reports = ["/jobs/"]', "the address /jobs/ belongs to jobs"),
        ('reports = ["reports"]', "slashes at both ends"),
    ],
)
def test_mistakes_are_told(own: None, configured: Any, more: str, words: str):
    base = "" if "forward_base" in words else 'forward_base = "https://old.example.org/"\n'

    def begin() -> None:
        configured(f"[sections]\n{base}[sections.forwarded]\n{more}\n")
        assembled(settings.BIGPANDAMON, ())

    with pytest.raises(ConfigurationErrors) as found:
        begin()
    assert words in str(found.value)


def test_unknown_names_are_refused(own: None, configured: Any):
    configured('[sections]\nrestricted = { job = "operate" }\n')
    with pytest.raises(ConfigurationErrors, match="did you mean jobs"):
        assembled(settings.BIGPANDAMON, ())
    with pytest.raises(ConfigurationErrors, match="one of personal, operate, administer"):
        configured('[sections]\nrestricted = { jobs = "crew" }\n')


def test_what_is_declared_is_described(start: Start):
    monitor = start('restricted = { statistics = "operate" }')
    described = openapi.document(monitor.registry, "title", "1", "/")
    assert list(described["paths"]["/reports/{rest}"]) == ["get"]
    assert list(described["paths"]["/harvester/instances/"]) == ["get"]
    assert "/api/v1/instances" not in described["paths"]
    assert "/statistics/" in described["paths"]
