"""`/workersfortask/` as programs parse it, counted from the rows with plain loops."""

from datetime import timedelta

import pytest

from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers, HarvesterWorkers
from bigpandamon_core.queries import task_jobs
from tests.instance.factory import HARVESTER
from tests.web.compatible import refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
HOUR = timedelta(hours=1)
KEYS = {"harvesterid", "workerid", "sumevents", "batchid", "walltime", "ncore", "njobs"}


@pytest.fixture
def took(panda):
    """`took(7, 1, 2)`: worker 7 took the jobs 1 and 2."""

    def make(workerid, *pandaids, harvesterid=HARVESTER, **columns):
        names = {"harvesterid": harvesterid, "workerid": workerid}
        usual = {"status": "finished", "lastupdate": NOON, "submittime": NOON - 9 * HOUR}
        panda.row(HarvesterWorkers, **names, **(usual | columns))
        for pandaid in pandaids:
            panda.row(HarvesterRelJobsWorkers, **names, pandaid=pandaid, lastupdate=NOON)

    return make


def workers(client, query):
    answer = client.get(f"/workersfortask/?{query}")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.status_code == 200
    found = answer.json()
    assert all(one.keys() == KEYS for one in found)
    return {(one["harvesterid"], one["workerid"]): one for one in found}


def test_workers_of_a_task_with_the_events_of_their_jobs(client, panda, took):
    first, second, third = (
        panda.job(table, jeditaskid=7, nevents=events, **state)
        for table, events, state in (
            ("jobsarchived4", 100, {}),
            ("jobsactive4", 20, {"jobstatus": "running"}),
            ("jobsarchived", 3, {"modificationtime": NOON - 20 * 24 * HOUR}),
        )
    )
    panda.job(jeditaskid=8, pandaid=99, nevents=1000)
    took(
        1, first, second, batchid="4.0", ncore=8, njobs=2, starttime=NOON - 6 * HOUR, endtime=NOON - 3 * HOUR
    )
    took(2, second, 99, harvesterid="other", starttime=NOON - 6 * HOUR)
    took(3, third)
    took(4, 99)
    found = workers(client, "jeditaskid=7")
    assert found == {
        (HARVESTER, 1): {"harvesterid": HARVESTER, "workerid": 1, "sumevents": 120, "batchid": "4.0",
                         "walltime": 0.125, "ncore": 8, "njobs": 2},
        (HARVESTER, 3): {"harvesterid": HARVESTER, "workerid": 3, "sumevents": 3, "batchid": "",
                         "walltime": 0, "ncore": None, "njobs": None},
        ("other", 2): {"harvesterid": "other", "workerid": 2, "sumevents": 20, "batchid": "",
                       "walltime": 0.25, "ncore": None, "njobs": None},
    }  # fmt: skip
    assert list(workers(client, "jeditaskid=7|8")) == [(HARVESTER, 1), (HARVESTER, 3), (HARVESTER, 4),
                                                        ("other", 2)]  # fmt: skip
    assert workers(client, "jeditaskid=7,8").keys() == workers(client, "JEDITASKID=7|8").keys()
    assert workers(client, "jeditaskid=9") == {}


def test_retried_jobs_count_and_merge_jobs_do_not_beside_jobs_of_events(client, panda, took):
    old, new, merge = (
        panda.job(jeditaskid=7, nevents=events, eventservice=kind)
        for events, kind in ((10, 1), (0, 4), (10, 2))
    )
    panda.retry(old, new, jeditaskid=7)
    took(1, old)
    took(2, new)
    took(3, merge)
    assert {key[1]: one["sumevents"] for key, one in workers(client, "jeditaskid=7").items()} == {
        1: 10,
        2: 0,
    }


def test_many_jobs_are_asked_for_in_pieces(client, panda, took):
    panda.jobs({"pandaid": 10_000 + place, "jeditaskid": 7, "nevents": 2} for place in range(1200))
    took(1, *range(10_000, 11_200))
    assert workers(client, "jeditaskid=7")[HARVESTER, 1]["sumevents"] == 2400


def test_what_is_cut_is_said(client, panda, took, monkeypatch):
    monkeypatch.setattr(task_jobs, "JOBS", task_jobs.JOBS.__class__("jobs.of_task", "", cap=2))
    took(1, *(panda.job(jeditaskid=7) for _ in range(3)))
    assert "there are more" in client.get("/workersfortask/?jeditaskid=7").headers["X-Truncated"]


@pytest.mark.parametrize(
    "query", ["", "jeditaskid=", "jeditaskid=x", "jeditaskid=7|x", "jeditaskid=Not specified|y"]
)
def test_what_is_refused(client, panda, query):
    status, body = refused(client, f"/workersfortask/?{query}")
    assert (status, "jeditaskid" in body["error"]) == (400, True)
