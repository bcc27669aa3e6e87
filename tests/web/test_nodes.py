"""`/wns/` and `/wn/`: counted from the rows with plain loops, from the database and from facets; links open
what they count; nodes that swallow jobs are named."""

import html
import re
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import pytest

from bigpandamon_core.panda.nodes import WorkerNode
from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
STATES = """pending defined waiting assigned throttled activated sent starting running holding transferring
    merging finished failed cancelled closed""".split()
MINUTE = timedelta(minutes=1)
Job = dict[str, Any]


@pytest.fixture
def jobs(panda) -> list[Job]:
    """200 jobs of a queue on five nodes, one of which fails everything at once, and some elsewhere."""
    panda.queue("ONE", cloud="NORTH", atlas_site="SITE_A", status="online")
    made = [_job(place) for place in range(200)]
    for row in made:
        panda.job("jobsactive4" if row["jobstatus"] == "running" else "jobsarchived4", **row)
    panda.jobs([_job(place) | {"computingsite": "TWO"} for place in range(30)])
    return made


def _job(place: int) -> Job:
    host = place % 5
    state = "failed" if host == 4 else ("finished", "running", "finished", "failed", "closed")[place // 5 % 5]
    end = NOON - place * MINUTE
    ran = 2 if host == 4 else 90
    return {
        "computingsite": "ONE",
        "modificationhost": None if host == 3 else f"slot{place % 2}@n{host}" if host else "n0",
        "jobstatus": state,
        "corecount": (1, 8, None)[place % 3],
        "minramcount": (2000, 500)[place % 2],
        "starttime": end - ran * MINUTE,
        "endtime": None if state == "running" else end,
        "modificationtime": end,
    }


def node(job: Job) -> str:
    return (job["modificationhost"] or "").rpartition("@")[2] or "Unknown"


def slot(job: Job) -> str:
    return (job["modificationhost"] or "").rpartition("@")[0]


def by_node(jobs: list[Job]) -> dict[str, list[Job]]:
    found: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        found[node(job)].append(job)
    return found


def test_nodes_are_counted_from_the_rows(client, jobs, source):
    answer = ask(client, "/wns/ONE/")
    assert (answer["site"], answer["wnname"], answer["user"], answer["hours"]) == ("ONE", "All", None, 12)
    assert answer["built"] == "12:00:00"
    every, average, *nodes = answer["summary"]
    assert [one["name"] for one in nodes] == sorted(by_node(jobs))
    for one in nodes:
        mine = by_node(jobs)[one["name"]]
        counts = Counter(job["jobstatus"] for job in mine)
        assert [state["name"] for state in one["statelist"]] == STATES
        assert {state["name"]: state["count"] for state in one["statelist"] if state["count"]} == counts
        assert one["states"]["failed"] == {"name": "failed", "count": counts["failed"]}
        assert one["count"] == len(mine)
        assert one["slotd"] == Counter(map(slot, mine))
        assert one["slotcount"] == len(set(map(slot, mine)))
        running = [job for job in mine if job["jobstatus"] == "running"]
        assert one["rcores"] == sum(job["corecount"] or 1 for job in running)
        assert one["rminramcount"] == sum(job["minramcount"] for job in running) / 1000
        ended = counts["failed"] + counts["finished"]
        assert one["pctfail"] == round(100 * counts["failed"] / ended)
    total = Counter(job["jobstatus"] for job in jobs)
    assert (every["name"], every["count"], +Counter(every["states"])) == ("All", 200, total)
    assert (average["name"], average["states"]["failed"]["count"]) == (
        "Average",
        f"{total['failed'] / 5:.2f}",
    )
    failed = Counter(node(job) for job in jobs if job["jobstatus"] == "failed")
    assert answer["wnPlotFailed"] == [[name, count] for name, count in sorted(failed.items())]


def test_a_node_that_swallows_jobs_stands_out(client, jobs, source):
    outliers = {one["name"]: one.get("outlier") for one in ask(client, "/wns/ONE/")["summary"]}
    assert outliers.pop("n4") == " VeryHighFailed "
    assert set(outliers.values()) == {"", None}
    rows = {row["name"]: row for row in client.get("/api/v1/nodes/ONE").json()["data"]}
    assert (rows["n4"]["swallows_jobs"], rows["n4"]["failed_at_once"]) == (True, 40)
    assert not any(
        row["swallows_jobs"] or row["failed_at_once"] for row in rows.values() if row["name"] != "n4"
    )
    page = client.get("/wns/ONE/").content.decode()
    assert "swallows jobs" in page


@pytest.mark.parametrize("path", ["/wns/ONE/", "/wns/ONE/?hours=2", "/wns/ONE/?wnname=n", "/wn/ONE/n4/"])
def test_links_of_the_page_open_what_they_count(client, jobs, half, path):
    page = client.get(path).content.decode()
    links = re.findall(r'<td class="n"><a href="(/jobs/[^"]+)">([\d,]+)</a></td>', page)
    assert links
    for link, count in half(path, dict(links)).items():
        opened = client.get(html.unescape(link) + "&json&fields=pandaid").json()
        assert len(opened["jobs"]) == int(count), html.unescape(link)


def test_one_node(client, panda, jobs):
    panda.row(WorkerNode, site="SITE_A", host_name="n1", cpu_model="Big 9000", n_logical_cpus=64)
    answer = ask(client, "/wn/ONE/n1/")
    assert [one["name"] for one in answer["summary"]] == ["All", "Average", "n1"]
    assert answer["wnname"] == "n1"
    assert answer["summary"][0]["count"] == len(by_node(jobs)["n1"])
    page = client.get("/wn/ONE/n1/").content.decode()
    assert "Big 9000" in page
    assert "<h1>n1 of ONE</h1>" in page


def test_conditions(client, jobs, source):
    def names(**asked: object) -> list[str]:
        return [one["name"] for one in ask(client, "/wns/ONE/", **asked)["summary"][2:]]

    assert names(wnname="n1") == ["n1"]
    assert names(jobstatus="running") == ["Unknown", "n0", "n1", "n2"]
    assert names(hours=1, nhours=700) == ["Unknown", "n0", "n1", "n2", "n4"]
    assert names(sortby="count")[0] in by_node(jobs)
    assert ask(client, "/wns/", site="ONE")["summary"] == ask(client, "/wns/ONE/")["summary"]


def test_a_queue_that_is_not_known(client, jobs):
    status, body = refused(client, "/wns/ONNE/?json")
    assert (status, "Did you mean ONE?" in body["problem"]["remedy"]) == (404, True), body
    assert client.get("/wns/ONNE/").status_code == 404
    status, body = refused(client, "/wns/?json")
    assert (status, body["error"]) == (400, "No computing site specified")
    assert [one["name"] for one in ask(client, "/wns/TWO/")["summary"]][2:]  # it has jobs
    assert ask(client, "/wns/ONE/", jobstatus="merging")["summary"][0]["count"] == 0


@pytest.mark.parametrize("query", ["hours=x", "jobstatus=", "pandaid=q", "corecount=many"])
def test_what_cannot_be_read_is_refused(client, panda, query):
    status, body = refused(client, f"/wns/ONE/?{query}&json")
    assert status == 400
    assert query.partition("=")[0] in body["error"]


@pytest.mark.parametrize(("path", "parameter"), [("/wns/%00/?json", "site"), ("/wn/ONE/%00/?json", "node")])
def test_a_refusal_names_what_the_address_does(client, panda, path, parameter):
    status, body = refused(client, path)
    assert (status, body["problem"]["parameter"]) == (400, parameter)
