"""Pages and JSON: counts are those of the rows behind their links, personal data stay with the entitled."""

import re
from collections import Counter
from datetime import timedelta
from html import unescape

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from bigpandamon_htcondor.dag_paths import critical_path
from bigpandamon_htcondor.models import BatchJob
from bigpandamon_htcondor.states import ORDER
from bigpandamon_htcondor.store import store
from tests.plugins.conftest import NOON
from tests.plugins.htcondor.conftest import JOBS
from tests.plugins.htcondor.world import NOW, SECRETS, jobs, listed, unix

PAGES = ("jobs", "held", "dags", "pools")


def truth_of(job) -> str:
    if job["JobStatus"] == 4 and job["ExitCode"]:
        return "failed"
    return {1: "idle", 2: "running", 3: "removed", 4: "completed", 5: "held"}[job["JobStatus"]]


def test_counts_are_those_of_the_rows_behind_their_links(stored):
    page = stored.get("/htcondor/jobs/").content.decode()
    told = stored.json("/htcondor/jobs/")
    assert told["states"] == Counter(map(truth_of, jobs()))
    legend = re.findall(r'<a href="([^"]+)" class="\w+"><i [^>]*></i><span>(\w+)</span> <b>(\d+)</b>', page)
    assert {state for _, state, _ in legend} == told["states"].keys() <= {*ORDER}
    for url, state, count in legend:
        assert (
            stored.client.get(unescape(url) + "&json").json()["total"] == int(count) == told["states"][state]
        )
    values = re.findall(r'<a href="([^"]+)" title="SITE_\d">SITE_(\d)</a><span class="n">(\d+)</span>', page)
    assert len(values) == 5
    for url, _, count in values:
        assert stored.client.get(unescape(url) + "&json").json()["total"] == int(count) == 12


def test_pages_of_rows_follow_each_other(stored):
    seen, url = [], f"{JOBS}?limit=7&state=held"
    while url:
        told = stored.client.get(url).json()
        seen += [row["GlobalJobId"] for row in told["data"]]
        url = told["links"]["next"] and told["links"]["next"].replace("/htcondor/jobs/", JOBS)
    assert sorted(seen) == sorted(one["GlobalJobId"] for one in jobs() if one["JobStatus"] == 5)


def test_what_can_be_asked_for(stored):
    everything = list(jobs())
    for asked, wanted in {
        ("state", "held|idle"): lambda one: one["JobStatus"] in (1, 5),
        ("host", "h1.example"): lambda one: one["GlobalJobId"].startswith("q@h1."),
        ("site", "*_3"): lambda one: one["MATCH_GLIDEIN_Site"] == "SITE_3",
        ("site", "*ite_3"): lambda one: one["MATCH_GLIDEIN_Site"] == "SITE_3",
        ("owner", "owner2"): lambda one: one["Owner"] == "owner2",
        ("batchid", "17.0"): lambda one: "#17.0#" in one["GlobalJobId"],
        ("pandaid", "9021"): lambda one: one["wmsid"] == "9021",
    }.items():
        found = {row["GlobalJobId"] for row in listed(stored, **dict([asked]))["data"]}
        assert found == {one["GlobalJobId"] for one in everything if wanted(one)}, asked


def test_the_window_takes_what_is_in_the_queue_and_what_changed(stored):
    BatchJob.objects.update(since=NOW - timedelta(days=3))
    alive = {state: many for state, many in Counter(map(truth_of, jobs())).items() if state in ORDER[:5]}
    assert listed(stored)["meta"]["states"] == alive
    assert listed(stored, hours="none")["meta"]["total"] == 60
    BatchJob.objects.filter(state="idle").update(removed=NOW)
    assert "idle" not in listed(stored)["meta"]["states"]


def test_old_jobs_are_no_news_whenever_they_are_handed_in(pool, noon):
    """Only what tells no time counts from when it came."""
    day = 86400
    ended = {"JobStatus": 4, "ExitCode": 0}
    store(
        [
            {"GlobalJobId": "entered#1.0#1", "EnteredCurrentStatus": unix(NOON) - 3 * day, **ended},
            {"GlobalJobId": "completed#1.0#1", "CompletionDate": unix(NOON) - 2 * day, **ended},
            {"GlobalJobId": "timeless#1.0#1", **ended},
            {"GlobalJobId": "new#1.0#1", "EnteredCurrentStatus": unix(NOON) - 60, **ended},
        ],
        NOON,
    )
    monitor = pool()
    names = [row["GlobalJobId"].partition("#")[0] for row in listed(monitor)["data"]]
    assert names == ["timeless", "new"]
    names = [row["GlobalJobId"].partition("#")[0] for row in listed(monitor, hours="none")["data"]]
    assert names == ["timeless", "new", "completed", "entered"]


def test_numbers_of_a_scheduler_add_up(pool, noon):
    """Bad put is told where it is known only: by events it is, from the runs that they tell."""
    store([*jobs(12), {"GlobalJobId": "q@h1.example#99.0#1"}, {"GlobalJobId": "q@no.example#1.0#1"}], NOW)
    told = {one["name"]: one for one in pool().json("/htcondor/pools/", hours="none")["by_host"]}
    for one in told.values():
        assert sum(one["states"].values()) == one["jobs"]
    assert told["h1.example"]["states"]["unknown"] == 1
    assert (told["no.example"]["lost_h"], told["no.example"]["core_h"]) == (None, None)


@pytest.mark.parametrize(
    "asked",
    [
        {"hours": "x"},
        {"pandaid": "a"},
        {"site": "a*b"},
        {"limit": "0x"},
        {"after": "y"},
        {"holdcode": "9" * 30},
    ],
)
def test_what_cannot_be_read_is_400(stored, asked):
    for form in ("html", "json"):
        assert stored.get("/htcondor/jobs/", format=form, **asked).status_code == 400
    assert stored.get(JOBS, **asked).status_code == 400


def test_unknown_parameters(stored):
    assert stored.get(JOBS, nonsense="1").status_code == 400
    assert stored.get("/htcondor/jobs/", nonsense="1")["X-Ignored-Parameters"] == "nonsense"


def test_schedulers_efficiency_and_bad_put(stored):
    told = {one["name"]: one for one in stored.json("/htcondor/pools/")["by_host"]}
    for host in ("h0.example", "h1.example", "h2.example"):
        mine = [one for one in jobs() if f"@{host}#" in one["GlobalJobId"]]
        core = sum(one["RemoteWallClockTime"] * one["RequestCpus"] for one in mine)
        committed = sum(one["CommittedTime"] * one["RequestCpus"] for one in mine)
        used_in = sum(
            one["RemoteWallClockTime" if one["NumJobStarts"] == 1 else "CommittedTime"] * one["RequestCpus"]
            for one in mine
        )
        assert told[host]["jobs"] == len(mine)
        assert told[host]["efficiency"] == pytest.approx(
            100 * sum(one["RemoteUserCpu"] for one in mine) / used_in
        )
        assert told[host]["lost"] == pytest.approx(100 * (core - committed) / core)


def test_what_is_personal_is_told_to_the_entitled_only(stored, accounts):
    name = "q@h2.example%235.0%231"
    for page in (*(f"/htcondor/{one}/" for one in PAGES), f"/htcondor/job/{name}/"):
        for form in ("html", "json"):
            assert b"sesame" not in stored.get(page, format=form).content, page
    accounts.make("rea", "readers")
    whole = f"/htcondor/job/{name}/classad/"
    assert stored.get(whole).status_code == 403
    headers = {"authorization": f"Token {accounts.token('rea', 'personal')}"}
    assert (
        stored.client.get(whole, headers=headers).json()["ClassAd"]["Environment"] == SECRETS["Environment"]
    )


def test_hidden_names_stay_hidden(pool, noon):
    store(list(jobs()), NOW)
    monitor = pool('[privacy]\nanonymous = "none"\n')
    for page in (*(f"/htcondor/{one}/" for one in PAGES), JOBS, "/htcondor/job/q@h2.example%235.0%231/"):
        assert not re.search(rb"owner\d", monitor.get(page).content), page
    for name in ("owner", "accounting", "batchname"):
        assert monitor.get("/htcondor/jobs/", **{name: "owner1"}).status_code == 403
    assert monitor.get("/htcondor/dags/").status_code == 403


def test_the_batch_job_is_told_beside_its_panda_job(stored, panda):
    linked, numbered, other = panda.job(pandaid=9005), panda.job(batchid="h1.example#7.0"), panda.job()
    by_link = stored.get(f"/job/{linked}/").content.decode()
    assert '<a href="/htcondor/job/q%40h2.example%235.0%231/">' in by_link.partition("</main>")[2]
    assert "used more than it asked for" in by_link
    assert "#7.0#" in unescape(stored.get(f"/job/{numbered}/").content.decode().partition("</main>")[2])
    assert "<aside" not in stored.get(f"/job/{other}/").content.decode()
    assert (
        f'<a href="/job/{linked}/">' in stored.get("/htcondor/job/q@h2.example%235.0%231/").content.decode()
    )


@pytest.mark.parametrize(
    ("batchid", "told"),
    [
        ("7.0", ["q@h1.example#7.0#1"]),
        ("https://ce.example:9619/h1.example#7.0", ["q@h1.example#7.0#1"]),
        ("8.0", ["q@h2.example#8.0#1", "q@other.example#8.0#1"]),
        ("q@other.example#8.0", ["q@other.example#8.0#1"]),
        ("schedd@elsewhere.example#8.0#99", []),
        ("xh2.example#8.0", []),
        ("7", []),
        ("17.07.2026", []),
        ("", []),
    ],
)
def test_the_batch_job_is_told_beside_its_worker(stored, panda, batchid, told):
    store([{"GlobalJobId": "q@other.example#8.0#1", "QDate": 5}], NOW)
    worker = panda.worker(panda.job(), batchid=batchid)
    page = stored.get("/harvester/worker/", harvesterid="harvester_one", workerid=worker)
    beside = unescape(page.content.decode().partition("</main>")[2])
    assert re.findall(r">(q@[^<]+)</a>", beside) == told
    assert ("One of these" in beside) == (len(told) > 1)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_there_is_said(pool, page):
    shown = pool().get(f"/htcondor/{page}/")
    assert shown.status_code == 200
    assert re.search(
        "No batch job matched|No job is held|No DAG is known|None is known", shown.content.decode()
    )


def test_pages_ask_little_however_many_jobs_there_are(stored):
    for page in (*PAGES, "job/q@h2.example%235.0%231"):
        for form in ("html", "json"):
            with CaptureQueriesContext(connections["default"]) as asked:
                assert stored.get(f"/htcondor/{page}/", format=form).status_code == 200
            assert len(asked) <= 12, page


def test_what_is_not_there_is_404(pool):
    monitor = pool()
    for path in ("job/x%23y/", "dag/nothing/", "job/x/classad/"):
        assert monitor.get(f"/htcondor/{path}").status_code in (403, 404)


def test_the_critical_path():
    parents = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"], "e": [], "x": ["y"], "y": ["x"]}
    assert critical_path({"a": 1, "b": 5, "c": 9, "d": 1, "e": 10}, parents) == ["a", "c", "d"]
    assert critical_path({"e": 30, "a": 1}, parents) == ["e"]
    assert critical_path({}, {}) == []
