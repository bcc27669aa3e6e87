"""`/site/<queue>/`: its properties, the recorded history of them, its jobs."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from bigpandamon_core.panda.harvester import HarvesterWorkerStats
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.state.queues import QueueChange
from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
HOUR = timedelta(hours=1)
ALPHA = {
    "nickname": "ALPHA", "atlas_site": "SITE_A", "cloud": "NORTH", "status": "online", "corecount": 8,
    "copytools": {"rucio": {"setup": ""}, "gfal": {"setup": "x"}}, "nodes": None,
    "queues": [{"ce_name": "ce01", "ce_state": "ACTIVE"}], "comment": "", "is_virtual": False,
}  # fmt: skip


@pytest.fixture
def queues(panda) -> None:
    for name, document in (("ALPHA", ALPHA), ("BETA", {"status": "offline"})):
        panda.row(SchedconfigJson, panda_queue=name, data=document, last_update=NOON - 3 * HOUR)


@pytest.mark.usefixtures("queues")
@pytest.mark.parametrize("path", ["/site/ALPHA/", "/site/?site=ALPHA"])
def test_a_queue_is_an_array_of_its_properties_in_order(client, path):
    answer = client.get(path, headers={"accept": "application/json"})
    found = answer.json()
    assert [one["param"] for one in found] == sorted(ALPHA)
    told = {one["param"]: one["value"] for one in found}
    assert told | {"copytools": 0, "queues": 0} == ALPHA | {"copytools": 0, "queues": 0}
    assert told["copytools"] == "gfal = setup = x, rucio = setup = "
    assert told["queues"] == ["ce_name = ce01, ce_state = ACTIVE"]


@pytest.mark.usefixtures("queues")
def test_an_unknown_queue(client):
    assert ask(client, "/site/ALPHB/") == []
    assert ask(client, "/site/", site="ALPHB") == []
    page = client.get("/site/ALPHB/")
    assert page.status_code == 404
    assert "Did you mean ALPHA" in page.content.decode() or "alpha" in page.content.decode()
    assert client.get("/api/v1/sites/ALPHB").status_code == 404
    status, body = refused(client, "/site/?json")
    assert (status, body["problem"]["parameter"]) == (400, "site")


@pytest.fixture
def history(queues) -> None:
    """ALPHA appeared, went offline and back; GONE appeared and vanished."""
    rows: list[tuple[str, int, str, str, dict[str, Any]]] = [
        ("ALPHA", 9, "appeared", "online", {"status": {"new": "online"}, "maxrss": {"new": 1}}),
        (
            "ALPHA",
            6,
            "changed",
            "offline",
            {"status": {"old": "online", "new": "offline"}, "maxrss": {"old": 1}},
        ),
        ("ALPHA", 2, "changed", "online", {"status": {"old": "offline", "new": "online"}}),
        ("GONE", 9, "appeared", "test", {"status": {"new": "test"}}),
        ("GONE", 1, "vanished", "", {"status": {"old": "test"}}),
    ]
    for queue, hours, kind, status, changes in rows:
        QueueChange.objects.create(
            queue=queue, seen_at=NOON - hours * HOUR, kind=kind, status=status, digest="0", changes=changes
        )


@pytest.mark.usefixtures("history")
def test_the_recorded_history_of_a_queue(client):
    data = client.get("/api/v1/sites/ALPHA").json()["data"]
    assert data["document"] == ALPHA
    assert data["gone_since"] is None
    assert [(one["seen_at"], one["kind"], one["status"]) for one in data["history"]] == [
        ("2026-03-01T10:00:00", "changed", "online"),
        ("2026-03-01T06:00:00", "changed", "offline"),
        ("2026-03-01T03:00:00", "appeared", "online"),
    ]
    assert data["history"][1]["changes"] == [
        {"property": "maxrss", "old": 1},
        {"property": "status", "old": "online", "new": "offline"},
    ]
    page = client.get("/site/ALPHA/").content.decode()
    assert "What was changed" in page
    assert "not there" in page
    assert "10:00" in client.get("/sites/?status=online").content.decode()


@pytest.mark.usefixtures("history")
def test_a_queue_that_is_gone_keeps_its_history(client):
    data = client.get("/api/v1/sites/GONE").json()["data"]
    assert (data["document"], data["gone_since"]) == (None, "2026-03-01T11:00:00")
    page = client.get("/site/GONE/")
    assert page.status_code == 200
    assert "no such queue any more" in page.content.decode()
    assert ask(client, "/site/GONE/") == []


def test_links_of_a_queue_open_what_they_count(client, panda, queues):
    for place in range(30):
        state = ("finished", "failed", "running", "activated", "closed")[place % 5]
        live, age = state in ("running", "activated"), (20 if place >= 25 else place % 11) * HOUR
        panda.job(
            "jobsactive4" if live else "jobsarchived4",
            computingsite=("ALPHA", "BETA")[place % 2],
            jobstatus=state,
            modificationtime=NOON - age,
            piloterrorcode=1099 if state == "failed" else 0,
        )
    told = {"harvesterid": "h", "resourcetype": "SCORE", "jobtype": "managed", "status": "running"}
    panda.row(HarvesterWorkerStats, computingsite="ALPHA", nworkers=41, lastupdate=NOON, **told)
    page = client.get("/site/ALPHA/").content.decode()
    legend = re.findall(r'<a href="([^"]+)"[^>]*><i[^>]*></i><span>[^<]*</span> <b>(\d+)</b>', page)
    cells = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a></td>', page)
    assert len(legend) >= 3
    assert len(cells) >= 1
    for link, count in legend + cells:
        assert len(client.get(html.unescape(link) + "&json").json()["jobs"]) == int(count), link
    running = '<a href="/harvester/workers/?computingsite.is=ALPHA&amp;status=running">41</a>'
    assert f"<dt>Running workers</dt><dd>{running}" in page
    assert 'href="/wns/ALPHA/"' in page
    assert "pilot:1099" in page
