"""The newest jobs are those of the database, also where facets tell since when to look."""

from datetime import timedelta

import pytest

from tests.follow.server import change
from tests.web.conftest import NOON

MINUTE = timedelta(minutes=1)


@pytest.fixture
def jobs(panda, facets):
    made = {}
    for place in range(40):
        row = {"jobstatus": ("failed", "finished")[place % 2], "modificationtime": NOON - place * MINUTE}
        made[panda.job(**row)] = row
    facets()
    return made


def listed(client, limit, state="failed"):
    rows = client.get(f"/api/v1/jobs?hours=12&jobstatus={state}&limit={limit}").json()["data"]
    return [row["pandaid"] for row in rows]


def newest(jobs, limit, state="failed"):
    found = [pandaid for pandaid, row in jobs.items() if row["jobstatus"] == state]
    return sorted(found, key=lambda pandaid: (jobs[pandaid]["modificationtime"], pandaid), reverse=True)[
        :limit
    ]


@pytest.mark.parametrize("limit", [1, 7, 19, 20, 50])
def test_as_they_were_followed(client, jobs, limit):
    assert listed(client, limit) == newest(jobs, limit)


@pytest.mark.parametrize("limit", [1, 5, 19, 20])
def test_what_changed_since_is_listed_as_it_is(client, panda, jobs, limit):
    """Some of the newest did not fail after all, one is later than it was, another is new."""
    for place, pandaid in enumerate(newest(jobs, 20)):
        if place % 3 == 0:
            jobs[pandaid] = jobs[pandaid] | {"jobstatus": "finished"}
            change(pandaid, "jobsarchived4", jobstatus="finished")
    oldest = newest(jobs, 50)[-1]
    jobs[oldest] = jobs[oldest] | {"modificationtime": NOON}
    change(oldest, "jobsarchived4", modificationtime=NOON)
    row = {"jobstatus": "failed", "modificationtime": NOON - 30 * timedelta(seconds=1)}
    jobs[panda.job(**row)] = row
    assert listed(client, limit) == newest(jobs, limit)


def test_pages_follow_each_other(client, jobs):
    url, found = "/api/v1/jobs?hours=12&jobstatus=failed&limit=6", []
    while url:
        answer = client.get(url).json()
        found += [row["pandaid"] for row in answer["data"]]
        url = answer["links"]["next"]
    assert found == newest(jobs, 50)


def test_live_jobs_of_long_ago_do_not_stand_in_for_what_facets_have_not_seen_change(client, panda, facets):
    """They are listed whatever their age, but last."""
    times = {"activated": NOON, "failed": NOON - 20 * MINUTE, "old": NOON - timedelta(days=2)}
    made = {}
    for kind, newest_time in times.items():
        for place in range(10):
            state = "failed" if kind == "failed" else "activated"
            row = {"modificationtime": newest_time - place * MINUTE, "jobstatus": state}
            table = "jobsarchived4" if kind == "failed" else "jobsactive4"
            made[panda.job(table, **row)] = row
    facets()
    for pandaid in list(made)[:5]:
        change(pandaid, "jobsactive4", jobstatus="running")
        del made[pandaid]
    wanted = sorted(made, key=lambda pandaid: (made[pandaid]["modificationtime"], pandaid), reverse=True)
    url, found = "/api/v1/jobs?jobstatus=activated,failed&limit=10", []
    while url:
        answer = client.get(url).json()
        found += [row["pandaid"] for row in answer["data"]]
        url = answer["links"]["next"]
    assert found == wanted


def test_a_job_that_every_table_has_is_told_once(client, panda):
    for table, state in (
        ("jobsdefined4", "assigned"),
        ("jobsactive4", "running"),
        ("jobsarchived4", "failed"),
    ):
        panda.job(table, pandaid=777, jobstatus=state, modificationtime=NOON, statechangetime=NOON)
    for url, key in (("/jobs/?json&pandaid=777", "jobs"), ("/api/v1/jobs?pandaid=777", "data")):
        [job] = client.get(url).json()[key]
        assert (job["pandaid"], job["jobstatus"]) == (777, "failed")
