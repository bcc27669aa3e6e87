"""Lists in the order of how long jobs ran or waited, those that still do among them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.web.compatible import ask
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
MINUTE = timedelta(minutes=1)
BEGUN = (17, 90, 3, 45, 61, 8)
"""Minutes ago."""


@pytest.fixture
def jobs(panda) -> None:
    """Jobs that run, wait, ran and were closed before they could."""
    for ago in BEGUN:
        early = {"creationtime": NOON - (ago + 100) * MINUTE, "modificationtime": NOON - MINUTE}
        panda.job("jobsactive4", jobstatus="running", starttime=NOON - ago * MINUTE, endtime=None, **early)
        panda.job(
            "jobsactive4",
            jobstatus="activated",
            starttime=None,
            endtime=None,
            creationtime=NOON - ago * MINUTE,
            modificationtime=NOON,
        )
        panda.job(jobstatus="finished", starttime=NOON - 95 * MINUTE, endtime=NOON - ago * MINUTE, **early)
        panda.job(jobstatus="closed", starttime=None, endtime=NOON - ago * MINUTE, **early)


SHOWN = {"duration": "durationsec", "queuetime": "waittimesec"}


@pytest.mark.parametrize("falls", [True, False], ids=["descending", "ascending"])
@pytest.mark.parametrize(
    ("order", "state"),
    [
        ("duration", "running"),
        ("duration", "finished"),
        ("queuetime", "activated"),
        ("queuetime", "running"),
        ("queuetime", "closed"),
    ],
)
def test_they_are_in_the_order_of_what_is_shown(client, jobs, order, state, falls):
    way = "descending" if falls else "ascending"
    found = ask(client, "/jobs/", jobstatus=state, sortby=f"{order}-{way}")["jobs"]
    seconds = [job[SHOWN[order]] for job in found]
    assert len(seconds) == len(BEGUN)
    assert seconds == sorted(seconds, reverse=falls)


@pytest.mark.parametrize("way", ["ascending", "descending"])
@pytest.mark.parametrize("order", ["duration", "queuetime"])
def test_pages_go_on_while_time_does(client, jobs, clock, order, way):
    """No job is told twice and none is left out, though those that run have run longer by then."""
    told: list[int] = []
    url: Any = f"/api/v1/jobs?sortby={order}-{way}&limit=5"
    while url:
        answer = client.get(url).json()
        told += [job["pandaid"] for job in answer["data"]]
        url = answer["links"].get("next")
        clock.moment += timedelta(minutes=7)
    assert len(told) == len(set(told)) == 4 * len(BEGUN)
