"""Bars over time: every job once, and each bar's link has as many jobs as the bar."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.conf import settings

from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads import jobs_trend
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.summaries.trends import MOST_BARS, STEPS_MIN, step_minutes
from bigpandamon_core.summaries.trends import edges as edges_of
from tests.web.conftest import NOON

JOBS = 100


@pytest.fixture
def published(panda, facets):
    """Jobs of some hours, ended and live."""
    for place in range(JOBS):
        ended = place % 3 > 0
        state = ("finished", "failed", "closed")[place % 7 % 3] if ended else "running"
        at = NOON - timedelta(minutes=7 * place)
        times = {"modificationtime": at, "statechangetime": at}
        table = "jobsarchived4" if ended else "jobsactive4"
        panda.job(table, jobstatus=state, computingsite=f"Q{place % 2}", **times)
    facets()


def trend(query: str):
    call = Call(tuple(parse_qsl(query)), now(), settings.BIGPANDAMON.get, url="/jobs/")
    return jobs_trend.trend(Jobs(call))


@pytest.mark.parametrize(
    "query", ["hours=6", "hours=12", "hours=3&computingsite=Q1", "days=1&jobstatus=failed,running"]
)
def test_a_bar_opens_its_jobs(published, client, query):
    for bar in trend(query)["bars"]:
        told = client.get(bar["url"].replace("/jobs/?", "/api/v1/jobs/summary?")).json()["data"]
        assert told["jobs"] == bar["count"], bar
        assert told["states"].get("failed", 0) == bar["failed"]
        assert told["states"].get("finished", 0) == bar["finished"]


def test_every_job_that_ended_is_in_one_bar(published):
    found = trend("hours=12")
    assert sum(bar["count"] for bar in found["bars"]) == sum(1 for place in range(JOBS) if place % 3 > 0)
    assert len(found["bars"]) <= MOST_BARS + 2
    assert found["ended"]


def test_states_that_were_asked_for_are_shown(published):
    found = trend("hours=12&jobstatus=running")
    assert sum(bar["count"] for bar in found["bars"]) == sum(1 for place in range(JOBS) if place % 3 == 0)
    assert not found["ended"]


def test_it_stands_on_the_pages(published, client):
    for path in ("/jobs/?hours=12", "/"):
        assert 'class="trend"' in client.get(path).content.decode()
    assert 'class="trend"' not in client.get("/jobs/?hours=12&computingsite=NOWHERE").content.decode()


def test_none_without_facets(panda, own, clock):
    panda.job(modificationtime=NOON)
    assert trend("hours=12") is None


@pytest.mark.parametrize("hours", [1, 5.5, 12, 47, 168])
def test_bars_are_whole_steps_of_the_clock(hours):
    minutes = step_minutes(hours)
    begin = NOON - timedelta(hours=hours, minutes=3)
    edges = edges_of(begin, NOON, timedelta(minutes=minutes))
    assert edges == sorted(set(edges))
    assert all(edge.minute % min(minutes, 60) == 0 for edge in edges[1:-1])
    assert len(edges) <= MOST_BARS + 3 or minutes == STEPS_MIN[-1]
