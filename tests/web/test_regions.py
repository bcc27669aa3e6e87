"""`/dash/region/`: counted from the rows with plain loops, in the shape that programs read; links open what
they count."""

import html
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bigpandamon_core.panda.harvester import HarvesterWorkerStats
from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
STATES = """pending defined waiting assigned throttled activated sent starting running holding transferring
    merging finished failed cancelled closed""".split()
QUEUES = {"ONE": ("NORTH", "SITE_A"), "TWO": ("NORTH", "SITE_B"), "THREE": ("SOUTH", "SITE_C")}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def jobs(panda) -> list[dict[str, Any]]:
    """Sixty jobs of all kinds on queues that are defined, and on one that is not."""
    for name, (cloud, site) in QUEUES.items():
        panda.queue(name, cloud=cloud, atlas_site=site, status="online", type="unified")
    made = []
    for place in range(60):
        state = ("finished", "failed", "running", "activated", "finished", "closed")[place % 6]
        row = {
            "computingsite": ("ONE", "TWO", "THREE", "STRAY")[place % 4],
            "prodsourcelabel": ("user", "managed", "panda", "test")[place // 4 % 4],
            "resourcetype": ("SCORE", "MCORE", None)[place % 3],
            "corecount": (1, 8, None)[place % 3],
            "jobstatus": state,
            "jobsubstatus": "fg_partial" if place % 12 == 4 else None,
            "modificationtime": NOON - place * MINUTE,
        }
        panda.job("jobsactive4" if state in ("running", "activated") else "jobsarchived4", **row)
        made.append(row)
    return made


def expected(jobs, key) -> dict[str, dict[str, dict[str, Counter[str]]]]:
    found: dict[str, dict[str, dict[str, Counter[str]]]] = {}
    for job in jobs:
        kind = "analy" if job["prodsourcelabel"] in ("user", "panda") else "prod"
        for activity in (kind, "all"):
            for resource in (job["resourcetype"] or "Not specified", "all"):
                cells = found.setdefault(key(job), {}).setdefault(activity, {})
                cells.setdefault(resource, Counter())[job["jobstatus"]] += 1
    return found


def counts(told) -> dict[str, dict[str, dict[str, Counter[str]]]]:
    for cells in told.values():
        for resources in cells.values():
            for states in resources.values():
                assert [one["jobstatus"] for one in states] == STATES
    return {
        name: {
            activity: {
                resource: +Counter({one["jobstatus"]: one["count"] for one in states})
                for resource, states in resources.items()
            }
            for activity, resources in cells.items()
        }
        for name, cells in told.items()
    }


def region(job) -> str:
    return QUEUES.get(job["computingsite"], ("Not specified", ""))[0]


def test_regions_sites_and_queues_are_counted_from_the_rows(client, jobs):
    found = ask(client, "/dash/region/")
    assert found.keys() == {"regions", "sites", "queues"}
    assert counts(found["regions"]) == expected(jobs, region)
    assert counts(found["sites"]) == expected(
        jobs, lambda job: QUEUES.get(job["computingsite"], ("", "Not specified"))[1]
    )
    summaries = {name: queue["job_summary"] for name, queue in found["queues"].items()}
    assert counts(summaries) == expected(jobs, lambda job: job["computingsite"])


def test_a_queue_tells_what_it_is_and_how_it_does(client, panda, jobs):
    told = {"harvesterid": "h", "resourcetype": "SCORE", "jobtype": "managed", "status": "running"}
    panda.row(HarvesterWorkerStats, computingsite="ONE", nworkers=40, lastupdate=NOON - MINUTE, **told)
    panda.row(HarvesterWorkerStats, computingsite="TWO", nworkers=9, lastupdate=NOON - 90 * MINUTE, **told)
    queues = ask(client, "/dash/region/")["queues"]
    one, mine = queues["ONE"], [job for job in jobs if job["computingsite"] == "ONE"]
    running = [job for job in mine if job["jobstatus"] == "running"]
    failed, finished = (sum(job["jobstatus"] == state for job in mine) for state in ("failed", "finished"))
    assert (one["pqtype"], one["region"], one["atlas_site"], one["status"]) == (
        "unified", "NORTH", "SITE_A", "online",
    )  # fmt: skip
    assert one["n_jobs"] == len(mine)
    assert one["n_running_cores"] == sum(job["corecount"] or 1 for job in running)
    assert one["failed_percentage"] == round(100 * failed / max(failed + finished, 1))
    assert (one["n_pilots_total"], one["n_pilots_nojob"]) == (40, 40 - len(running))
    assert queues["TWO"]["n_pilots_total"] == 0
    assert queues["STRAY"]["region"] == ""


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ({"region": "NORTH"}, lambda job: region(job) == "NORTH"),
        ({"site": "SITE_C"}, lambda job: job["computingsite"] == "THREE"),
        ({"jobtype": "analy"}, lambda job: job["prodsourcelabel"] in ("user", "panda")),
        ({"jobtype": "prod"}, lambda job: job["prodsourcelabel"] in ("managed", "test")),
        ({"resourcetype": "MCORE"}, lambda job: job["resourcetype"] == "MCORE"),
        ({"queuestatus": "online"}, lambda job: job["computingsite"] in QUEUES),
        ({"jobstatus": "failed"}, lambda job: job["jobstatus"] == "failed"),
        ({"computingsite": "T*"}, lambda job: job["computingsite"] in ("TWO", "THREE")),
    ],
)
def test_conditions(client, jobs, asked, meant):
    kept = [job for job in jobs if meant(job)]
    assert kept
    assert counts(ask(client, "/dash/region/", **asked)["regions"]) == expected(kept, region)


def test_links_of_the_json_open_what_they_count(client, jobs):
    found = ask(client, "/dash/region/", extra="links")
    checked = 0
    for cells in found["regions"].values():
        for resources in cells.values():
            for states in resources.values():
                for one in states:
                    if one["count"] and one.get("job_link") and checked < 60:
                        opened = client.get(one["job_link"] + "&json").json()
                        assert len(opened["jobs"]) == one["count"], one
                        checked += 1
    assert checked > 20


@pytest.mark.parametrize("split", ["", "jobtype", "resourcetype"])
def test_links_of_the_page_open_what_they_count(client, jobs, split):
    page = client.get("/dash/region/" + (f"?splitby={split}" if split else "")).content.decode()
    assert "<h1>60 jobs in 3 regions</h1>" in page
    links = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a></td>', page)
    assert len(links) > 15
    for link, count in links:
        opened = client.get(html.unescape(link) + "&json").json()
        assert len(opened["jobs"]) == int(count), link


def test_old_names_answer_alike(client, jobs):
    wanted = ask(client, "/dash/region/")
    for path in ("/dash/", "/dash/analysis/", "/dash/production/", "/new/dash/"):
        assert ask(client, path) == wanted


@pytest.mark.parametrize("path", ["/dash/", "/dash/analysis/", "/dash/production/", "/new/dash/"])
def test_pages_of_old_names_lead_to_the_dashboard_of_all(client, panda, path):
    asked = client.get(path + "?hours=3&splitby=jobtype", headers={"Accept": "text/html"})
    assert (asked.status_code, asked["Location"]) == (302, "/dash/region/?hours=3&splitby=jobtype")
    assert client.get(path, headers={"Accept": "text/html"})["Location"] == "/dash/region/"
    for own in ("/dash/region/", "/dash/es/"):
        assert client.get(own, headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("query", ["jobstatus=", "hours=x", "region=", "pandaid=q"])
def test_what_cannot_be_read_is_refused(client, panda, query):
    status, body = refused(client, f"/dash/region/?{query}&json")
    assert status == 400
    assert query.partition("=")[0] in body["error"]


def test_a_split_means_something_where_a_table_is_split_only(client, jobs):
    for word in ("jobtype", "resourcetype"):
        assert "X-Ignored-Parameters" not in client.get(f"/dash/region/?splitby={word}")
        assert client.get(f"/jobs/?splitby={word}")["X-Ignored-Parameters"] == "splitby"
    assert client.get("/jobs/?by=produsername")["X-Ignored-Parameters"] == "by"


def test_nothing_is_told_as_nothing(client, panda):
    assert ask(client, "/dash/region/") == {"regions": {}, "sites": {}, "queues": {}}


@pytest.fixture
def worldwide(panda) -> list[dict[str, Any]]:
    made = []
    for place in range(24):
        state = ("finished", "failed", "running")[place % 3]
        row = {
            "nucleus": ("CORE_ONE", "CORE_TWO", None)[place // 3 % 3],
            "computingsite": ("ONE", "TWO")[place % 2],
            "jobstatus": state,
            "eventservice": (0, 1, 2, None)[place % 4],
            "modificationtime": NOON - place * MINUTE,
        }
        panda.job("jobsactive4" if state == "running" else "jobsarchived4", **row)
        made.append(row)
    return made


def test_the_world_is_counted_from_the_rows(client, worldwide):
    found = ask(client, "/dash/world/")
    assert found.keys() == {"nucleuses", "nucleussummary", "statelist", "built"}
    assert found["statelist"] == STATES
    assert found["built"] == "2026-03-01 12:00:00"
    for nucleus in ("CORE_ONE", "CORE_TWO"):
        mine = [job for job in worldwide if job["nucleus"] == nucleus]
        assert +Counter(found["nucleussummary"][nucleus]) == Counter(job["jobstatus"] for job in mine)
        for queue in ("ONE", "TWO"):
            wanted = Counter(job["jobstatus"] for job in mine if job["computingsite"] == queue)
            assert +Counter(found["nucleuses"][nucleus][queue]) == wanted
            assert list(found["nucleuses"][nucleus][queue]) == STATES
    assert len(found["nucleuses"]) == 2


def test_links_of_the_world_open_what_they_count(client, worldwide):
    page = client.get("/dash/world/").content.decode()
    links = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a></td>', page)
    assert len(links) == 18
    for link, count in links:
        assert len(client.get(html.unescape(link) + "&json").json()["jobs"]) == int(count)


def test_event_service_jobs_alone(client, worldwide):
    for asked, kinds in (({}, (1, 2)), ({"eventservice": "esmerge"}, (2,))):
        queues = ask(client, "/dash/es/", **asked)["queues"]
        for queue in ("ONE", "TWO"):
            mine = [
                job for job in worldwide if job["computingsite"] == queue and job["eventservice"] in kinds
            ]
            assert queues.get(queue, {"n_jobs": 0})["n_jobs"] == len(mine)
