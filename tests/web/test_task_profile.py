"""How a task came on: the figures of its page count what their links open and what programs are told."""

import html
import re
from datetime import timedelta

import pytest

from bigpandamon_core.panda.task_history import TaskAttempts
from tests.web.asking_tasks import DAY, HOUR, task
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
__all__ = ["task"]
MINUTE = timedelta(minutes=1)
BAR = re.compile(
    r'(?:<a href="([^"]+)">|<g>)<rect class="hit"[^>]*/><title>until [^:]+:\d\d UTC: (\d+)(.*?)</title>'
)


@pytest.fixture
def retried(panda, task):
    """Two attempts: in the first two jobs finish, one in part, and one fails, whose retry finishes."""
    number = task(status="running", attemptnr=1)
    for attempt, start in ((0, NOON - DAY), (1, NOON - 4 * HOUR)):
        panda.row(TaskAttempts, jeditaskid=number, attemptnr=attempt, starttime=start)
    at = {"jeditaskid": number, "modificationtime": NOON - HOUR}
    first, second = {"creationtime": NOON - 9 * HOUR}, {"creationtime": NOON - 3 * HOUR}
    counted = {"ninputdatafiles": 2, "nevents": 100}
    for minutes in (300, 290):
        panda.job(**at, **first, **counted, jobstatus="finished", endtime=NOON - minutes * MINUTE)
    part = {"jobstatus": "closed", "jobsubstatus": "fg_partial"}
    panda.job(**at, **first, **counted, **part, endtime=NOON - 280 * MINUTE)
    old = panda.job(**at, **first, **counted, jobstatus="failed", endtime=NOON - 270 * MINUTE)
    new = panda.job(**at, **second, **counted, jobstatus="finished", endtime=NOON - 100 * MINUTE)
    panda.retry(old, new, number)
    merged = {"processingtype": "pmerge", "jobstatus": "finished"}
    panda.job(**at, **second, **counted, **merged, endtime=NOON - 90 * MINUTE)
    panda.job(**at, **second, jobstatus="finished", endtime=None)
    return number


def figures(page: str) -> dict[str, list[tuple[str, int, str]]]:
    """Of each figure over time its bars: (link, count, parts)."""
    found = re.findall(r'<figure class="stack"><figcaption><b>(.*?)</b>(.*?)</figure>', page, re.S)
    return {
        title: [(html.unescape(link), int(count), parts) for link, count, parts in BAR.findall(text)]
        for title, text in found
        if BAR.search(text)
    }


def test_v1_tells_what_was_done_by_attempt(client, retried):
    data = client.get(f"/api/v1/tasks/{retried}/profile?mode=nodrop").json()["data"]
    assert [one["attemptnr"] for one in data["attempts"]] == [0, 1]
    assert data["untimed"] == 1
    last = data["steps"][-1]
    assert last["by_attempt"] == [
        {"attemptnr": 0, "finished": 2, "subfinished": 1, "failed": 1, "files": 4, "events": 200},
        {"attemptnr": 1, "finished": 2, "subfinished": 0, "failed": 0, "files": 2, "events": 100},
    ]
    assert (last["finished"], last["failed"], last["files"], last["events"]) == (4, 1, 6, 300)
    early = next(step for step in data["steps"] if step["end"] > "2026-03-01T07:00:00")
    assert (early["finished"], early["failed"]) == (1, 0)
    dropped = client.get(f"/api/v1/tasks/{retried}/profile").json()["data"]["steps"][-1]
    assert (dropped["finished"], dropped["failed"]) == (4, 0)


def test_bars_count_what_their_links_open(client, retried):
    found = figures(client.get(f"/task/{retried}/?mode=nodrop").content.decode())
    assert list(found) == [
        "Jobs finished", "Jobs finished in part", "Jobs failed", "Input files finished", "Events finished",
    ]  # fmt: skip
    assert found["Jobs finished"][-1][1:] == (4, " (attempt 0: 2, attempt 1: 2)")
    assert not any(link for link, *_ in found["Events finished"])
    for name in ("Jobs finished", "Jobs finished in part", "Jobs failed"):
        for link, count, _ in dict.fromkeys(found[name]):
            assert bool(link) == bool(count)
            assert not link or len(client.get(f"{link}&json").json()["jobs"]) == count, link


def test_without_ended_jobs_there_is_nothing_to_draw(client, panda, task):
    number = task()
    panda.job("jobsactive4", jeditaskid=number, jobstatus="running")
    assert 'id="profile"' not in client.get(f"/task/{number}/").content.decode()
    data = client.get(f"/api/v1/tasks/{number}/profile").json()["data"]
    assert (data["steps"], data["begin"], data["minutes"]) == ([], None, None)


def test_jobs_of_the_future_break_nothing(client, panda, task):
    number = task()
    panda.job(jeditaskid=number, jobstatus="finished", endtime=NOON + 9 * DAY)
    assert client.get(f"/task/{number}/").status_code == 200
    steps = client.get(f"/api/v1/tasks/{number}/profile").json()["data"]["steps"]
    assert [step["finished"] for step in steps] == [1]


@pytest.mark.parametrize("path", ["x7/profile", "7/profile?hours=3"])
def test_what_is_refused(client, task, path):
    task(jeditaskid=7)
    assert client.get(f"/api/v1/tasks/{path}").status_code == 400
    assert client.get("/api/v1/tasks/999999/profile").status_code == 404
