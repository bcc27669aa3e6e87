"""`/status_summary/`: counted from the rows with plain loops, in the shape that programs read."""

import html
import re
from collections import Counter
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
STATES = """pending defined waiting assigned throttled activated sent starting running holding transferring
    merging finished failed cancelled closed""".split()
KEYS = {"timestamp", "errors", "warnings", "query", "GET_parameters", "nrecords", "data"}
QUEUES: dict[str, dict[str, Any]] = {
    "ONE": {"cloud": "SOUTH", "atlas_site": "SITE_A", "corecount": 8, "status": "online", "comment": "fine"},
    "TWO": {"cloud": "NORTH", "atlas_site": "SITE_B", "corecount": 1, "status": "test"},
    "THREE": {"cloud": "NORTH", "atlas_site": "SITE_A", "corecount": None, "status": "offline"},
}
PATHS = ("/status_summary/", "/status_summary/api/")
Row = dict[str, Any]


@pytest.fixture
def jobs(panda) -> list[Row]:
    """Jobs of the last day on queues that are defined, and on one that is not."""
    for name, document in QUEUES.items():
        panda.queue(name, **document)
    made = []
    for place in range(72):
        state = ("finished", "failed", "running", "activated", "finished", "closed")[place % 6]
        label, payload = (("user", "http://x"), ("managed", "a.py"), ("test", "b.py"))[place // 4 % 3]
        row = {
            "computingsite": ("ONE", "TWO", "THREE", "STRAY")[place // 2 % 4],
            "jobstatus": state,
            "jobsubstatus": "fg_partial" if place % 12 == 0 else None,
            "prodsourcelabel": label,
            "transformation": payload,
            "cloud": ("US", "EU", None)[place % 3],
            "modificationtime": NOON - place * timedelta(minutes=20),
        }
        panda.job("jobsactive4" if state in ("running", "activated") else "jobsarchived4", **row)
        made.append(row)
    return made


def expected(jobs: list[Row], meant=lambda job, queue: True, hours: float = 12, states=STATES) -> list[Row]:
    counts: dict[str, Counter[str]] = {}
    for job in jobs:
        queue = QUEUES.get(job["computingsite"], {})
        is_counted = meant(job, queue) and job["jobstatus"] in states
        if is_counted and job["modificationtime"] >= NOON - timedelta(hours=hours):
            counts.setdefault(job["computingsite"], Counter())[job["jobstatus"]] += 1
    records = [
        {
            "computingsite": name,
            **{
                key: QUEUES.get(name, {}).get(key) or ""
                for key in ("cloud", "atlas_site", "status", "comment")
            },
            "corecount": QUEUES.get(name, {}).get("corecount"),
            "mcp_cloud": None,
            **{state: found[state] if state in states else None for state in STATES},
        }
        for name, found in counts.items()
    ]
    return sorted(records, key=lambda one: (one["cloud"], one["computingsite"]))


@pytest.mark.parametrize("path", PATHS)
def test_queues_are_counted_from_the_rows(client, jobs, path):
    found = ask(client, path)
    assert found.keys() == KEYS
    assert found["data"] == expected(jobs)
    assert found["nrecords"] == 4
    assert (found["errors"], found["warnings"]) == ({}, {})
    assert found["timestamp"] == "2026-03-01T12:00:00"
    assert found["query"]["modificationtime__range"] == ["2026-03-01T00:00:00", "2026-03-01T12:00:00"]
    assert [one["computingsite"] for one in found["data"]] == ["STRAY", "THREE", "TWO", "ONE"]


def fits(text: str, pattern: str) -> bool:
    return fnmatchcase(text, pattern)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ({"computingsite": "ONE"}, lambda job, queue: job["computingsite"] == "ONE"),
        ({"computingsite": "ONE,STRAY"}, lambda job, queue: job["computingsite"] in ("ONE", "STRAY")),
        ({"computingsite": "T*"}, lambda job, queue: fits(job["computingsite"], "T*")),
        ({"computingsite": "-T*"}, lambda job, queue: not fits(job["computingsite"], "T*")),
        ({"computingsite": "-ONE,TWO"}, lambda job, queue: job["computingsite"] in ("THREE", "STRAY")),
        ({"computingsite": "T*,-TWO"}, lambda job, queue: job["computingsite"] == "THREE"),
        ({"cloud": "NORTH"}, lambda job, queue: queue.get("cloud") == "NORTH"),
        ({"cloud": "-NORTH"}, lambda job, queue: queue.get("cloud") != "NORTH"),
        ({"cloud": "NULL"}, lambda job, queue: not queue),
        ({"cloud": "-NULL"}, lambda job, queue: bool(queue)),
        ({"atlas_site": "SITE_*"}, lambda job, queue: bool(queue)),
        ({"status": "online,test"}, lambda job, queue: queue.get("status") in ("online", "test")),
        ({"corecount": "1,8"}, lambda job, queue: queue.get("corecount") in (1, 8)),
        ({"corecount": "NULL"}, lambda job, queue: queue.get("corecount") is None),
        ({"mcp_cloud": "US"}, lambda job, queue: job["cloud"] == "US"),
        ({"mcp_cloud": "NULL,EU"}, lambda job, queue: job["cloud"] in (None, "EU")),
        ({"jobtype": "analysis"}, lambda job, queue: job["prodsourcelabel"] == "user"),
        ({"jobtype": "production"}, lambda job, queue: job["prodsourcelabel"] == "managed"),
        ({"jobtype": "test,analysis"}, lambda job, queue: job["prodsourcelabel"] in ("test", "user")),
        ({"cloud": "NORTH", "jobtype": "analysis"},
         lambda job, queue: queue.get("cloud") == "NORTH" and job["prodsourcelabel"] == "user"),
    ],

)  # fmt: skip
def test_conditions(client, jobs, path, asked, meant):
    wanted = expected(jobs, meant)
    assert wanted
    assert ask(client, path, **asked)["data"] == wanted


@pytest.mark.parametrize(
    ("jobstatus", "states"),
    [
        ("finished", ["finished"]),
        ("failed,running", ["failed", "running"]),
        ("-finished", [state for state in STATES if state != "finished"]),
        ("*ed,-failed", [state for state in STATES if state.endswith("ed") and state != "failed"]),
    ],
)
def test_states_that_are_left_out_are_null(client, jobs, jobstatus, states):
    assert ask(client, PATHS[1], jobstatus=jobstatus)["data"] == expected(jobs, states=states)


def test_windows(client, jobs):
    assert ask(client, PATHS[0], nhours=3)["data"] == expected(jobs, hours=3)
    assert ask(client, PATHS[0], nhours=48)["data"] == expected(jobs, hours=48)
    times = {"starttime": "2026-03-01T10:00:00", "endtime": "2026-03-01T12:00:00"}
    assert ask(client, PATHS[0], **times)["data"] == expected(jobs, hours=2)
    assert ask(client, PATHS[0], nhours=3, **times)["data"] == expected(jobs, hours=2)
    told = ask(client, PATHS[0], **times)
    assert told["GET_parameters"] == times  # what only says which form is wanted is not among them
    assert told["query"]["modificationtime__range"] == list(times.values())


def test_json_by_the_type_of_the_content_there_and_nowhere_else(client, jobs):
    answer = client.get("/status_summary/?nhours=12", headers={"content-type": "application/json"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["data"] == expected(jobs)
    both = client.get("/status_summary/?json=1", headers={"content-type": "application/json"})
    assert both.json()["nrecords"] == 4
    assert client.get("/status_summary/api/").json()["nrecords"] == 4
    for path in ("/status_summary/", "/sites/", "/jobs/"):
        asked = {} if path == "/status_summary/" else {"content-type": "application/json"}
        assert client.get(path, headers=asked).headers["Content-Type"].startswith("text/html")


@pytest.mark.usefixtures("jobs")
def test_a_kept_page_is_not_given_to_who_asks_by_content_type(client, keeping):
    for _ in range(2):
        assert client.get("/status_summary/")["Content-Type"].startswith("text/html")
        answer = client.get("/status_summary/", headers={"content-type": "application/json"})
        assert answer["Content-Type"] == "application/json"
        assert "Content-Type" in answer["Vary"]


@pytest.mark.parametrize(
    ("query", "named", "said"),
    [
        ("jobstatus=faild", "jobstatus=faild", "No job can have the jobstatus faild. Did you mean failed?"),
        ("jobstatus=-faild,failed", "jobstatus=faild", "Did you mean failed?"),
        ("computingsite=TOW", "computingsite=TOW", "No queue TOW is defined or has jobs in this window. Did"),
        ("computingsite=ONE,NOPE", "computingsite=NOPE", "No queue NOPE is defined"),
        ("jobtype=analysis,bogus", "jobtype=bogus", "No job can have the jobtype bogus."),
    ],
)
def test_names_that_nothing_has_are_told(client, jobs, query, named, said):
    answer = client.get(f"/status_summary/?json&{query}")
    assert answer.headers.get("X-Ignored-Parameters", named) == named
    body = answer.json()
    assert said in body["warnings"][named.partition("=")[0]]
    if answer.status_code == 404:
        assert body["problem"]["remedy"].startswith(said)
    page = client.get(f"/status_summary/?{query}", headers={"Accept": "text/html"})
    assert (said in page.content.decode(), "longer window" in page.content.decode()) == (True, False)
    assert page.headers["X-Ignored-Parameters"] == named


@pytest.mark.parametrize("query", ["computingsite=STRAY", "computingsite=T*,-NO*", "jobstatus=NULL"])
def test_names_that_may_be_asked_for_are_no_doubt(client, jobs, query):
    assert not client.get(f"/status_summary/?json&{query}").json()["warnings"]


@pytest.mark.parametrize("path", PATHS)
def test_no_records_are_not_found_with_the_whole_body(client, panda, path):
    status, body = refused(client, f"{path}?json&computingsite=NOWHERE&nhours=1")
    assert status == 404
    assert body.keys() >= KEYS
    assert (body["nrecords"], body["data"]) == (0, [])
    assert body["errors"].keys() == {"lookup"}
    assert body["GET_parameters"]["computingsite"] == "NOWHERE"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("nhours=x", "nhours"), ("nhours=0", "nhours"), ("nhours=1,2", "nhours"),
        ("starttime=soon", "starttime"),
        ("endtime=2026-13-01", "endtime"), ("computingsite=", "computingsite"), ("cloud=-", "cloud"),
        ("jobtype=other", "jobtype"), ("starttime=2026-03-01&endtime=2026-02-01", "starttime"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(client, panda, path, query, name):
    status, body = refused(client, f"{path}?{query}&json")
    assert status == 400
    assert body["error"]
    assert body["errors"].keys() == {name}
    assert body["data"] == []


def test_other_words_are_warned_of(client, jobs):
    assert ask(client, PATHS[0], nonsense=1)["warnings"].keys() == {"nonsense"}


@pytest.mark.parametrize(
    "query", ["", "?jobtype=analysis&nhours=5", "?cloud=NORTH&jobstatus=finished,failed"]
)
def test_links_of_the_page_open_what_they_count(client, jobs, query):
    page = client.get(f"/status_summary/{query}").content.decode()
    links = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a></td>', page)
    links += re.findall(r'<a href="([^"]+)"[^>]*><i[^>]*></i><span>[^<]*</span> <b>(\d+)</b>', page)
    assert len(links) >= 4
    for link, count in links:
        assert len(client.get(html.unescape(link) + "&json").json()["jobs"]) == int(count), link
    assert 'href="/site/TWO/"' in page
    assert 'href="/site/STRAY/"' not in page


def test_a_page_without_records_says_so(client, panda):
    page = client.get("/status_summary/?computingsite=NOWHERE")
    assert page.status_code == 200
    assert "Nothing matched" in page.content.decode()


def test_the_same_from_memory(client, facets, jobs):
    facets()
    assert ask(client, PATHS[1], computingsite="T*,-TWO", jobstatus="-failed")["data"] == expected(
        jobs,
        lambda job, queue: job["computingsite"] == "THREE",
        states=[one for one in STATES if one != "failed"],
    )
    page = client.get("/status_summary/?computingsite=T*").content.decode()
    assert "Counted in memory" in page
