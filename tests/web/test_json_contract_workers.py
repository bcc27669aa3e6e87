"""Workers as programs parse them: every key with its type, which are meant, and what is refused."""

from datetime import timedelta

import pytest

from bigpandamon_core.panda.workers import HarvesterWorkers
from tests.instance.factory import HARVESTER
from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
HOUR = timedelta(hours=1)
INTEGERS = ("workerid", "ncore", "errorcode", "nativeexitcode", "njobs")
TIMES = ("lastupdate", "submittime", "starttime", "endtime")
TEXTS = tuple(
    """harvesterid status batchid nodeid queuename computingsite stdout stderr batchlog resourcetype
    nativestatus diagmessage computingelement jobtype""".split()
)
SUMMARY = {"status", "computingsite", "computingelement", "resourcetype", "harvesterid", "nativestatus",
           "jobtype"}  # fmt: skip
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def worker(panda):
    def make(workerid, **columns):
        usual = {"harvesterid": HARVESTER, "status": "running", "submittime": NOON - HOUR, "lastupdate": NOON}
        panda.row(HarvesterWorkers, workerid=workerid, **(usual | columns))

    return make


def numbers(client, **parameters):
    return [one["workerid"] for one in ask(client, "/harvester/workers/", **parameters)["workers"]]


@pytest.mark.parametrize("full", [True, False])
def test_every_key_has_its_type(client, worker, full):
    more = dict.fromkeys(INTEGERS[1:], 3) | dict.fromkeys(TEXTS, "x") | dict.fromkeys(TIMES, NOON)
    worker(1, **(more if full else {}))
    found = ask(client, "/harvester/workers/")
    [told] = found["workers"]
    assert told.keys() == {*INTEGERS, *TIMES, *TEXTS}
    assert all(isinstance(told[name], str) for name in TEXTS)
    assert all(told[name] is None or isinstance(told[name], int) for name in INTEGERS)
    assert told["lastupdate"] == NOON.isoformat()
    assert found["summary"].keys() == SUMMARY
    assert found["summary"]["status"] == {told["status"]: 1}


MEANT = [
    ({}, [1, 2]),
    ({"hours": 48}, [1, 2, 3]),
    ({"status": "running"}, [1]),
    ({"computingsite": "QUEUE_B"}, [2]),
    ({"instance": "other"}, [2]),
    ({"harvesterid": HARVESTER}, [1]),
    ({"workerids": "1,3"}, [1, 3]),
    ({"workerid": 3}, [3]),
    ({"errorcode": 7}, [2]),
    ({"pandaid": 50}, [5]),
    ({"pandaid": 51}, []),
    ({"limit": 1}, [1]),
]


@pytest.mark.parametrize(("asked", "expected"), MEANT)
def test_which_are_meant(client, panda, worker, asked, expected):
    worker(1, computingsite="QUEUE_A")
    worker(2, computingsite="QUEUE_B", status="failed", harvesterid="other", errorcode=7,
           submittime=NOON - 2 * HOUR)  # fmt: skip
    worker(3, submittime=NOON - 30 * HOUR)
    panda.worker(50, workerid=5, submittime=NOON - 300 * HOUR, lastupdate=NOON)
    assert numbers(client, **asked) == expected
    v1 = client.get("/api/v1/workers", asked).json()
    assert [one["workerid"] for one in v1["data"]] == expected


def test_the_old_name_answers_the_same(client, worker):
    worker(1)
    worker(2, status="failed")
    assert ask(client, "/harvesters/", status="failed")["summary"]["status"] == {"failed": 1}


def test_a_worker_with_its_jobs(client, panda):
    pandaid = panda.job(jobstatus="finished")
    number = panda.worker(pandaid, lastupdate=NOON)
    found = ask(client, "/harvester/worker/", harvesterid=HARVESTER, workerid=number)
    assert (found["corrJobs"], found["jobsStatuses"]) == ([pandaid], {"finished": 1})
    assert found["workerid"] == number
    v1 = client.get("/api/v1/worker", {"harvesterid": HARVESTER, "workerid": number}).json()
    assert v1["data"]["pandaids"] == [pandaid]


@pytest.mark.parametrize(
    ("address", "status", "named"),
    [
        ("/harvester/worker/?json&workerid=1", 400, "harvesterid"),
        ("/harvester/worker/?json&harvesterid=h", 400, "workerid"),
        ("/harvester/worker/?json&harvesterid=h&workerid=x", 400, "workerid"),
        ("/harvester/worker/?json&harvesterid=h&workerid=1", 404, "no worker 1"),
        ("/harvester/workers/?json&errorcode=x", 400, "errorcode"),
        ("/harvester/workers/?json&pandaid=x", 400, "pandaid"),
        ("/harvester/workers/?json&hours=x", 400, "hours"),
    ],
)
def test_what_is_refused(client, panda, address, status, named):
    found, body = refused(client, address)
    assert found == status
    assert named in body["error"]


def test_pages_escape_and_tell_what_does_not_fit(client, worker):
    worker(1, diagmessage=HOSTILE, status="missed", pilotstatus="running", stdout="javascript:alert(1)",
           stderr="https://logs/err")  # fmt: skip
    for address in ("/harvester/workers/", f"/harvester/worker/?harvesterid={HARVESTER}&workerid=1"):
        page = client.get(address, headers={"Accept": "text/html"}).content.decode()
        assert "&lt;script&gt;" in page
        assert HOSTILE not in page
    assert "The pilot says running, but harvester holds the worker for missed." in page
    assert 'href="https://logs/err"' in page
    assert 'href="javascript' not in page


def test_what_a_worker_said_is_hidden_with_the_names_it_may_hold(client, configured, panda):
    number = panda.worker(panda.job(), diagmessage="Ada Secret has no quota", submittime=NOON)
    configured('[privacy]\nanonymous = "pseudonyms"')
    for path in (
        "/harvester/workers/",
        "/harvester/workers/?json",
        f"/harvester/worker/?harvesterid=harvester_one&workerid={number}",
        "/api/v1/workers",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Secret" not in answer.getvalue().decode(), path
