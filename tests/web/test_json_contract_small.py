"""Small answers for programs: status logs, work queues, resource types, meanings of codes, the last job."""

from datetime import timedelta
from typing import Any

import pytest

from bigpandamon_core.panda.errors import ErrorDescriptions
from bigpandamon_core.panda.task_history import TasksStatuslog
from bigpandamon_core.panda.work_queues import JediWorkQueue, ResourceTypes
from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
MINUTE = timedelta(minutes=1)
QUEUE_KEYS = """queue_id queue_name queue_type vo status partitionid stretchable queue_share queue_order
    criteria variables""".split()


def test_the_states_of_a_job_with_how_long_each_lasted(client, panda):
    number = panda.job()
    for place, state in enumerate(("defined", "running", "finished")):
        panda.status(number, state, NOON + place * place * 50 * MINUTE)
    told = ask(client, f"/jobstatuslog/{number}/")
    assert [one["jobstatus"] for one in told] == ["defined", "running", "finished"]
    assert [one["duration"] for one in told] == ["0:0:50:00", "0:2:30:00", "---"]
    assert told[1]["modiftime_str"] == "2026-03-01 12:50:00"
    assert told[1]["modificationtime"] == "2026-03-01T12:50:00"


def test_the_states_of_a_task_with_how_long_each_lasted(client, panda):
    number = panda.task()
    for hours, status in ((3, "registered"), (1, "running")):
        row = {"status": status, "modificationtime": NOON - hours * 60 * MINUTE, "attemptnr": 0}
        panda.row(TasksStatuslog, jeditaskid=number, **row)
    told = ask(client, f"/taskstatuslog/{number}/")
    assert [(one["status"], one["duration"]) for one in told] == [
        ("registered", "0:2:00:00"),
        ("running", "---"),
    ]


def test_reasons_of_a_task_do_not_name_its_user_where_names_are_hidden(client, panda, configured):
    configured('[privacy]\nanonymous = "pseudonyms"')
    number = panda.task(username="Ada Lovelace-Example")
    row = {"status": "aborted", "modificationtime": NOON, "reason": "killed by Ada Lovelace-Example: full"}
    panda.row(TasksStatuslog, jeditaskid=number, **row)
    (told,) = ask(client, f"/taskstatuslog/{number}/")
    assert "Ada" not in told["reason"]
    assert told["reason"].startswith("killed by ")
    assert told["reason"].endswith(": full")


@pytest.mark.parametrize("kind", ["job", "task"])
def test_a_record_without_a_log_has_an_empty_one_and_none_is_not_found(client, panda, kind):
    number = panda.job() if kind == "job" else panda.task()
    assert ask(client, f"/{kind}statuslog/{number}/") == []
    assert refused(client, f"/{kind}statuslog/999999999/?json")[0] == 404
    status, body = refused(client, f"/{kind}statuslog/word/?json")
    assert status == 400
    assert "word" in body["error"]


@pytest.fixture
def queues(panda) -> None:
    rows: tuple[dict[str, Any], ...] = (
        {"queue_id": 1, "queue_name": "simul", "queue_type": "managed", "vo": "one", "status": "active",
         "partitionid": 5, "queue_share": 40, "criteria": None},
        {"queue_id": 2, "queue_name": "reco", "queue_type": "managed", "vo": "two", "status": "inactive"},
        {"queue_id": 30, "queue_name": "user", "queue_type": "user", "vo": "one", "status": "active"},
    )  # fmt: skip
    for row in rows:
        panda.row(JediWorkQueue, **row)


@pytest.mark.usefixtures("queues")
def test_work_queues_are_an_array_and_every_key_filters(client):
    found = ask(client, "/workQueues/")
    assert [one["queue_id"] for one in found] == [1, 2, 30]
    assert list(found[0]) == QUEUE_KEYS
    assert (found[0]["partitionid"], found[0]["criteria"], found[1]["queue_share"]) == (5, "", None)
    for asked, ids in (
        ({"queue_type": "managed"}, [1, 2]),
        ({"vo": "one"}, [1, 30]),
        ({"queue_id": "2|30"}, [2, 30]),
        ({"queue_name": "re*"}, [2]),
        ({"status": "!active"}, [2]),
        ({"partitionid": 5}, [1]),
        ({"sort": "-queue_name"}, [30, 1, 2]),
        ({"limit": 1}, [1]),
        ({"vo": "nobody"}, []),
    ):
        assert [one["queue_id"] for one in ask(client, "/workQueues/", **asked)] == ids, asked


@pytest.mark.usefixtures("queues")
def test_what_has_no_time_knows_no_window(client):
    assert len(ask(client, "/workQueues/", hours=1, days=2, date_from="2020-01-01")) == 3
    assert "hours" in client.get("/workQueues/?hours=1&json").headers["X-Ignored-Parameters"]
    assert client.get("/api/v1/workqueues?hours=1").status_code == 400
    page = client.get("/workQueues/?hours=1").content.decode()
    assert "3 work queues" in page
    assert 'aria-label="Window of time"' not in page


@pytest.mark.usefixtures("queues")
def test_work_queues_page_by_page(client):
    url, seen = "/api/v1/workqueues?limit=1", []
    while url:
        answer = client.get(url).json()
        seen += [one["queue_id"] for one in answer["data"]]
        url = answer["links"]["next"]
    assert seen == [1, 2, 30]


def test_resource_types(client, panda):
    for name, cores in (("SCORE", 1), ("MCORE", 8), ("score_himem", 1)):
        panda.row(ResourceTypes, resource_name=name, mincore=cores, maxcore=None)
    found = ask(client, "/resourcetypes/")["resource_types"]
    assert [one["resource_name"] for one in found] == ["MCORE", "SCORE", "score_himem"]
    assert found[0] == {
        "resource_name": "MCORE", "mincore": 8, "maxcore": None, "minrampercore": None, "maxrampercore": None,
    }  # fmt: skip
    url, seen = "/api/v1/resourcetypes?limit=1", []
    while url:
        answer = client.get(url).json()
        seen += [one["resource_name"] for one in answer["data"]]
        url = answer["links"]["next"]
    assert seen == ["MCORE", "SCORE", "score_himem"]


@pytest.mark.parametrize("cursor", ["WzEsMV0", "WyJhIixbImEiLCJiIl1d", "eA"])
def test_a_cursor_of_another_list_is_refused(client, panda, cursor):
    assert client.get(f"/api/v1/resourcetypes?after={cursor}").status_code == 400


def test_meanings_of_codes(client, panda):
    panda.row(
        ErrorDescriptions, id=1, component="pilot", code=1099, acronym="STAGEIN", description="d", category=1
    )
    assert ask(client, "/api/joberrordescriptions/") == {
        "error_descriptions": [
            {"component": "pilot", "code": 1099, "acronym": "STAGEIN", "diagnostics": "", "description": "d",
             "category": 1}
        ]
    }  # fmt: skip


def test_the_last_job(client, panda):
    assert ask(client, "/api/support/maxpandaid/") == {"maxpandaid": 0}
    for table, number in (("jobsarchived4", 7), ("jobsactive4", 900), ("jobsdefined4", 15)):
        panda.job(table, pandaid=number)
    assert ask(client, "/api/support/maxpandaid/") == {"maxpandaid": 900}


@pytest.mark.parametrize("path", ["incidents", "logger", "ttc", "workingGroups", "dash/objectstore"])
def test_pages_that_are_no_more(client, panda, path):
    status, body = refused(client, f"/{path}/?json")
    assert (status, body) == (410, {"message": "decommissioned"})
    assert client.get(f"/{path}/").status_code == 410


def test_dashboards_of_users(client, panda):
    for number, (name, state) in enumerate((("Ann Ek", "running"), ("Ann Ek", "done"), ("", "running"))):
        panda.task(jeditaskid=7000 + number, username=name, status=state, modificationtime=NOON - MINUTE)
    panda.job(
        produsername="Bo Ås", prodsourcelabel="user", jobstatus="failed", modificationtime=NOON - MINUTE
    )
    assert ask(client, "/api/user_dash/tasks/") == {
        "msg": "",
        "data": {"Ann Ek": {"running": 1, "done": 1}, "Not specified": {"running": 1}},
    }
    assert ask(client, "/api/user_dash/jobs/") == {"msg": "", "data": {"Bo Ås": {"failed": 1}}}
    status, body = refused(client, "/api/user_dash/fish/?json")
    assert (status, "Illegal value 'fish' for agg" in body["error"]) == (400, True)
