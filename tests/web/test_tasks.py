"""Which tasks a request means, in every form, and what is refused."""

import re
from typing import Any

import pytest

from tests.web.asking_tasks import DAY, HOUR, numbers, task
from tests.web.compatible import refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
__all__ = ["task"]
MEANT = [
    ({"status": "running,pending"}, "abc"),
    ({"status": "Running"}, ""),
    ({"status": "run*"}, "ab"),
    ({"status": "!running"}, "cde"),
    ({"superstatus": "running|ready"}, "ab"),
    ({"jeditaskid": "1|3"}, "ac"),
    ({"jeditaskid": "1,3"}, "ac"),
    ({"reqid": "100,300"}, "ac"),
    ({"reqid_from": 200, "reqid_to": 300}, "bc"),
    ({"reqid_from": 300}, "c"),
    ({"username": "ada example"}, "ab"),
    ({"username": "ada*|bob*"}, "abc"),
    ({"taskname": "user.ada.x/"}, "a"),
    ({"taskname": "user*"}, "ab"),
    ({"tasktype": "analysis"}, "ab"),
    ({"tasktype": "prod*"}, "cd"),
    ({"category": "user analysis"}, "a"),
    ({"category": "group analysis"}, "b"),
    ({"category": "production"}, "c"),
    ({"category": "group production"}, "d"),
    ({"category": "service"}, "e"),
    ({"eventservice": 1}, "d"),
    ({"eventservice": "eventservice"}, "d"),
    ({"eventservice": "no"}, "abce"),
    ({"campaign": "c20"}, "cd"),
    ({"campaign": "mc20:mc20a"}, "c"),
    ({"campaign": "mc2*"}, "cd"),
    ({"site": "one"}, "ab"),
    ({"site": "!*ONE*"}, "cde"),
    ({"transpath": "Reco_tf.py"}, "c"),
    ({"project": "data23"}, "c"),
    ({"stream": "physics"}, "c"),
    ({"tag": "r999"}, "c"),
    ({"workinggroup": "GP_*"}, "d"),
    ({"ramcount": "2-3GB"}, "ab"),
    ({"ramcount": 4000}, "c"),
    ({"processingtype": "reco|simul"}, "cd"),
    ({"corecount.is": 1}, "abe"),
    ({"priority": 900}, "c"),
]


FIVE: tuple[dict[str, Any], ...] = (
    {
        "taskname": "user.ada.x/", "username": "Ada Example", "status": "running", "superstatus": "running",
        "reqid": 100, "tasktype": "anal", "site": "SITE_ONE", "ramcount": 2000, "corecount": 1,
    },
    {
        "taskname": "user.ada.y", "username": "Ada Example", "status": "running", "superstatus": "ready",
        "reqid": 200, "tasktype": "anal", "workinggroup": "higgs", "site": "one", "ramcount": 2999,
    },
    {
        "taskname": "data23.physics_Main.r999", "username": "Bob Example", "status": "pending",
        "reqid": 300, "tasktype": "prod", "campaign": "MC20:MC20a", "transpath": "a/Reco_tf.py",
        "ramcount": 4000, "corecount": 8, "processingtype": "reco", "currentpriority": 900,
    },
    {
        "taskname": "mc.d", "username": "Cy", "status": "done", "tasktype": "prod", "corecount": 8,
        "workinggroup": "GP_PHYS", "campaign": "MC20", "eventservice": 1, "processingtype": "simul",
    },
    {
        "taskname": "e", "username": "Cy", "status": "failed", "tasktype": "test", "workinggroup": "x",
        "corecount": 1,
    },
)  # fmt: skip
"""Tasks a to e."""


@pytest.fixture
def five(task):
    for number, columns in enumerate(FIVE, 1):
        task(jeditaskid=number, **columns)


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(("asked", "meant"), MEANT)
def test_which_tasks_are_meant(client, asked, meant):
    assert "".join("abcde"[number - 1] for number in reversed(numbers(client, **asked))) == meant


def test_windows(client, task):
    new, old = task(modificationtime=NOON - HOUR), task(modificationtime=NOON - 8 * DAY)
    mine = task(modificationtime=NOON - 4 * DAY, tasktype="anal")
    assert numbers(client) == [mine, new]
    assert numbers(client, tasktype="anal*") == []
    assert numbers(client, tasktype="anal*", days=7) == [mine]
    assert numbers(client, days=30) == [mine, old, new]
    assert numbers(client, jeditaskid=old) == [old]
    assert numbers(client, jeditaskid=old, days=1) == []
    assert numbers(client, date_from="2026-02-20", date_to="2026-02-23") == [old]


def test_tasks_that_do_not_move(client, task):
    stuck = task(status="submitted", statechangetime=NOON - 30 * HOUR)
    task(status="submitted", statechangetime=NOON - 2 * HOUR)
    ready = task(status="ready", statechangetime=NOON - 30 * HOUR)
    assert numbers(client, statenotupdated=24) == [stuck]
    assert numbers(client, statenotupdated=24, status="ready") == [ready]


@pytest.mark.parametrize(
    "query",
    ["status=", "jeditaskid=x", "reqid_from=a", "taskname=a%25b", "days=-1", "date_from=never", "limit=many",
     "statenotupdated=soon", "ramcount=a-bGB", "sort=nothing"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(client, panda, query):
    status, body = refused(client, f"/tasks/?{query}&json")
    assert status == 400
    assert query.partition("=")[0] in body["error"] + body["problem"].get("parameter", "")


def test_the_page_counts_what_its_links_open(client, five):
    page = client.get("/tasks/").content.decode()
    assert "<h1>5 tasks</h1>" in page
    for link, count in re.findall(
        r'<li class="\w+"><a href="([^"]+)"[^>]*><i[^>]*></i> [^<]*</a><span class="n">(\d+)', page
    ):
        opened = client.get(link.replace("&amp;", "&")).content.decode()
        assert f"<h1>{count} task{'s' if count != '1' else ''}</h1>" in opened


def test_v1_pages_go_through_all(client, five):
    url, seen = "/api/v1/tasks?limit=2", []
    while url:
        answer = client.get(url).json()
        assert answer["meta"]["total"] == 5
        seen += [one["jeditaskid"] for one in answer["data"]]
        url = answer["links"]["next"]
    assert sorted(seen) == [1, 2, 3, 4, 5]
