"""What `/api/v1/errors` and the page tell beside counts: what is to blame, what is new, what jobs said."""

import html
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.web.conftest import NOON
from tests.web.failing import HOUR, Job, considered, errors_of, failing_jobs

pytestmark = pytest.mark.usefixtures("own", "clock")


@pytest.fixture
def jobs(panda) -> list[Job]:
    return failing_jobs(panda)


def test_what_is_to_blame(client, jobs, source):
    data = client.get("/api/v1/errors?hours=24").json()["data"]
    ended = [
        job
        for job in jobs
        if job["jobstatus"] in ("failed", "finished") and job["modificationtime"] >= NOON - 24 * HOUR
    ]
    failed = [job for job in ended if job["jobstatus"] == "failed"]
    assert (data["failed"], data["ended"]) == (len(failed), len(ended))
    bad = next(one for one in data["suspects"] if one["value"] == "BAD")
    of_bad = [job for job in ended if job["computingsite"] == "BAD"]
    failed_there = sum(job["jobstatus"] == "failed" for job in of_bad)
    assert (bad["field"], bad["failed"], bad["ended"]) == ("computingsite", failed_there, len(of_bad))
    lift = (failed_there / len(failed)) / (len(of_bad) / len(ended))
    assert bad["lift"] == round(lift, 2)


def test_messages_that_say_the_same_are_one(client, jobs, source):
    data = client.get("/api/v1/errors").json()["data"]
    mine = [job for job in considered(jobs) if job["piloterrordiag"]]
    wanted = Counter(f"pilot:{job['piloterrorcode']}" for job in mine)
    found = {one["error"]: one for one in data["messages"]}
    assert {error: one["count"] for error, one in found.items()} == wanted
    for error, one in found.items():
        assert one["text"] == "lost event # after # s"
        newest = max(job["pandaid"] for job in mine if f"pilot:{job['piloterrorcode']}" == error)
        assert one["example_pandaid"] == newest
        assert sum(one["sites"].values()) == one["count"]


def test_what_is_new_growing_or_gone(client, panda, facets):
    def fail(code: int, many: int, hours_ago: float) -> None:
        row = {"jobstatus": "failed", "piloterrorcode": code, "modificationtime": NOON - hours_ago * HOUR}
        panda.jobs([row] * many)

    for told in ((1, 10, 1), (2, 60, 2), (2, 20, 26), (3, 9, 27), (4, 30, 1), (4, 30, 25)):
        fail(*told)
    for hours_ago, many in ((1, 100), (25, 141)):  # so that as many jobs ended in both periods
        panda.jobs([{"jobstatus": "finished", "modificationtime": NOON - hours_ago * HOUR}] * many)
    facets()
    answer = client.get("/api/v1/errors?hours=6").json()
    assert answer["meta"]["compared_with"] == ["2026-02-28T06:00:00", "2026-02-28T12:00:00"]
    assert answer["data"]["changes"] == [
        {"error": "pilot:2", "change": "growing", "now": 60, "before": 20},
        {"error": "pilot:1", "change": "new", "now": 10, "before": 0},
        {"error": "pilot:3", "change": "gone", "now": 0, "before": 9},
    ]
    page = client.get("/errors/?hours=6").content.decode()
    for link, count in re.findall(r'<a href="(/jobs/[^"]*date_from=2026-02-28[^"]*)">(\d+)</a>', page):
        assert len(client.get(html.unescape(link) + "&json").json()["jobs"]) == int(count)


def test_where_nothing_is_known_to_have_failed_before_not_all_is_new(client, panda, facets):
    panda.job(jobstatus="failed", piloterrorcode=1099, modificationtime=NOON - HOUR)
    facets()
    assert client.get("/api/v1/errors?hours=6").json()["data"]["changes"] is None


def test_what_cannot_be_compared_is_said(client, jobs):
    assert client.get("/api/v1/errors?hours=6").json()["data"]["changes"] is None
    assert "Not told: of those hours" in client.get("/errors/?hours=6").content.decode()


@pytest.mark.parametrize(("hours", "minutes"), [(6, 10), (24, 30)])
def test_each_error_over_time(client, jobs, source, hours, minutes):
    """By when its jobs changed last, a job of longer ago that is not over in none of the pieces."""
    data = client.get(f"/api/v1/errors?hours={hours}").json()["data"]
    begins = [datetime.fromisoformat(one) for one in data["over_time"]["from"]]
    assert data["over_time"]["minutes"] == minutes
    assert begins[0] == NOON - hours * HOUR
    assert {later - one for one, later in pairwise(begins[1:])} == {timedelta(minutes=minutes)}
    wanted: dict[str, Counter[int]] = defaultdict(Counter)
    for job in considered(jobs, hours):
        place = sum(1 for begin in begins if begin <= job["modificationtime"]) - 1
        for error in errors_of(job) if place >= 0 else ():
            wanted[error][place] += 1
    for one in data["errors"]:
        assert one["over_time"] == [wanted[one["error"]][place] for place in range(len(begins))]


def test_the_page_draws_when_each_error_was(client, jobs, source):
    page = client.get("/errors/?hours=6").content.decode()
    data = client.get("/api/v1/errors?hours=6").json()["data"]
    assert page.count('class="spark"') == len(data["errors"])
    most = max(data["errors"][0]["over_time"])
    assert f"most: {most} jobs in 10\xa0min from" in page
    untimed = client.get("/errors/?creationtimerange=2026-02-28|2026-03-02").content.decode()
    assert 'class="spark"' not in untimed
    assert 'class="volume"' in untimed
