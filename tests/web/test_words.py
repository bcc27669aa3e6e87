"""Words without effect are told wherever they are given."""

from datetime import timedelta

import pytest

from tests.web.asking_tasks import task
from tests.web.compatible import ask
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
__all__ = ["task"]


@pytest.fixture
def job(panda):
    panda.queue("ONE")
    return panda.job(jobstatus="finished", computingsite="ONE", modificationtime=NOON - timedelta(minutes=5))


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/errors/?extra=bogus", "extra=bogus"),
        ("/errors/?extra=unfinishedfiles,bogus&jeditaskid=1", "extra=bogus"),
        ("/errors/?extra=unfinishedfiles", "extra=unfinishedfiles"),
        ("/errors/?view=bogus", "view"),
        ("/dash/region/?extra=bogus", "extra=bogus"),
        ("/tasks/?extra=jobstatecount,bogus", "extra=bogus"),
        ("/tasks/?category=bogus", "category=bogus"),
        ("/tasks/?view=bogus", "view"),
        ("/jobs/?extra=unfinishedfiles", "extra"),
        ("/jobs/?view=bogus", "view"),
        ("/jobs/?order=bogus", "order"),
        ("/jobs/?outputs=bogus", "outputs=bogus"),
        ("/jobs/?outputs=jobs,bogus", "outputs=bogus"),
        ("/jobs/?noarchjobs=2", "noarchjobs"),
        ("/jobs/?eventservice=jumboo", "eventservice=jumboo"),
        ("/jobs/?eventservice=4|jumboo", "eventservice=jumboo"),
        ("/jobs/?jobtype=bogus", "jobtype=bogus"),
    ],
)
def test_words_without_effect_are_named(client, panda, path, named):
    for answer in (client.get(path + "&json"), client.get(path, headers={"Accept": "text/html"})):
        assert (answer.status_code, answer.headers.get("X-Ignored-Parameters")) == (200, named)


@pytest.mark.parametrize(
    "path",
    [
        "/jobs/?eventservice=Jumbo|5|ordinary", "/jobs/?eventservice=not2", "/jobs/?eventservice.is=ordinary",
        "/jobs/?jobtype=prod", "/jobs/?jobtype=*test*", "/jobs/?view=cloud&order=alpha&datasets=anything",
        "/jobs/?outputs=jobs,errsByCount", "/errors/?view=wn", "/tasks/?category=service,production",
        "/harvester/workers/?view=status", "/dash/region/?jobtype=analy&extra=links",
    ],
)  # fmt: skip
def test_words_with_an_effect_are_not(client, panda, path):
    assert "X-Ignored-Parameters" not in client.get(path + "&json").headers


def test_a_mode_that_is_none_is_named(client, task):
    number = task()
    for path in (f"/task/{number}/?mode=bogus", f"/task/?jeditaskid={number}&mode=bogus"):
        assert client.get(path).headers["X-Ignored-Parameters"] == "mode"
    assert "X-Ignored-Parameters" not in client.get(f"/task/{number}/?mode=nodrop").headers
    body = client.get(f"/api/v1/tasks/{number}/profile?mode=bogus").json()
    assert (body["status"], body["parameter"]) == (400, "mode")


def test_a_page_says_what_an_unknown_word_is_taken_for(client, job):
    page = client.get("/jobs/?eventservice=jumboo").content.decode()
    assert "eventservice has no word jumboo: it is taken for ordinary jobs. Did you mean jumbo?" in page
    assert [one["pandaid"] for one in ask(client, "/jobs/", eventservice="jumboo")["jobs"]] == [job]


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("errors?extra=bogus", "extra", "Give unfinishedfiles."),
        ("errors?extra=unfinishedfiles", "extra", "Add jeditaskid"),
        ("jobs?unfinishedfiles=1", "unfinishedfiles", "Add jeditaskid"),
        ("jobs?eventservice=jumboo", "eventservice", "Did you mean jumbo?"),
    ],
)
def test_the_api_refuses_them(client, panda, query, parameter, said):
    body = client.get(f"/api/v1/{query}").json()
    assert (body["status"], body["parameter"]) == (400, parameter)
    assert said in body["detail"]
