"""The shortcut before Django: it answers what Django would have answered, and nothing else."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.web import shortcut
from bigpandamon_core.web.access import anonymous
from bigpandamon_core.web.shortcut import Shortcut
from tests.web.gateway import Gateway
from tests.web.test_metrics import Rise

pytestmark = pytest.mark.once

URL = "/jobs/?json"


class Watched:
    """Django behind the shortcut; counts what reaches it."""

    def __init__(self) -> None:
        self.asked = 0
        self.django = WSGIHandler()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        return self.django(environ, start_response)


@pytest.fixture
def django() -> Watched:
    return Watched()


@pytest.fixture
def monitor(panda, keeping, django) -> Gateway:
    panda.job(computingsite="QUEUE_ONE")
    panda.job(computingsite="QUEUE_TWO", jobname="a.name.<b>")
    return Gateway(Shortcut(django))


REQUESTS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(("GET", "GET", "HEAD", "POST", "PUT")),
        "path": st.sampled_from(("/jobs/", "/jobs/", "/jobs", "/", "/api/v1/jobs", "/job/", "/old/%6aobs/")),
        "query": st.sampled_from(
            ("", "json", "json", "JSON=1", "format=csv", "format=no", "computingsite=QUEUE_ONE",
             "timestamp=1", "json&timestamp", "%74imestamp=1", "json&odd=%FF", "limit=x",
             "pandaid=1", "json&limit=1")
        ),
        "seconds": st.sampled_from((0, 0, 7, 60)),
        "headers": st.fixed_dictionaries(
            {},
            optional={
                "host": st.sampled_from(("127.0.0.1", "evil.example.org")),
                "accept": st.sampled_from(("application/json", "text/csv", "text/html;q=0.1,text/json", "x")),
                "accept_encoding": st.sampled_from(("gzip", "gzip;q=0", "br")),
                "cookie": st.sampled_from(
                    ("bigpandamon_theme=dark", "bigpandamon_theme=light", "bigpandamon_theme=<b>",
                     "bigpandamon_theme=dark; a=b", "sessionid=1", "bigpandamon_theme")
                ),
                "authorization": st.just("Token abc"),
                "if_none_match": st.sampled_from(("*", '"other"')),
                "x_request_id": st.sampled_from(("front-12345", "bad id")),
            },
        ),
    }
)  # fmt: skip


@given(asked=st.lists(REQUESTS, min_size=2, max_size=8))
def test_it_says_what_django_says(monitor, django, keeping, asked):
    plain = Gateway(django.django)
    for one in asked * 2:
        keeping.forward(one["seconds"])
        url = f"{one['path']}?{one['query']}"
        plain.get(url, one["method"], **one["headers"])
        expected = plain.get(url, one["method"], **one["headers"])
        found = monitor.get(url, one["method"], **one["headers"])
        assert (found.status, found.body) == (expected.status, expected.body)
        assert {**found.headers, "X-Request-Id": ""} == {**expected.headers, "X-Request-Id": ""}


def test_a_known_request_does_not_reach_django(monitor, django):
    first, second, third = (monitor.get(URL) for _ in range(3))
    assert (first.outcome, second.outcome, third.outcome) == ("miss", "hit", "hit")
    assert django.asked == 1
    assert first.body == second.body == third.body


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Token abc"},
        {"cookie": "sessionid=1"},
        {"cookie": "bigpandamon_theme=dark; sessionid=1"},
        {"cookie": "sessionid=bigpandamon_theme=dark"},
        {"cookie": "bigpandamon_theme=other"},
        {"cookie": "bigpandamon_session=1"},
        {"cookie": "bigpandamon_signed_in=1"},
        {"cookie": "bigpandamon_theme=dark; bigpandamon_session=1"},
        {"cookie": "bigpandamon_session=1; bigpandamon_theme=dark"},
    ],
)
def test_whoever_shows_something_of_himself_is_looked_at(monitor, django, headers):
    monitor.get(URL)
    for _ in range(3):
        monitor.get(URL, **headers)
    assert django.asked == 4


def test_the_theme_is_no_secret(monitor, django):
    for theme in ("dark", "light", "dark", "light"):
        page = monitor.get("/jobs/", cookie=f"bigpandamon_theme={theme}")
        assert f'data-theme="{theme}"' in page.body.decode()
    assert django.asked == 2


def test_what_is_for_some_is_not_remembered(monitor, django, monkeypatch):
    staff = replace(anonymous(), audience="staff")
    monkeypatch.setattr("bigpandamon_core.web.asked.caller_of", lambda _request: staff)
    assert [monitor.get(URL).headers["Cache-Control"] for _ in range(2)] == ["private, no-store"] * 2
    assert django.asked == 2
    monkeypatch.undo()
    assert monitor.get(URL).outcome == "miss"


def test_the_next_window_is_looked_at_anew(monitor, django, panda, keeping):
    assert len(monitor.get(URL).body) == len(monitor.get(URL).body)
    panda.job(computingsite="QUEUE_NEW")
    keeping.forward(60)
    assert b"QUEUE_NEW" in monitor.get(URL).body
    assert b"QUEUE_NEW" in monitor.get(URL).body
    assert django.asked == 2


def test_a_clock_that_steps_back_is_looked_at(monitor, django, keeping):
    monitor.get(URL)
    keeping.forward(-61)
    monitor.get(URL)
    assert django.asked == 2


def test_what_the_store_has_lost_is_made_again(monitor, django, configured):
    monitor.get(URL)
    configured('[cache]\nkind = "memory"\ndefault_seconds = 60')
    assert monitor.get(URL).outcome == "miss"
    assert django.asked == 2


def test_it_counts_and_logs_as_django_does(monitor, django, caplog):
    caplog.set_level(logging.INFO)
    monitor.get(URL)
    rises = (
        Rise("bigpandamon_requests_total", resource="jobs", format="json", status="200"),
        Rise("bigpandamon_request_seconds_count", resource="jobs", format="json"),
        Rise("bigpandamon_cache_answers_total", point="jobs", outcome="hit"),
    )
    caplog.clear()
    monitor.get(URL)
    assert [rise.by for rise in rises] == [1, 1, 1]
    (line,) = (one.getMessage() for one in caplog.records if one.name == "bigpandamon.request")
    assert line.startswith("GET /jobs/ 200 0.")


def test_what_is_remembered_is_bounded(monitor, django, monkeypatch):
    monkeypatch.setattr(shortcut, "MOST", 5)
    for number in range(12):
        monitor.get(f"{URL}&limit={number}")
    assert len(monitor.application._known) <= 5
    long = f"{URL}&computingsite={'A' * shortcut.LONGEST}"
    asked = django.asked
    for _ in range(2):
        monitor.get(long)
    assert django.asked == asked + 2
