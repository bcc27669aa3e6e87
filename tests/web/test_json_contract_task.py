"""`/task/<jeditaskid>/`: what programs read of one task, in which form, and how its page counts."""

import html
import json
import re
from datetime import timedelta

import pytest

from bigpandamon_core.panda.locality import JediDatasetLocality
from bigpandamon_core.panda.task_history import JediTaskparams, TaskAttempts, TasksStatuslog
from tests.truth.task_columns import INTEGERS, TEXTS, TIMES
from tests.web.asking_tasks import DAY, HOUR, dataset, task
from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
__all__ = ["dataset", "task"]
BLANK = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
WITH_BLANK = ("creationdate", "modificationtime", "starttime", "statechangetime", "ttcrequested")
DATASET_KEYS = """jeditaskid datasetid datasetname containername type masterid streamname status storagetoken
    nevents neventsused neventstobeused nfiles nfilesfinished nfilesfailed nfilesmissing nfileswaiting
    scope""".split()


def test_the_task_has_its_columns_and_what_follows_from_them(client, task):
    number = task(**dict.fromkeys(TIMES, NOON) | {"tasktype": "prod", "workinggroup": "g"})
    found = ask(client, f"/task/{number}/")
    assert found.keys() == {"task", "taskparams", "datasets"}
    told = found["task"]
    assert not {*INTEGERS, *TEXTS, *TIMES, "eventservice"} - told.keys()
    for name in WITH_BLANK:
        assert BLANK.fullmatch(told[name]), name
    assert told["endtime"] == "2026-03-01T12:00:00"
    assert (told["dc_info"], told["idds_info"], told["rating"], told["rating_feedback"]) == (None, {}, -1, [])
    assert told["brokerage"] == "prod_brokerage"
    assert told["kibanatimefrom"] == "2026-03-01T12:00:00Z"
    assert (told["owner"], told["category"]) == ("g", "production")
    assert told["totevhs06"] is None
    assert "nfiles" not in told
    assert found["taskparams"] == {}


def test_progress_of_one_task(client, task, dataset):
    number = task()
    dataset(number, nfiles=10, nfilesfinished=4, nevents=1000, neventsused=250)
    dataset(number, "output", nevents=90, streamname="OUTPUT0")
    dataset(number, "log", nevents=90, streamname="LOG0")
    told = ask(client, f"/task/{number}/")["task"]
    assert (told["totev"], told["totevproc"], told["totevoutput"]) == (1000, 250, 90)
    assert told["pctfinished"] == 25.0
    assert told["dsinfo"]["neventsOutput"] == 90
    assert told["dsinfo"]["pctfinished"] == 40


def test_a_task_without_events_has_no_part_of_them(client, task):
    assert ask(client, f"/task/{task()}/")["task"]["pctfinished"] == ""


def test_datasets_of_one_task(client, panda, task, dataset):
    number = task()
    last = dataset(number, "log", datasetname="user.x:z.log")
    first = dataset(
        number, datasetname="mc:a.input", nfiles=3, nfilesfinished=1, streamname=None, masterid=None
    )
    panda.row(JediDatasetLocality, jeditaskid=number, datasetid=first, rse="STORE_ONE", timestamp=NOON)
    told = ask(client, f"/task/{number}/")["datasets"]
    assert [one["datasetid"] for one in told] == [first, last]
    assert not set(DATASET_KEYS) - told[0].keys()
    assert (told[0]["datasetname"], told[0]["scope"]) == ("a.input", "mc")
    assert (told[0]["percentfinished"], told[0]["rse"]) == (33, "STORE_ONE")
    assert told[0]["masterid"] == told[0]["streamname"] == told[0]["nevents"] == ""
    assert "percentfinished" not in told[1]


def test_what_it_was_submitted_with(client, panda, task):
    number = task()
    panda.row(JediTaskparams, jeditaskid=number, taskparams=json.dumps({"nFiles": 5, "cliParams": "a b"}))
    assert ask(client, f"/task/{number}/")["taskparams"] == {"nFiles": 5, "cliParams": "a b"}


@pytest.mark.parametrize("text", ["", "not json", "[1]", "null"])
def test_a_submission_that_is_none_is_empty(client, panda, task, text):
    number = task()
    panda.row(JediTaskparams, jeditaskid=number, taskparams=text)
    assert ask(client, f"/task/{number}/")["taskparams"] == {}


def test_ways_to_ask(client, task):
    number = task(jeditaskid=77, taskname="user.ada.x/")
    for path, asked in (
        ("/task/77/", {}),
        ("/tasknew/77/", {}),
        ("/task/", {"jeditaskid": 77}),
        ("/task", {"jeditaskid": 77, "jobs": 1}),
        ("/task/", {"taskname": "user.ada.x/"}),
        ("/task/x77/", {}),
    ):
        assert ask(client, path, **asked)["task"]["jeditaskid"] == number, path
    assert client.get("/task/77?json=true").headers["Location"] == "/task/77/?json=true"
    assert [one["jeditaskid"] for one in ask(client, "/task/", taskname="user*")] == [77]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/task/?json", 400, "No jeditaskid or taskname provided"),
        ("/task/999999/?json", 404, "There is no task 999999."),
        ("/task/?taskname=nobody&json", 404, "No task is named nobody."),
        ("/task/letters/?json", 400, "Illegal value 'letters' for jeditaskid"),
        (f"/task/{'9' * 30}/?json", 400, "Illegal value"),
        ("/task/?jeditaskid=1%00&json", 400, "Illegal character"),
    ],
)
def test_what_is_refused(client, panda, path, status, said):
    found, body = refused(client, path)
    assert found == status
    assert said in body["error"]
    assert body["problem"]["remedy"]


@pytest.fixture
def running(panda, task, dataset):
    """A task with jobs of all kinds, its log, its attempts, a parent and a child."""
    parent = task()
    number = task(status="running", parent_tid=parent, errordialog="<b>it & waits</b>")
    task(parent_tid=number)
    source = dataset(number, nfiles=20, nfilesfinished=10)
    at = {"jeditaskid": number, "modificationtime": NOON - HOUR}
    for place in range(10):
        end = NOON - (10 - place) * timedelta(minutes=20)
        ran = {"starttime": end - HOUR, "endtime": end, "maxpss": (place + 1) * 1024 * 1024, "corecount": 1}
        panda.job(**at, **ran, jobstatus="finished", computingsite=("ONE", "TWO")[place % 2])
    old = panda.job(**at, jobstatus="failed", piloterrorcode=1099, endtime=NOON - HOUR)
    new = panda.job("jobsactive4", **at, jobstatus="running", specialhandling="ao,sj")
    panda.retry(old, new, number)
    panda.job(**at, jobstatus="finished", processingtype="pmerge", endtime=NOON - HOUR)
    panda.row(TaskAttempts, jeditaskid=number, attemptnr=0, starttime=NOON - DAY, startstatus="registered")
    for hours, status in ((24, "registered"), (20, "ready"), (3, "running")):
        panda.row(TasksStatuslog, jeditaskid=number, status=status, modificationtime=NOON - hours * HOUR)
    assert source
    return number


def rows_of(page: str, name: str) -> list[list[str]]:
    """The cells of a table of the page."""
    table = re.split(f'<table (?:id|class)="{name}">', page, maxsplit=1)[-1].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.S)[1:]
    return [
        [
            html.unescape(re.sub(r"<[^>]*>", "", cell)).strip()
            for cell in re.findall(r"<td.*?</td>", row, re.S)
        ]
        for row in rows
    ]


def test_the_page_tells_jobs_by_kind_of_work(client, running):
    page = client.get(f"/task/{running}/").content.decode()
    assert rows_of(page, "kinds") == [
        ["run", "11", "1", "10", "0", "0\u00a0%"],
        ["merge", "1", "0", "1", "0", "0\u00a0%"],
    ]
    all_attempts = client.get(f"/task/{running}/?mode=nodrop").content.decode()
    assert rows_of(all_attempts, "kinds")[0] == ["run", "12", "1", "10", "1", "9\u00a0%"]
    assert "pilot:1099" in all_attempts
    assert "pilot:1099" not in page


def test_what_the_page_counts_is_what_its_links_open(client, running):
    page = client.get(f"/task/{running}/?mode=nodrop").content.decode()
    states = re.findall(r'<a href="([^"]+)" class="\w+"><i.*?<span>(\w+)</span> <b>(\d+)', page)
    bars = re.findall(r'<a href="([^"]+)"><rect class="hit".*?: (\d+) jobs', page)
    assert {(state, count) for _, state, count in states} == {
        ("running", "1"),
        ("finished", "11"),
        ("failed", "1"),
    }
    assert sum(int(count) for _, count in bars) == 12
    for link, count in [*((link, count) for link, _, count in states), *bars]:
        if int(count):
            opened = client.get(html.unescape(link) + "&json").json()
            assert len(opened["jobs"]) == int(count), link


def test_the_page_tells_what_jobs_used_by_queue(client, running):
    page = client.get(f"/task/{running}/").content.decode()
    used = {row[0]: row for row in rows_of(page, "used")}
    assert [used[name][1] for name in ("all queues", "ONE", "TWO")] == ["10", "5", "5"]
    assert used["all queues"][2] == "5.5 (1.9 to 9.1)"
    assert used["ONE"][2] == "5 (1.8 to 8.2)"
    assert used["ONE"][4] == "60 (60 to 60)"


def test_the_page_tells_life_attempts_chain_and_scouts(client, running):
    page = client.get(f"/task/{running}/").content.decode()
    life = rows_of(page, "life")
    assert [row[0].split()[0] for row in life] == ["registered", "ready", "running"]
    assert life[1][3] == "17\u00a0h"
    assert [row[0] for row in rows_of(page, "attempts")] == ["0"]
    assert [(row[0], row[1]) for row in rows_of(page, "chain")] == [
        ("parent", str(running - 1)),
        ("child", str(running + 1)),
    ]
    assert len(rows_of(page, "scouts")) == 1
    assert "&lt;b&gt;it &amp; waits&lt;/b&gt;" in page
    assert "between 01 Mar 2026" in page


def test_v1_tells_the_same_task(client, running):
    answer = client.get(f"/api/v1/tasks/{running}").json()
    assert answer["data"]["jeditaskid"] == running
    assert answer["data"]["computed"]["nfilesfinished"] == 10
    assert [one["status"] for one in answer["data"]["states"]] == ["registered", "ready", "running"]
    assert [one["jeditaskid"] for one in answer["data"]["relatives"]] == [running - 1, running + 1]
    assert client.get("/api/v1/tasks/999999").status_code == 404
    assert client.get("/api/v1/tasks/x7").status_code == 400


def test_hidden_names_are_nowhere(client, configured, panda, task):
    number = task(username="Ada Secret", errordialog="asked by Ada Secret", taskname="user.asecret.x")
    configured('[privacy]\nanonymous = "pseudonyms"')
    for path in (f"/task/{number}/", f"/task/{number}/?json", "/tasks/", "/tasks/?json", "/api/v1/tasks"):
        answer = client.get(path)
        text = answer.getvalue().decode()
        assert answer.status_code == 200, path
        assert "Secret" not in text, path
        assert "asecret" not in text, path
    assert client.get("/tasks/?username=Ada*&json").status_code == 403
