"""Task objects of `/tasks/`: every column and computed key with its type, as programs parse them, and which
tasks a request means."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from bigpandamon_core.domain.tasks import CATEGORIES
from tests.truth.task_columns import DATASET, DSINFO, INTEGERS, TEXTS, TIMES
from tests.web.asking_tasks import dataset, numbers, task
from tests.web.compatible import ask
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
__all__ = ["dataset", "task"]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_an_empty_answer_is_an_empty_array(client, panda):
    assert ask(client, "/tasks/") == []


@pytest.mark.parametrize("full", [True, False])
def test_every_key_has_its_type(client, task, dataset, full):
    columns: dict[str, Any] = {}
    if full:
        columns = {name: name[:1] for name in TEXTS} | dict.fromkeys(INTEGERS, 3) | dict.fromkeys(TIMES, NOON)
        columns |= {"eventservice": 1, "campaign": "c:sub"}
    number = task(**columns)
    dataset(number, nfiles=10, nfilesfinished=4)
    [found] = ask(client, "/tasks/")
    assert len(INTEGERS + TEXTS + TIMES) + 1 == 71 + 1 - 1  # eventservice is told as a word
    for name in INTEGERS:
        assert found[name] is None or isinstance(found[name], int), name
    for name in TEXTS:
        assert isinstance(found[name], str), name
    for name in TIMES:
        assert found[name] is None or MOMENT.fullmatch(found[name]), name
    assert found["eventservice"] == ("eventservice" if full else "ordinary")
    assert isinstance(found["corecount"], int)
    assert found["statechangetime"] is not None
    assert found["category"] in CATEGORIES
    assert found.get("campaign_cut") == ("sub" if full else None)
    assert set(DSINFO) == found["dsinfo"].keys()
    assert {name: found[name] for name in DSINFO} == found["dsinfo"]
    assert all(isinstance(found[name], int | float) for name in (*DSINFO, "age", "duration_days"))
    [told] = found["datasets"]
    assert set(DATASET) == told.keys()
    assert len(DATASET) == 35
    assert (told["streamname"], told["masterid"], told["nfiles"]) == ("", None, 10)


def test_progress_counts_primary_inputs_that_are_there(client, task, dataset):
    number = task()
    dataset(number, nfiles=7, nfilesfinished=5, nfilesfailed=1, nfilesmissing=1, nevents=100, neventsused=40)
    dataset(number, "pseudo_input", nfiles=4, nfilesfinished=3, nevents=None)
    dataset(number, nfiles=1000, nfilesfinished=1000, status="removed")
    secondary = dataset(number, nfiles=1000, nfilesfinished=1000, masterid=1)
    output = dataset(number, "output", nfiles=50, nevents=9, streamname="OUTPUT0")
    dataset(number, "log", nfiles=50)
    [found] = ask(client, "/tasks/")
    assert found["dsinfo"] == {
        "nfiles": 11, "nfilesfinished": 8, "nfilesfailed": 1, "nfilesmissing": 1, "pctfinished": 72,
        "pctfailed": 9, "neventsTot": 100, "neventsUsedTot": 40, "neventsRemaining": 60, "neventsOutput": 0,
    }  # fmt: skip
    assert [one["datasetid"] for one in found["datasets"]][-2:] == [secondary, output]
    assert {one["type"] for one in found["datasets"]} == {"input", "pseudo_input", "output"}


def test_a_task_without_datasets_tells_zeros(client, task):
    task()
    [found] = ask(client, "/tasks/")
    assert set(found["dsinfo"].values()) == {0}
    assert found["datasets"] == []


def test_days_are_counted_to_the_end_or_to_now(client, task):
    task(status="done", creationdate=NOON - 10 * DAY, endtime=NOON - 7 * DAY)
    task(status="running", creationdate=NOON - 3 * DAY, endtime=NOON - 2 * DAY)
    running, done = ask(client, "/tasks/")
    assert (done["age"], done["duration_days"]) == (10, 3)
    assert (running["age"], running["duration_days"]) == (3, 3)


def test_the_newest_are_chosen_and_told_by_number(client, task):
    old, new, newer = (task(modificationtime=NOON - hours * HOUR) for hours in (9, 2, 1))
    oldest_number_newest_time = task(jeditaskid=5, modificationtime=NOON)
    assert numbers(client) == [newer, new, old, oldest_number_newest_time]
    assert numbers(client, limit=2) == [newer, oldest_number_newest_time]
    assert numbers(client, limit=0) == []


ORDERS = {
    "jeditaskid-asc": [1, 2, 3],
    "taskid-desc": [3, 2, 1],
    "time-ascending": [3, 1, 2],
    "time-descending": [2, 1, 3],
    "statetime-descending": [1, 3, 2],
    "creationdate-asc": [2, 3, 1],
    "priority": [3, 1, 2],
    "nfiles": [2, 3, 1],
    "pctfinished": [3, 2, 1],
    "pctfailed": [2, 3, 1],
    "taskname": [2, 1, 3],
    "cloud": [1, 3, 2],
}


@pytest.mark.parametrize("word", ORDERS)
def test_orders(client, task, dataset, word):
    at = {hours: NOON - hours * HOUR for hours in range(5)}
    task(jeditaskid=1, modificationtime=at[2], statechangetime=at[0], creationdate=at[1], taskpriority=500,
         taskname="b", cloud="Z")  # fmt: skip
    task(jeditaskid=2, modificationtime=at[1], statechangetime=None, creationdate=at[4], taskpriority=None,
         taskname="B", cloud=None)  # fmt: skip
    task(jeditaskid=3, modificationtime=at[3], statechangetime=at[2], creationdate=at[2], taskpriority=900,
         taskname="c", cloud="A")  # fmt: skip
    dataset(2, nfiles=100, nfilesfinished=10, nfilesfailed=50)
    dataset(3, nfiles=10, nfilesfinished=9, nfilesfailed=1)
    assert numbers(client, sortby=word) == ORDERS[word]


def test_jobs_by_state_are_told_where_asked_for(client, panda, task):
    number = task()
    for state in ("finished", "finished", "failed"):
        panda.job(jeditaskid=number, jobstatus=state, modificationtime=NOON - HOUR)
    panda.job("jobsactive4", jeditaskid=number, jobstatus="running", modificationtime=NOON - 400 * DAY)
    [found] = ask(client, "/tasks/", extra="jobstatecount")
    assert found["job_state_count"] == {"finished": 2, "failed": 1, "running": 1}
    assert "job_state_count" not in ask(client, "/tasks/")[0]


def test_metadata_of_jobs_is_told_where_asked_for(client, panda, task):
    number, other = task(), task()
    done = panda.job(jeditaskid=number, modificationtime=NOON - HOUR)
    panda.metadata(done, json.dumps({"executor": {"events": 5}}))
    panda.job("jobsactive4", jeditaskid=other, jobstatus="running", modificationtime=NOON - HOUR)
    second, first = ask(client, "/tasks/", extra="metastruct")
    assert first["jobs_metadata"] == {str(done): {"executor": {"events": 5}}}
    assert "jobs_metadata" not in second


def test_fields_keep_only_what_they_name(client, task):
    task()
    assert [one.keys() for one in ask(client, "/tasks/", fields="jeditaskid,dsinfo,nothing")] == [
        {"jeditaskid", "dsinfo"}
    ]
