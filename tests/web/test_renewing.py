"""Answers past their lifetime: given at once with their age, while one in the background makes a newer."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from bigpandamon_core.caching.store import Event
from bigpandamon_core.config import ConfigurationErrors
from bigpandamon_core.domain.problems import Problem, unavailable
from bigpandamon_core.sections.registry import Registry
from bigpandamon_core.web import kept
from bigpandamon_core.web.answers import Answer, answer
from bigpandamon_core.web.asked import Asked
from bigpandamon_core.web.loading import assembled
from tests.waiting import until
from tests.web.test_metrics import Rise

CACHE = '[cache]\nkind = "memory"\ndefault_seconds = 60\nstale_seconds = 30\n'
URL = "/jobs/?json"


class Maker:
    """Makes answers as ever, but waits where it is told to, and notes who made them."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()
        self.threads: list[int] = []
        self.connections: list[Any] = []
        self.error: Exception | None = None

    def __call__(self, asked: Asked, registry: Registry) -> Answer:
        self.threads.append(threading.get_ident())
        self.connections.append(connections["panda"])
        assert self.go.wait(10)
        if self.error:
            raise self.error
        return answer(asked, registry)


@pytest.fixture
def maker(monkeypatch) -> Iterator[Maker]:
    made = Maker()
    monkeypatch.setattr(kept, "answer", made)
    yield made
    made.go.set()


@pytest.fixture
def older(panda, clock, configured, client, maker: Maker) -> Maker:
    """An answer with one job was made 61 seconds ago; there are two jobs now."""
    configured(CACHE)
    panda.job()
    client.get(URL)
    panda.job()
    clock.forward(61)
    return maker


def jobs(response) -> int:
    return len(response.json()["jobs"])


def rise(event: Event) -> Rise:
    return Rise("bigpandamon_cache_entries_total", event=event.value)


def test_the_older_one_at_once_then_the_newer(older, client):
    older.go.clear()
    renewed = rise(Event.RENEWED)
    first = client.get(URL)
    assert (first["X-Cache"], jobs(first), first["Age"]) == ("updating", 1, "61")
    assert first["Cache-Control"] == "public, max-age=60, stale-while-revalidate=30"
    assert first["Expires"] == "Sun, 01 Mar 2026 12:01:00 GMT"
    older.go.set()
    until(lambda: renewed.by)
    second = client.get(URL)
    assert (second["X-Cache"], jobs(second)) == ("hit", 2)


def test_it_is_made_in_a_thread_and_with_a_connection_of_its_own(older, client):
    renewed = rise(Event.RENEWED)
    client.get(URL)
    until(lambda: renewed.by)
    assert older.threads[0] == threading.get_ident() != older.threads[1]
    assert older.connections[0] is not older.connections[1]


def test_its_connection_is_given_back(older, client):
    if connections["panda"].vendor != "sqlite":
        pytest.skip("connections to servers are kept for a while")
    renewed = rise(Event.RENEWED)
    client.get(URL)
    until(lambda: renewed.by)
    until(lambda: older.connections[1].connection is None)


def test_many_at_once_make_it_once(older, client):
    older.go.clear()
    renewed = rise(Event.RENEWED)

    def ask(_number: int) -> tuple[str, int]:
        response = client.get(URL)
        connections.close_all()
        return response["X-Cache"], jobs(response)

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(ask, range(60))) == {("updating", 1)}
    older.go.set()
    until(lambda: renewed.by)
    assert len(older.threads) == 2


def test_what_is_too_old_is_waited_for(older, client, clock):
    clock.forward(29)
    response = client.get(URL)
    assert (response["X-Cache"], jobs(response)) == ("miss", 2)
    assert older.threads == [threading.get_ident()] * 2


def test_a_window_that_moved_on_counts_from_its_end(panda, clock, configured, client, maker):
    configured(CACHE)
    clock.forward(59)
    client.get(URL)
    clock.forward(1)
    assert client.get(URL)["X-Cache"] == "updating"
    until(lambda: client.get(URL)["X-Cache"] == "hit")
    clock.forward(90)
    assert client.get(URL)["X-Cache"] == "miss"


def test_timestamp_wants_one_of_now(older, client):
    response = client.get(f"{URL}&timestamp=1")
    assert (response["X-Cache"], jobs(response)) == ("bypass", 2)


def test_none_is_given_where_the_point_says_so(panda, clock, configured, client):
    configured(f"{CACHE}[cache.stale_points]\njobs = 0\njob = 5")
    client.get(URL)
    clock.forward(60)
    assert client.get(URL)["X-Cache"] == "miss"
    pandaid = panda.job()
    client.get(f"/job/{pandaid}/")
    clock.forward(64)
    assert client.get(f"/job/{pandaid}/")["X-Cache"] == "updating"


def test_points_that_nothing_declares_are_refused(configured):
    configured(f"{CACHE}[cache.stale_points]\njob = 5\njobz = 1")
    with pytest.raises(ConfigurationErrors, match=r'cache\.stale_points: expected .*"jobz"'):
        assembled(settings.BIGPANDAMON, ())


@pytest.mark.parametrize("error", [unavailable("It is away."), Problem("gone"), ValueError("a bug")])
def test_a_failure_leaves_the_older_one_and_is_counted(older, client, error):
    failed, older.error = rise(Event.NOT_RENEWED), error
    assert client.get(URL)["X-Cache"] == "updating"
    until(lambda: failed.by)
    assert client.get(URL)["X-Cache"] == "updating"
    until(lambda: failed.by == 2)
    older.error = None
    until(lambda: client.get(URL)["X-Cache"] == "hit")


def test_few_are_made_at_a_time(older, client, configured, clock):
    configured(f"{CACHE}renewals_per_worker = 1")
    urls = (URL, "/api/v1/jobs")
    for url in urls:
        client.get(url)
    clock.forward(60)
    older.go.clear()
    postponed = rise(Event.POSTPONED)
    assert [client.get(url)["X-Cache"] for url in (*urls, *urls)] == ["updating"] * 4
    assert postponed.by == 2
    older.go.set()
    until(lambda: {client.get(url)["X-Cache"] for url in urls} == {"hit"})


def test_a_page_says_how_old_it_is(older, client, clock):
    clock.forward(-61)
    client.get("/jobs/")
    clock.forward(61)
    page = client.get("/jobs/")
    assert page["X-Cache"] == "updating"
    assert '<time datetime="2026-03-01T12:00:00Z" data-ago></time>' in page.content.decode()


def test_what_became_too_long_is_not_kept(older, client, monkeypatch):
    monkeypatch.setattr("bigpandamon_core.web.answers.WHOLE_BYTES", 10)
    assert client.get(URL)["X-Cache"] == "updating"
    until(lambda: len(older.threads) > 1 and not kept.cache()._renewals._under_way)
    assert client.get(URL)["X-Cache"] == "updating"
