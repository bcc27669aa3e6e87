"""Pages about harvester services: what they count is what their links open, counted from the rows with plain
loops."""

import html
import re
from collections import Counter
from datetime import timedelta

import pytest

from bigpandamon_core.panda.harvester import HarvesterWorkerStats
from tests.web.asking_harvester import (
    HOUR,
    INSTANCE,
    counted,
    messages,
    opened,
    page,
    services,
    stats,
    workers,
)
from tests.web.compatible import refused
from tests.web.conftest import NOON

SECOND = timedelta(seconds=1)
__all__ = ["messages", "services", "stats", "workers"]
pytestmark = pytest.mark.usefixtures("own", "clock")


def test_links_of_an_instance_open_what_they_count(client, services, workers, stats, messages):
    for path in (INSTANCE, INSTANCE + "?hours=3", INSTANCE + "?status=finished&days=1"):
        for link, count in counted(page(client, path)):
            assert opened(client, link) == count, link


def test_an_instance_tells_its_workers(client, services, workers, stats, messages):
    data = client.get("/api/v1/instances/North_A").json()["data"]
    mine = [
        row for row in workers if row["harvesterid"] == "North_A" and row["submittime"] >= NOON - 12 * HOUR
    ]
    assert data["workers"] == Counter(row["status"] for row in mine)
    assert data["queues"] == {
        queue or "": Counter(row["status"] for row in mine if row["computingsite"] == queue)
        for queue in ("ONE", "TWO & MORE", None)
    }
    assert sum(one["workers"] for one in data["submitted"]) == len(mine)
    for one in data["submitted"]:
        inside = [row for row in mine if one["from"] <= row["submittime"].isoformat() < one["to"]]
        assert one["workers"] == len(inside), one
    lately = [row for row in stats if row["harvesterid"] == "North_A" and row["lastupdate"] >= NOON - HOUR]
    now: Counter[str] = Counter()
    for row in lately:
        now[row["status"]] += row["nworkers"]
    assert data["workers_now"] == now
    assert (data["heartbeat"], data["silent_seconds"]) == ("alive", 240)
    assert [one["creationtime"] for one in data["messages"]] == [
        row["creationtime"].isoformat()
        for row in messages
        if row["harvesterid"] == "North_A" and row["creationtime"] >= NOON - 12 * HOUR
    ]
    assert client.get(INSTANCE + "?json").json()["data"] == data


def test_bars_over_time_open_what_they_count(client, services, workers):
    bars = re.findall(
        r'<a href="([^"]+)"><rect class="hit"[^>]*/><title>[^<]*: (\d+) workers,', page(client, INSTANCE)
    )
    assert sum(int(count) for _, count in bars) == 25
    for link, count in bars:
        assert opened(client, html.unescape(link)) == int(count)


@pytest.mark.parametrize(
    ("name", "told", "loud"),
    [
        ("North_A", "alive", False),
        ("South_B", "late", True),
        ("Old", "silent", False),
        ("Never", "never heard", False),
    ],
)
def test_a_late_heartbeat_is_loud(client, services, name, told, loud):
    text = page(client, f"/harvester/instance/{name}/")
    assert told in text
    assert ("Not heard" in text, 'class="alarm"' in text) == (loud, loud)
    assert "4 harvester instances, 1 late" in page(client, "/harvester/instances/")
    v1 = client.get("/api/v1/instances").json()["data"]
    assert {one["harvesterid"]: one["heartbeat"] for one in v1}[name] == told


def test_instances_lead_to_their_pages_and_to_what_they_count(client, services, stats):
    text = page(client, "/harvester/instances/")
    assert 'href="/harvester/instance/South_B/"' in text
    for link, count in counted(text):
        assert opened(client, link) == count, link


@pytest.mark.parametrize(
    "query", ["", "hours=2", "computingsite=TWO*", "status=running|submitted", "nworkers=1"]
)
def test_statistics_add_up_and_their_links_open_what_they_count(client, stats, query):
    text = page(client, f"/harvester/stats/?{query}")
    for link, count in counted(text):
        assert opened(client, link) == count, link


def test_statistics_are_those_of_the_last_hour(client, stats):
    lately = [row for row in stats if row["lastupdate"] >= NOON - HOUR]
    assert f"{sum(row['nworkers'] for row in lately):,} workers told by 2 harvesters" in page(
        client, "/harvester/stats/"
    )
    told = client.get("/api/v1/workerstats").json()
    assert told["meta"]["total"] == len(lately)
    assert told["data"][0].keys() == {"harvesterid", "computingsite", "resourcetype", "status", "jobtype",
                                      "nworkers", "lastupdate"}  # fmt: skip


def test_what_was_told_a_moment_ago_counts_whatever_answers_are_kept(
    client, clock, configured, services, stats, panda
):
    configured('[cache]\nkind = "memory"\ndefault_seconds = 600')
    clock.forward(-1)
    just = {"computingsite": "NEW", "resourcetype": "SCORE", "status": "running", "jobtype": "managed"}
    panda.row(HarvesterWorkerStats, harvesterid="North_A", nworkers=7, lastupdate=NOON - 2 * SECOND, **just)
    assert opened(client, "/harvester/stats/?computingsite=NEW") == 7
    earlier = "/harvester/stats/?computingsite=NEW&date_to=2026-03-01T11:59:00"
    assert opened(client, earlier) == 0
    lead = counted(page(client, "/harvester/instances/"))
    assert all(opened(client, link) == count for link, count in lead)


def test_statistics_are_paged_without_gaps(client, stats):
    url, seen = "/api/v1/workerstats?limit=7&days=1", []
    while url:
        answer = client.get(url).json()
        seen += [tuple(row.values()) for row in answer["data"]]
        url = answer["links"]["next"]
    assert len(seen) == len(set(seen)) == len(stats)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/harvester/instance/North_C/?json", 404, "Did you mean North_A"),
        ("/api/v1/instances/nobody", 404, "There is no harvester nobody"),
        ("/harvester/instance/North_A/?json&hours=x", 400, "hours"),
        ("/api/v1/instances/North_A?garbage=1", 400, "garbage"),
        ("/harvester/diagnostics/?json&hours=x", 400, "hours"),
        ("/harvester/diagnostics/?json&messagelevel=", 400, "messagelevel"),
        ("/api/v1/diagnostics?jobstatus=x", 400, "jobstatus"),
        ("/api/v1/diagnostics?after=x", 400, "after"),
        ("/harvester/stats/?json&nworkers=x", 400, "nworkers"),
        ("/harvester/stats/?json&date_from=x", 400, "date_from"),
        ("/api/v1/workerstats?sort=garbage", 400, "garbage"),
    ],
)
def test_what_is_refused(client, services, path, status, said):
    answer = client.get(path)
    assert answer.status_code == status
    assert said in answer.getvalue().decode()


def test_what_has_no_effect_is_told(client, services):
    answer = client.get(INSTANCE + "?json&garbage=1")
    assert answer.headers["X-Ignored-Parameters"] == "garbage"


@pytest.mark.parametrize(
    "path",
    ["/harvester/workers/", "/harvester/worker/?harvesterid=North_A&workerid=100", "/harvester/diagnostics/"],
)
def test_what_is_about_a_service_leads_to_its_page(client, workers, messages, path):
    assert f'href="{INSTANCE}"' in page(client, path)


def test_a_window_of_other_times_has_no_bars(client, services, workers):
    text = page(client, f"{INSTANCE}?starttimerange=2026-03-01T07:00|2026-03-01T07:00")
    assert "over time" not in text.lower()
    for link, count in counted(text):
        assert opened(client, link) == count, link


def test_a_service_without_a_record_is_known_by_its_workers(client, workers):
    assert client.get(INSTANCE + "?json").json()["data"]["heartbeat"] == "never heard"
    assert refused(client, "/harvester/instance/Other/?json")[0] == 404


def test_services_by_how_lately_they_were_heard(client, services):
    rows = client.get("/api/v1/instances").json()["data"]
    told = Counter(row["heartbeat"] for row in rows)
    for heard in told:
        found = client.get(f"/api/v1/instances?heartbeat={heard}").json()["data"]
        assert [row["heartbeat"] for row in found] == [heard] * told[heard]
        assert (
            len(client.get(f"/harvester/instances/?heartbeat={heard}&json").json()["instances"])
            == told[heard]
        )
    assert client.get("/api/v1/instances?heartbeat=dead").status_code == 400
