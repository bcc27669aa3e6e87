"""How much finished jobs of a task used: what the page draws and says, what programs are told."""

import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from statistics import median

import pytest

from tests.web.asking_tasks import HOUR, task
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
__all__ = ["task"]
QUEUES = "ABCDEF"
GB = 1024 * 1024
FIGURE = re.compile(
    r'<figure class="stack"><figcaption><b>(.*?)</b> <span class="soft">(.*?)</span>(.*?)</figure>', re.S
)


@pytest.fixture
def measured(panda, task):
    """Jobs of two cores on six queues, the first with most; memory 1 to 21 GB a core; what must not count."""
    number = task()
    at = {"jeditaskid": number, "modificationtime": NOON - HOUR, "endtime": NOON - HOUR, "corecount": 2}
    for place in range(21):
        ran = {"starttime": NOON - HOUR - (place + 1) * timedelta(minutes=10)}
        used = {"maxpss": 2 * (place + 1) * GB, "minramcount": 8192, "diskio": 100 + place, "totrbytes": 6000}
        queue = QUEUES[min(place // 4, 5)] if place < 20 else ""
        panda.job(**at, **ran, **used, jobstatus="finished", computingsite=queue)
    panda.job(**at, starttime=NOON - 5 * HOUR, maxpss=99 * GB, jobstatus="failed", computingsite="A")
    merged = {"processingtype": "pmerge", "jobstatus": "finished"}
    panda.job(**at, **merged, starttime=NOON - 5 * HOUR, maxpss=99 * GB, computingsite="A")
    return number


def counted(page: str, title: str) -> Counter[str]:
    """Of a figure the jobs of each queue, over all bars, from the words on them."""
    found = {name: text for name, _, text in FIGURE.findall(page)}[title]
    jobs: Counter[str] = Counter()
    for total, parts in re.findall(r"<title>[^<]*?: (\d+) jobs(?: \((.*?)\))?</title>", found):
        jobs["all"] += int(total)
        for queue, count in re.findall(r"([\w ]+): (\d+)", parts):
            jobs[queue.strip()] += int(count)
    return jobs


def test_v1_tells_every_number_once(client, measured):
    data = client.get(f"/api/v1/tasks/{measured}/resources").json()["data"]
    memory = data["resources"]["memory"]
    assert (memory["count"], memory["median"]) == (21, 11.0)
    assert (data["memory_asked_for"], data["used_more_memory"]) == (4.0, 17)
    edges = [*memory["edges"], float("inf")]
    for one in memory["queues"]:
        places = [p for p in range(21) if (QUEUES[min(p // 4, 5)] if p < 20 else None) == one["queue"]]
        used = [place + 1 for place in places]
        assert one["median"] == median(used)
        whole = [sum(low <= value < high for value in used) for low, high in pairwise(edges)]
        assert one["counts"] == whole[: len(one["counts"])]
        assert sum(one["counts"]) == one["count"] == len(used)
    assert data["resources"]["minutes"]["median"] == 110
    assert data["resources"]["read"]["high"] == pytest.approx(10 / 3)
    assert "written" not in data["resources"]


def test_the_page_draws_the_largest_queues_apart(client, measured):
    page = client.get(f"/task/{measured}/").content.decode()
    figures = {title: told for title, told, _ in FIGURE.findall(page)}
    assert figures["Memory, GB per core"] == ("median 11 (3 to 19); 4 asked for, more used by 17")
    assert counted(page, "Wall time, min")["all"] == 21
    card = page.partition('aria-labelledby="resources"')[2].partition("</section>")[0]
    key = re.findall(r'<i class="patch series-(\d)"></i>(?:<a href="[^"]+">)?([\w ]+)', card)
    assert key == [("1", "A"), ("2", "B"), ("3", "C"), ("4", "D"), ("5", "other queues")]
    assert 'class="limit"' in card
    assert card.count("<table") == 4


def test_jobs_without_a_queue_do_not_stand_for_all(client, measured):
    page = client.get(f"/task/{measured}/").content.decode()
    row = re.search(r"all queues</t.>.*?<td[^>]*>(\d+)", page, re.S)
    assert row
    assert row[1] == "21"


def test_without_finished_jobs_nothing_is_told(client, panda, task):
    number = task()
    panda.job(jeditaskid=number, jobstatus="failed", endtime=NOON, maxpss=GB)
    assert 'aria-labelledby="resources"' not in client.get(f"/task/{number}/").content.decode()
    data = client.get(f"/api/v1/tasks/{number}/resources").json()["data"]
    assert (data["resources"], data["memory_asked_for"], data["used_more_memory"]) == ({}, None, 0)


def test_names_of_queues_are_text(client, panda, task):
    number = task()
    ran = {"starttime": NOON - 2 * HOUR, "endtime": NOON - HOUR, "jobstatus": "finished", "maxpss": GB}
    panda.job(jeditaskid=number, computingsite='"><b>Q', **ran)
    page = client.get(f"/task/{number}/").content.decode()
    assert "<b>Q" not in page
