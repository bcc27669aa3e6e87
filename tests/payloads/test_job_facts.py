"""What is told of a job: memory, time and processors against what was asked for."""

from datetime import timedelta

import pytest
from django.test import Client

from bigpandamon_core.domain.window import now
from tests.instance.factory import Panda
from tests.payloads.one_job import facts, page

pytestmark = pytest.mark.usefixtures("own")
KB_PER_MB = 1024


@pytest.mark.parametrize(
    ("columns", "text", "note", "bad"),
    [
        ({"maxpss": 1999 * KB_PER_MB, "minramcount": 2000}, "1.95 GB", "of 2.0 GB", False),
        ({"maxpss": 2001 * KB_PER_MB, "minramcount": 2000}, "1.95 GB", "of 2.0 GB", True),
        ({"maxpss": None, "maxrss": 3 * KB_PER_MB**2, "minramcount": 4000}, "3.00 GB", "of 4.0 GB", False),
        ({"maxpss": KB_PER_MB**2, "minramcount": 0}, "1.00 GB", "", False),
    ],
)
def test_peak_memory_against_what_was_asked_for(panda: Panda, columns, text, note, bad):
    fact = facts(page(panda.job(**columns)))["Peak memory"]
    assert (fact["text"], fact["note"], fact["bad"]) == (text, note, bad)


def test_what_is_asked_for_where_no_memory_was_measured(panda: Panda):
    assert facts(page(panda.job(maxpss=None, minramcount=2500)))["Memory asked for"]["text"] == "2.5 GB"


@pytest.mark.parametrize(
    ("age_hours", "state", "of_task", "of_queue"),
    [(1, "finished", False, False), (30, "finished", False, True), (30, "running", False, False),
     (24 * 400, "finished", True, True)],
)  # fmt: skip
def test_links_from_a_job_reach_it_however_old(panda: Panda, age_hours, state, of_task, of_queue):
    client = Client(headers={"host": "localhost"})
    moment = now().replace(microsecond=0) - timedelta(hours=age_hours)
    table = "jobsactive4" if state == "running" else "jobsarchived" if age_hours > 100 else "jobsarchived4"
    number = panda.job(table, jobstatus=state, modificationtime=moment, modificationhost="slot1@node1")
    found = facts(page(number))
    for label in ("Task", "User", "Queue", "Node"):
        listed = client.get(found[label]["url"] + "&json&fields=pandaid").json()["jobs"]
        assert {"pandaid": number} in listed, label
    assert ("date_from" in found["Task"]["url"], "date_from" in found["Queue"]["url"]) == (of_task, of_queue)


def test_time_and_processors(panda: Panda):
    end = now().replace(microsecond=0) - timedelta(hours=1)
    number = panda.job(
        endtime=end,
        starttime=end - timedelta(hours=2, minutes=5),
        modificationtime=end,
        corecount=8,
        actualcorecount=4,
        cpuconsumptiontime=4 * 7500 // 2,
        maxwalltime=7200,
    )
    found = facts(page(number))
    assert found["Ran"]["text"] == "2 h 05 min"
    assert (found["Cores"]["text"], found["Cores"]["note"]) == ("4", "asked for 8")
    assert (found["CPU time"]["text"], found["CPU time"]["note"]) == ("4 h 10 min", "50% efficient")
    wall = found["Wall time"]
    assert (wall["text"], wall["note"], wall["bad"]) == ("104 % of the limit", "2 h 00 min", True)


def test_who_and_where(panda: Panda):
    panda.queue("QUEUE_ONE", status="online", corecount=8)
    number = panda.job(
        modificationhost="slot1@node7", pilotid="x|3.1", schedulerid="harvester-h1", attemptnr=2, maxattempt=3
    )
    found = facts(page(number))
    told = {label: found[label]["text"] for label in ("Node", "Pilot", "Submitted by", "User", "Attempt")}
    assert told == {
        "Node": "node7", "Pilot": "3.1", "Submitted by": "h1", "User": "Ada Example", "Attempt": "2"
    }  # fmt: skip
    assert (found["Queue"]["note"], found["Attempt"]["note"]) == ("online", "at most 3")
