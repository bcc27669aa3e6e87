"""Bars of windows that facets do not reach come from rollups, or it is said why there are none."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.conf import settings

from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads import jobs_trend
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.summaries.trends import MOST_BARS
from tests.web.conftest import NOON

HOURS = 8 * 24
STATES = ("finished", "failed", "closed", "finished", "failed")


@pytest.fixture
def days(panda, facets, clock, once):
    """Eight days in which jobs end, a job every three hours, by turns on two queues; followed each noon."""
    rows = [_job(place) for place in range(HOURS // 3)]

    def live() -> None:
        clock.moment = NOON - timedelta(hours=HOURS)
        facets()
        for row in rows:
            clock.forward(3 * 3600)
            panda.job(**row)
            if clock.moment.hour == NOON.hour:
                facets()

    if not once("days", live):
        panda.jobs(rows)
    assert clock.moment == NOON
    return [_told(row) for row in rows]


def _job(place):
    at = NOON - timedelta(hours=HOURS - 3 * (place + 1), seconds=20)
    return {
        "jobstatus": STATES[place % 5],
        "jobsubstatus": "fg_partial" if place % 10 == 3 else None,
        "computingsite": f"Q{place % 2}",
        "modificationtime": at,
        "starttime": at - timedelta(minutes=place),
    }


def _told(row):
    """When and how it ended, where, and how long it ran."""
    at, state = row["modificationtime"], "subfinished" if row["jobsubstatus"] else row["jobstatus"]
    return at, state, row["computingsite"], at - row["starttime"]


def trend(query: str, option=None):
    call = Call(tuple(parse_qsl(query)), now(), option or settings.BIGPANDAMON.get, url="/jobs/")
    return jobs_trend.trend(Jobs(call))


@pytest.mark.parametrize("query", ["days=3", "days=7&computingsite=Q1", "days=6&jobstatus=failed", "days=40"])
def test_bars_count_the_jobs_that_ended_in_them(days, query):
    found = trend(query)
    assert found["source"] == "rollups"
    assert len(found["bars"]) <= MOST_BARS + 2
    wanted = [
        (at, state, ran)
        for at, state, queue, ran in days
        if ("computingsite" not in query or queue == "Q1") and ("=failed" not in query or state == "failed")
    ]
    for bar in found["bars"]:
        inside = [(state, ran) for at, state, ran in wanted if bar["begin"] <= at <= bar["end"]]
        states = [state for state, _ in inside]
        assert (bar["count"], bar["failed"], bar["finished"]) == (
            len(inside), states.count("failed"), states.count("finished") + states.count("subfinished")
        )  # fmt: skip
        minutes = sum(ran.total_seconds() for _, ran in inside) / 60
        assert bar["mean_minutes"] == (round(minutes / len(inside), 1) if inside else None)


def test_a_bar_opens_its_jobs(days, client):
    bars = [bar for bar in trend("days=7&computingsite=Q0")["bars"] if bar["count"]]
    assert len(bars) > 10
    for bar in bars[::5]:
        told = client.get(bar["url"].replace("/jobs/?", "/api/v1/jobs/summary?")).json()["data"]
        assert told["jobs"] == bar["count"], bar
        assert told["states"].get("failed", 0) == bar["failed"]


def test_a_bar_opens_its_jobs_also_when_they_were_modified_later(days, panda, facets, client, clock):
    """Bars count by when jobs ended; later only a detail was modified."""
    at = NOON - timedelta(hours=30)
    panda.job(jobstatus="failed", computingsite="Q9", statechangetime=at, modificationtime=NOON)
    clock.forward(3 * 3600)
    facets()
    bars = [bar for bar in trend("days=7&computingsite=Q9")["bars"] if bar["count"]]
    assert [bar["begin"] <= at <= bar["end"] for bar in bars] == [True]
    told = client.get(bars[0]["url"].replace("/jobs/?", "/api/v1/jobs/summary?")).json()["data"]
    assert (told["jobs"], told["states"]) == (1, {"failed": 1})


@pytest.mark.once
def test_bars_are_as_long_as_suits_what_is_known(days, client):
    """However long the window: of ten days there are not two bars of a year."""
    ages, month = (
        client.get(f"/api/v1/jobs/trend?{asked}").json() for asked in ("date_from=1970-01-01", "days=40")
    )
    assert ages["data"]["pieces"] == month["data"]["pieces"]
    assert len(month["data"]["pieces"]) > 20
    assert sum(piece["count"] for piece in month["data"]["pieces"]) == len(days)


@pytest.mark.once
@pytest.mark.parametrize("kept", [3, 7])
def test_bins_that_are_kept_for_less_do_not_answer(days, kept):
    """Also where the first piece begins before what is kept."""
    keep_days = {f"rollup-{name}-1h": kept for name in ("regions", "jobs")}

    def option(key: str):
        return keep_days if key == "schedule.keep_days" else settings.BIGPANDAMON.get(key)

    found, usual = trend("days=7", option), trend("days=7")
    assert (usual["minutes"] % 1440 > 0, found["minutes"] % 1440) == (True, 0)
    assert sum(bar["count"] for bar in found["bars"]) >= sum(bar["count"] for bar in usual["bars"])


@pytest.mark.once
def test_what_is_not_complete_is_said(days):
    """Following began eight days ago, with two days before it."""
    assert "complete since" in trend("days=40")["note"]
    assert "complete since" not in trend("days=7")["note"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("days=7&piloterrorcode=1099", "piloterrorcode is not kept in rollups"),
        ("days=7&jobsubstatus=other", "details of states are not kept in rollups"),
        ("days=7&durationmin=0-9", "not a dimension"),
        ("date_from=2025-01-01&date_to=2025-02-01", "rollups are complete since"),
    ],
)
def test_what_rollups_cannot_tell_has_no_bars_but_a_reason(days, client, query, why):
    found = trend(query)
    assert not found["bars"]
    assert why in found["why_not"]
    assert why in client.get(f"/jobs/?{query}").content.decode()
    answer = client.get(f"/api/v1/jobs/trend?{query}").json()
    assert (answer["data"]["pieces"], why in answer["meta"]["why_not"]) == ([], True)


@pytest.mark.once
@pytest.mark.parametrize("query", ["days=7", "hours=12", "days=7&jobstatus.is=subfinished"])
def test_as_json_it_tells_the_same(days, client, query):
    found, answer = trend(query), client.get(f"/api/v1/jobs/trend?{query}").json()
    assert answer["meta"]["source"] == found["source"]
    counts = [(piece["count"], piece["failed"], piece["rate"]) for piece in answer["data"]["pieces"]]
    assert counts == [(bar["count"], bar["failed"], bar["rate"]) for bar in found["bars"]]
    assert answer["meta"]["total"] == sum(bar["count"] for bar in found["bars"]) > 0


@pytest.mark.once
def test_it_stands_on_the_page(days, client):
    page = client.get("/jobs/?days=7").content.decode()
    assert 'class="trend"' in page
    assert "from rollups" in page


@pytest.mark.parametrize(("asked", "by"), [("days=7", "end"), ("days=7&jobstatus=failed", "last change")])
def test_the_api_tells_by_what_jobs_are_counted(days, client, asked, by):
    assert client.get(f"/api/v1/jobs/trend?{asked}").json()["meta"]["by"] == by


def test_a_total_that_is_not_known_is_null(days, client):
    meta = client.get("/api/v1/jobs/trend?days=7&jeditaskid=5").json()["meta"]
    assert meta["why_not"]
    assert meta["total"] is None
