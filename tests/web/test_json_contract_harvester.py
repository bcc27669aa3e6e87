"""What harvester services are, say and count, as programs parse it."""

from datetime import timedelta

import pytest

from bigpandamon_core.panda.harvester import HarvesterDialogs, HarvesterInstances, HarvesterWorkerStats
from bigpandamon_core.queries import harvester as queries
from tests.instance.factory import HARVESTER
from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
HOUR = timedelta(hours=1)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def stats(panda):
    rows = (("A_ONE", "running", 5, 3), ("A_TWO", "running", 6, 2), ("B", "submitted", 7, 1))
    for queue, state, count, hours in rows:
        panda.row(
            HarvesterWorkerStats,
            harvesterid=HARVESTER,
            computingsite=queue,
            resourcetype="SCORE",
            status=state,
            jobtype="managed",
            nworkers=count,
            lastupdate=NOON - hours * HOUR,
        )


@pytest.mark.parametrize(
    ("asked", "counts"),
    [
        ({}, [7, 6, 5]),
        ({"computingsite": "A*"}, [6, 5]),
        ({"status": "submitted"}, [7]),
        ({"harvesterid": "other"}, []),
        ({"lastupdate_from": "2026-01-01T00:00:00"}, [7, 6, 5]),
        ({"lastupdate_to": (NOON - 2 * HOUR).isoformat()}, [6, 5]),
    ],
)
def test_worker_stats_newest_first(client, stats, asked, counts):
    found = ask(client, "/harvester/getworkerstats/", **asked)
    assert [one["nworkers"] for one in found] == counts
    for one in found:
        assert one.keys() == {"harvesterid", "computingsite", "resourcetype", "status", "nworkers",
                              "lastupdate", "jobtype"}  # fmt: skip


@pytest.fixture
def instance(panda):
    panda.row(HarvesterInstances, harvesterid=HARVESTER, lastupdate=NOON - 30 * HOUR, hostname=HOSTILE)


def test_instances(client, instance):
    [found] = ask(client, "/harvester/instances/")["instances"]
    assert found == {
        "harvesterid": HARVESTER, "description": "", "starttime": None, "owner": "", "hostname": HOSTILE,
        "lastupdate": (NOON - 30 * HOUR).isoformat(), "swversion": "", "commitstamp": "",
    }  # fmt: skip
    assert ask(client, "/harvester/instances/", hours=1) == {"instances": []}
    assert client.get("/api/v1/instances").json()["data"][0]["harvesterid"] == HARVESTER


def test_the_page_of_instances_leads_to_workers_and_jobs(client, instance):
    page = client.get("/harvester/instances/", headers={"Accept": "text/html"}).content.decode()
    assert HOSTILE not in page
    assert f"/harvester/workers/?harvesterid.is={HARVESTER}" in page
    assert f"/jobs/?harvesterinstance={HARVESTER}" in page


def test_diagnostics_newest_first(client, panda):
    for number in range(3):
        panda.row(HarvesterDialogs, harvesterid=HARVESTER, diagid=number, creationtime=NOON - number * HOUR,
                  messagelevel="ERROR", diagmessage=f"said {number}")  # fmt: skip
    panda.row(HarvesterDialogs, harvesterid=HARVESTER, diagid=9, creationtime=NOON - 20 * HOUR)
    found = ask(client, "/harvester/getdiagnostics/", limit=2)
    assert [one["diagmessage"] for one in found] == ["said 0", "said 1"]
    assert found[0].keys() == {"creationtime", "harvesterid", "modulename", "messagelevel", "diagmessage"}
    assert len(ask(client, "/harvester/getdiagnostics/")) == 3
    assert len(ask(client, "/harvester/getdiagnostics/", days=1)) == 4
    assert ask(client, "/harvester/getdiagnostics/", instance="other") == []


def test_jobs_that_workers_took(client, panda):
    workerid = panda.worker(7, lastupdate=NOON)
    [found] = ask(client, "/harvester/getjobs/", pandaid=7)
    assert (found["harvesterid"], found["workerid"], found["pandaid"]) == (HARVESTER, workerid, 7)
    assert found.keys() == {"harvesterid", "workerid", "pandaid", "lastupdate"}


def test_workers_as_an_array(client, panda):
    for pandaid in (1, 2):
        panda.worker(pandaid, lastupdate=NOON, submittime=NOON - HOUR)
    assert len(ask(client, "/harvester/getworkers/", dt="")) == 2
    assert len(ask(client, "/harvester/getworkers/", dt="", display_limit_workers=1)) == 1


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/harvester/getworkers/", "dt"),
        ("/harvester/getworkerstats/?lastupdate_from=yesterday", "lastupdate_from"),
        ("/harvester/getworkerstats/?lastupdate_to=x", "lastupdate_to"),
        ("/harvester/getdiagnostics/?limit=x", "limit"),
        ("/harvester/getdiagnostics/?limit=10001", "limit"),
        ("/harvester/getjobs/?limit=10001", "limit"),
        ("/harvester/getjobs/?workerid=x", "workerid"),
        ("/harvester/instances/?hours=x&json", "hours"),
    ],
)
def test_what_is_refused(client, panda, address, named):
    status, body = refused(client, address)
    assert status == 400
    assert named in body["error"]


def test_an_array_that_would_be_cut_is_refused(client, stats, monkeypatch):
    monkeypatch.setattr(queries, "MOST_STATS", 3)
    status, body = refused(client, "/harvester/getworkerstats/")
    assert (status, "at most 3 rows" in body["error"]) == (400, True)
    assert len(ask(client, "/harvester/getworkerstats/", computingsite="A_ONE")) == 1
