"""`/harvester/pilots/`: counted from the rows with plain loops, from the database and from facets; links open
what they count."""

import html
import re
from collections import Counter
from datetime import timedelta

import pytest

from bigpandamon_core.panda.harvester import HarvesterInstances, HarvesterWorkerStats
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
MINUTE = timedelta(minutes=1)
PAGE = "/harvester/pilots/"
PILOTS = (
    "https://logs/1.out|Torque|PR|3.10.1",
    "https://logs/2.out|Torque|PR|3.11.4",
    None,
    "https://logs/3.out",
)
CLOUDS = {"ONE": "NORTH", "TWO": "SOUTH"}
WAITING, RUNNING = ("submitted", "ready", "pending"), ("running", "idle")


@pytest.fixture
def jobs(panda):
    for name, cloud in CLOUDS.items():
        panda.queue(name, cloud=cloud, status="online")
    made = [_job(place) for place in range(96)]
    for row in made:
        panda.job("jobsactive4" if row["jobstatus"] == "running" else "jobsarchived4", **row)
    return made


def _job(place):
    pilot = PILOTS[place % 4]
    return {
        "pilotid": pilot and pilot.replace("//logs/", f"//logs/{place}-"),
        "jobstatus": ("finished", "failed", "running")[place % 3],
        "computingsite": ("ONE", "TWO", "STRAY")[place // 4 % 3],
        "schedulerid": ("harvester-North_A", "harvester-South_B", "other")[place // 3 % 3],
        "computingelement": ("ce1", None)[place // 5 % 2],
        "modificationtime": NOON - 5 * place * MINUTE,
        "starttime": NOON - 10 * place * MINUTE,
        "endtime": NOON - 5 * place * MINUTE,
    }


@pytest.fixture
def services(panda):
    for name, minutes in (("North_A", 4), ("Idle_C", 90)):
        panda.row(HarvesterInstances, harvesterid=name, lastupdate=NOON - minutes * MINUTE)
    made = [
        {
            "harvesterid": ("North_A", "South_B")[place % 2],
            "computingsite": ("ONE", "TWO")[place // 2 % 2],
            "resourcetype": "SCORE",
            "status": (*WAITING, *RUNNING, "finished")[place // 4],
            "jobtype": "managed",
            "nworkers": 2**place % 1000 + 1,
            "lastupdate": NOON - (70 if place == 5 else 10) * MINUTE,
        }
        for place in range(24)
    ]
    panda.rows(HarvesterWorkerStats, made)
    return [row for row in made if row["lastupdate"] > NOON - 60 * MINUTE]


def version(job):
    head, _, last = job["pilotid"].rpartition("|")
    return last if head else "Not specified"


def instance(job):
    return job["schedulerid"].removeprefix("harvester-") if "-" in job["schedulerid"] else "Not specified"


def by(jobs, key):
    found: dict[str, Counter[str]] = {}
    for job in jobs:
        found.setdefault(key(job), Counter())[job["jobstatus"]] += 1
    return found


def states(told, name):
    return {one[name]: one["states"] for one in told}


@pytest.mark.parametrize("query", ["", "hours=3", "computingsite=ONE|STRAY&jobstatus=failed,finished"])
def test_jobs_that_pilots_took_are_counted_from_the_rows(client, jobs, services, source, query):
    meant = [
        job
        for job in jobs
        if job["pilotid"]
        and ("hours" not in query or job["modificationtime"] >= NOON - 180 * MINUTE)
        and ("ONE" not in query or (job["computingsite"] != "TWO" and job["jobstatus"] != "running"))
    ]
    answer = client.get(f"{PAGE}?json&{query}").json()
    data = answer["data"]
    assert answer["meta"]["total"] == len(meant)
    assert states(data["versions"], "version") == by(meant, version)
    assert states(data["queues"], "queue") == by(meant, lambda job: job["computingsite"])
    assert states(data["regions"], "region") == by(
        meant, lambda job: CLOUDS.get(job["computingsite"], "Not specified")
    )
    assert states(data["instances"], "harvesterid") == by(meant, instance)
    assert states(data["gateways"], "computingelement") == by(
        meant, lambda job: job["computingelement"] or "Not specified"
    )
    for one in data["versions"]:
        failed, finished = one["states"].get("failed", 0), one["states"].get("finished", 0)
        assert one["jobs"] == sum(one["states"].values())
        assert one["failing_percent"] == pytest.approx(100 * failed / (failed + finished))
    assert client.get(f"/api/v1/pilots?{query}").json()["data"] == data


def test_what_waits_is_told_by_queue_and_service(client, jobs, services):
    data = client.get("/api/v1/pilots").json()["data"]
    for told, name, column in (
        ("queues", "queue", "computingsite"),
        ("instances", "harvesterid", "harvesterid"),
    ):
        for one in data[told]:
            here = [row for row in services if row[column] == one[name]]
            assert one["workers_queued"] == sum(row["nworkers"] for row in here if row["status"] in WAITING)
            assert one["workers_running"] == sum(row["nworkers"] for row in here if row["status"] in RUNNING)
    assert {one["harvesterid"]: one["heartbeat"] for one in data["services"]} == {
        "North_A": "alive",
        "Idle_C": "late",
    }


NARROWING = {
    "computingsite=one": lambda row: row["computingsite"] == "ONE",
    "computingsite=!O*": lambda row: row["computingsite"] != "ONE",
    "computingsite.is=TWO&computingsite.is=gone": lambda row: row["computingsite"] == "TWO",
    "computingsite=gone": lambda row: False,
    "region=NORTH": lambda row: row["computingsite"] == "ONE",
    "harvesterinstance=South_B": lambda row: row["harvesterid"] == "South_B",
    "harvesterid=South_B": lambda row: row["harvesterid"] == "South_B",
    "harvesterinstance=all": lambda row: True,
    "harvesterinstance=Not+specified": lambda row: False,
    "harvesterinstance.is=North_A&computingsite=TWO": lambda row: (
        (row["harvesterid"], row["computingsite"]) == ("North_A", "TWO")
    ),
    "hours=2&pilotid=*": lambda row: True,
}


def facts(page):
    found = re.findall(r"<dt>Workers (queued|running)</dt><dd>(.*?)</dd>", page, re.S)
    return {name: re.sub(r"<[^>]*>", " ", text).split()[:1] for name, text in found}


def waiting(rows, states):
    return sum(row["nworkers"] for row in rows if row["status"] in states)


@pytest.mark.parametrize("query", NARROWING)
def test_workers_are_those_of_the_queues_and_services_asked_for(client, jobs, services, query):
    meant = [row for row in services if NARROWING[query](row)]
    answer = client.get(f"/api/v1/pilots?{query}").json()
    for one in answer["data"]["instances"]:
        here = [row for row in meant if row["harvesterid"] == one["harvesterid"]]
        assert one["workers_queued"] == waiting(here, WAITING)
        assert one["workers_running"] == waiting(here, RUNNING)
    for one in answer["data"]["queues"]:
        here = [row for row in meant if row["computingsite"] == one["queue"]]
        assert one["workers_queued"] == waiting(here, WAITING)
    assert answer["meta"]["workers_why_not"] is None
    told = facts(client.get(f"{PAGE}?{query}", headers={"Accept": "text/html"}).content.decode())
    assert told == {
        "queued": [f"{waiting(meant, WAITING):,}"],
        "running": [f"{waiting(meant, RUNNING):,}"],
    }


@pytest.mark.parametrize(
    ("query", "name"),
    [("cloud=NORTH", "cloud"), ("computingsite=ONE&jobstatus=failed", "jobstatus"), ("pandaid=1", "pandaid")],
)
def test_workers_are_not_told_by_what_services_do_not_say(client, jobs, services, query, name):
    answer = client.get(f"/api/v1/pilots?{query}").json()
    why = f"Workers are not told: services tell them by queue and harvester, not by {name}."
    assert answer["meta"]["workers_why_not"] == why
    told = [*answer["data"]["queues"], *answer["data"]["instances"]]
    assert {(one["workers_queued"], one["workers_running"]) for one in told} <= {(None, None)}
    page = client.get(f"{PAGE}?{query}", headers={"Accept": "text/html"}).content.decode()
    assert why in page
    assert (facts(page), "harvester/stats/?" in page) == ({}, False)


@pytest.mark.parametrize(
    "query", ["", "hours=2", "computingsite=ONE", "region=SOUTH", "harvesterinstance=North_A"]
)
def test_links_open_what_they_count(client, jobs, services, half, query):
    page = client.get(f"{PAGE}?{query}", headers={"Accept": "text/html"}).content.decode()
    links = re.findall(r'<td class="n"><a href="([^"]+)">([\d,]+)</a></td>', page)
    assert len({link.partition("?")[0] for link, _ in links}) == 2
    counts = {html.unescape(link): int(count.replace(",", "")) for link, count in links}
    for link, count in half(query, counts).items():
        if link.startswith("/jobs/"):
            assert len(client.get(link + "&json&fields=pandaid").json()["jobs"]) == count, link
        else:
            assert sum(row["nworkers"] for row in client.get(link + "&json").json()["data"]) == count, link


def test_pilots_over_time(client, jobs, facets):
    facets()
    told = client.get("/api/v1/pilots?hours=6").json()["data"]["trend"]
    ended = [
        job
        for job in jobs
        if job["pilotid"] and job["jobstatus"] != "running" and job["modificationtime"] >= NOON - 360 * MINUTE
    ]
    assert sum(piece["count"] for piece in told) == len(ended)
    for piece in told:
        inside = [job for job in ended if piece["from"] <= job["modificationtime"].isoformat() < piece["to"]]
        assert (piece["count"], piece["failed"]) == (
            len(inside),
            sum(job["jobstatus"] == "failed" for job in inside),
        )


def test_jobs_of_one_pilot_may_be_asked_for(client, jobs):
    one = next(job for job in jobs if job["pilotid"])
    answer = client.get(f"{PAGE}?json&pilotid={one['pilotid'].replace('|', '*')}").json()
    assert answer["meta"]["total"] == 1


def test_nothing_is_told_as_such(client, panda):
    page = client.get(PAGE, headers={"Accept": "text/html"}).content.decode()
    assert "No pilot took a job." in page
    assert client.get(f"{PAGE}?json").json()["data"]["versions"] == []


@pytest.mark.parametrize("query", ["hours=x", "jobstatus=", "pandaid=x"])
def test_what_is_refused(client, panda, query):
    for path in (f"{PAGE}?json&", "/api/v1/pilots?"):
        answer = client.get(path + query)
        assert answer.status_code == 400
        assert query.partition("=")[0] in answer.content.decode()
    assert client.get("/api/v1/pilots?garbage=1").status_code == 400
