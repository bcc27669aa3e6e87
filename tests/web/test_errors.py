"""`/errors/`: counted from the rows with plain loops, in the shape that programs read; links open what they
count. Each question is asked of the database and of facets."""

import html
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from bigpandamon_core.panda.tasks import JediDatasetContents
from tests.web.compatible import ask, refused
from tests.web.conftest import NOON
from tests.web.failing import CODES, HOUR, Job, by, considered, errors_of, failing_jobs, node

pytestmark = pytest.mark.usefixtures("own", "clock")
SECTIONS = ("jobSummary", "errsByCount", "errsBySite", "errsByUser", "errsByTask")


@pytest.fixture
def jobs(panda) -> list[Job]:
    return failing_jobs(panda)


def told(places: list[dict[str, Any]]) -> dict[Any, Counter[str]]:
    for place in places:
        assert place["errorlist"] == sorted(place["errors"].values(), key=lambda one: -one["count"])
        assert place["toterrors"] == sum(one["count"] for one in place["errorlist"])
    totals = [place["toterrors"] for place in places]
    assert totals == sorted(totals, reverse=True)
    return {
        place["name"]: Counter({name: one["count"] for name, one in place["errors"].items()})
        for place in places
    }


def links_of(client, address: str) -> dict[str, int]:
    """The links to jobs that a page gives its counts, and the counts."""
    page = client.get(address).content.decode()
    links = dict(re.findall(r'<td class="n"><a href="(/jobs/[^"]+)">([\d,]+)</a></td>', page))
    return {html.unescape(link): int(count.replace(",", "")) for link, count in links.items()}


def open_what_they_count(client, links: Mapping[str, int]) -> None:
    for link, count in links.items():
        assert len(client.get(link + "&json&fields=pandaid&limit=1000").json()["jobs"]) == count, link


def test_errors_by_count_queue_user_and_task(client, jobs, source):
    found, mine = ask(client, "/errors/"), considered(jobs)
    assert tuple(found) == SECTIONS
    counts = Counter(error for job in mine for error in errors_of(job))
    assert {one["error"]: one["count"] for one in found["errsByCount"]} == counts
    assert told(found["errsBySite"]) == by(mine, lambda job: job["computingsite"])
    assert told(found["errsByUser"]) == by(mine, lambda job: job["produsername"] or "Not specified")
    assert told(found["errsByTask"]) == by(mine, lambda job: job["jeditaskid"])
    assert all(isinstance(place["name"], int) for place in found["errsByTask"])
    for place in found["errsBySite"]:
        here = [job for job in mine if job["computingsite"] == place["name"]]
        assert place["toterrjobs"] == sum(1 for job in here if errors_of(job))


def test_an_entry_is_that_of_the_jobs_page(client, jobs, source):
    for entry in ask(client, "/errors/")["errsByCount"]:
        assert entry.keys() == {
            "error", "codename", "codeval", "diag", "desc", "cat", "example_pandaid", "count",
        }  # fmt: skip
        component, _, code = entry["error"].partition(":")
        assert (CODES[entry["codename"]], str(entry["codeval"])) == (component, code)
        example = next(job for job in jobs if job["pandaid"] == entry["example_pandaid"])
        assert entry["error"] in errors_of(example)
        assert isinstance(entry["diag"], str)
        assert entry["cat"].keys() == {"id", "name"}


def test_the_summary_has_its_attributes(client, jobs, source):
    summary = ask(client, "/errors/")["jobSummary"]
    assert [one["field"] for one in summary] == sorted(
        """computingelement computingsite eventservice jobstatus processingtype prodsourcelabel produsername
        specialhandling transformation reqid workinggroup""".split()
    )
    states = next(one["list"] for one in summary if one["field"] == "jobstatus")
    wanted = Counter(job["jobstatus"] for job in considered(jobs))
    assert {one["kname"]: one["kvalue"] for one in states} == wanted


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ({"hours": 3}, lambda job: job["modificationtime"] >= NOON - 3 * HOUR),
        ({"hours": 24, "jobstatus": "failed"}, lambda job: job["jobstatus"] == "failed"),
        ({"days": 1, "cloud": "SOUTH"}, lambda job: job["computingsite"] == "FINE"),
        ({"days": 1, "piloterrorcode": 1099}, lambda job: job["piloterrorcode"] == 1099),
        ({"hours": 6, "username": "ann", "limit": 10_000_000}, lambda job: job["produsername"] == "Ann Ek"),
        ({"jobtype": "prod*"}, lambda job: True),
    ],
)
def test_conditions(client, jobs, source, asked, meant):
    hours = asked.get("hours", 24 if "days" in asked else 12)
    wrong = [job for job in jobs if job["jobstatus"] != "finished" and meant(job)]
    begin = NOON - hours * HOUR
    bound = [
        job
        for job in wrong
        if job["modificationtime"] >= begin or (job["jobstatus"] == "holding" and "hours" not in asked)
    ]
    wanted = Counter(error for job in bound for error in errors_of(job))
    found = ask(client, "/errors/", **asked)
    assert {one["error"]: one["count"] for one in found["errsByCount"]} == wanted


def test_production_has_a_longer_window(client, panda):
    row = {"jobstatus": "failed", "piloterrorcode": 1099, "modificationtime": NOON - 9 * HOUR}
    panda.job(**row, prodsourcelabel="managed", transformation="Sim_tf.py")
    panda.job(**row, prodsourcelabel="user", transformation="http://a/runGen")
    assert ask(client, "/errors/")["errsByCount"] == []
    assert len(ask(client, "/errors/", jobtype="production")["errsByCount"]) == 1
    assert ask(client, "/errors/", jobtype="analysis")["errsByCount"] == []


@pytest.mark.parametrize("known", [True, False], ids=["facets", "database"])
def test_jobs_are_taken_by_the_state_that_is_shown(client, panda, facets, known):
    """The sub-status of fine-grained jobs tells how they ended, whatever their state says."""
    row = {"modificationtime": NOON - HOUR, "computingsite": "ONE"}
    bad = panda.job(jobstatus="closed", jobsubstatus="fg_stumble", piloterrorcode=1306, **row)
    panda.job(jobstatus="failed", jobsubstatus="fg_partial", piloterrorcode=1099, **row)
    if known:
        facets()
    (told,) = ask(client, "/errors/")["errsByCount"]
    assert (told["error"], told["count"], told["example_pandaid"]) == ("pilot:1306", 1, bad)
    links = links_of(client, "/errors/")
    open_what_they_count(client, links)
    assert set(links.values()) == {1, 2}  # one of the two that ended failed


@pytest.mark.parametrize("asked", [{"computingsite": "BAD"}, {"site": "SITE_BAD"}])
def test_of_one_queue_the_sites_are_its_nodes(client, jobs, source, asked):
    mine = [job for job in considered(jobs) if job["computingsite"] == "BAD"]
    assert told(ask(client, "/errors/", **asked)["errsBySite"]) == by(mine, node)


def test_fields_name_sections(client, jobs):
    whole = ask(client, "/errors/")
    some = ask(client, "/errors/", fields="errsBySite,errsByTask")
    assert some == {name: whole[name] for name in ("errsBySite", "errsByTask")}
    assert ask(client, "/errors/", fields="nothing").keys() == set(SECTIONS)


def test_kept_answers_of_other_words_are_not_mixed(client, jobs, keeping):
    """The same jobs, told otherwise: kept for each."""
    whole = ask(client, "/errors/", hours=5)
    assert ask(client, "/errors/", hours=5, fields="errsBySite").keys() == {"errsBySite"}
    names = [one["error"] for one in ask(client, "/errors/", hours=5, sortby="alpha")["errsByCount"]]
    assert names == sorted(names)
    again = client.get("/errors/?json=&hours=5")
    assert (again.json(), again["X-Cache"]) == (whole, "hit")
    assert "X-Ignored-Parameters" not in again
    assert client.get("/errors/?json=&hours=5&fields=nonsense")["X-Ignored-Parameters"] == "fields=nonsense"


def test_errors_in_alphabetic_order(client, jobs):
    found = ask(client, "/errors/", sortby="alpha")
    for section, key in (("errsByCount", "error"), ("errsBySite", "name"), ("errsByTask", "name")):
        names = [one[key] for one in found[section]]
        assert names == sorted(names), section


def test_errors_of_finished_files_can_be_left_out(client, panda):
    for place, status in enumerate(("finished", "ready", "failed")):
        number = panda.job(
            jobstatus="failed", jeditaskid=7001, piloterrorcode=1099, modificationtime=NOON - HOUR
        )
        panda.file(number, jeditaskid=7001, datasetid=5, fileid=place, type="input")
        panda.row(
            JediDatasetContents, jeditaskid=7001, datasetid=5, fileid=place, type="input",
            status=status, lfn=f"f{place}", pandaid=number, creationdate=NOON,
        )  # fmt: skip
    [entry] = ask(client, "/errors/", jeditaskid=7001)["errsByCount"]
    assert entry["count"] == 3
    [entry] = ask(client, "/errors/", jeditaskid=7001, extra="unfinishedfiles")["errsByCount"]
    assert entry["count"] == 2
    assert ask(client, "/errors/", jeditaskid=7002, extra="unfinishedfiles")["errsByCount"] == []


@pytest.mark.parametrize(
    "query", ["", "hours=24&computingsite=BAD", "hours=6&piloterrorcode=1099", "jeditaskid=7001", "view=wn"]
)
def test_links_of_the_page_open_what_they_count(client, jobs, half, query):
    links = links_of(client, f"/errors/?{query}")
    assert len(links) > 10
    open_what_they_count(client, half(query, links))


@pytest.mark.parametrize("query", ["hours=x", "jobstatus=", "piloterrorcode=q", "pandaid=1*", "sortby=best"])
def test_what_cannot_be_read_is_refused(client, panda, query):
    name = query.partition("=")[0]
    told = client.get(f"/api/v1/errors?{query}")
    assert (told.status_code, told.json()["parameter"]) == (400, name)
    if name != "sortby":  # programs' words for an order that is not known mean the usual one
        status, body = refused(client, f"/errors/?{query}&json")
        assert (status, name in body["error"]) == (400, True)


def test_nothing_failed(client, panda):
    found = ask(client, "/errors/")
    assert [found[name] for name in SECTIONS[1:]] == [[], [], [], []]
    assert all(one["list"] == [] for one in found["jobSummary"])
    assert "Why 0 jobs failed" in client.get("/errors/").content.decode()


@pytest.mark.parametrize("query", ["date_from=1990-01-01", "days=15000", "days=100000000"])
def test_windows_before_which_there_is_nothing_are_not_compared(client, panda, query):
    panda.job(jobstatus="failed", piloterrorcode=1099, modificationtime=NOON)
    for form in ("", "&json"):
        assert client.get(f"/errors/?{query}{form}").status_code == 200
