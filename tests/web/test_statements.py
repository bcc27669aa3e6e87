"""How many statements a page takes where nothing is in memory: a few, whatever it shows."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bigpandamon_core.web import answers
from tests.web.conftest import NOON

MOST = 12
ONCE = "families.presence"
"""Asked once a process."""
HOUR = timedelta(hours=1)


@pytest.fixture
def failed(panda, own, clock):
    """The second of three attempts, beside others; most jobs ended days ago."""
    queue = {"computingsite": "QUEUE_ONE", "modificationhost": "slot@wn1.example.org"}
    numbers = [
        panda.job(
            jobstatus="failed", piloterrorcode=1099, pilotid="pilot", batchid=f"{number}.ce",
            modificationtime=NOON - number * 20 * HOUR, **queue,
        )
        for number in range(12)
    ]  # fmt: skip
    panda.job("jobsactive4", jobstatus="running", **queue)
    for old, new in pairwise(numbers):
        panda.retry(old, new)
    panda.file(numbers[6], lfn="output.root", type="output")
    panda.worker(numbers[6])
    panda.task(jeditaskid=7000, taskname="task.seven", reqid=60)
    panda.queue("QUEUE_ONE", cloud="WORLD", atlas_site="SITE")
    return numbers[6]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/jobs/?days=3",
        "/jobs/?date_from=1970-01-01",
        "/errors/?days=3",
        "/job/{job}/",
        "/job/{job}/?json",
        "/task/7000/",
        "/tasks/",
        "/users/",
        "/user/Ada Example/?days=3",
        "/site/QUEUE_ONE/",
        "/wns/QUEUE_ONE/?days=3",
        "/wn/QUEUE_ONE/wn1.example.org/?days=3",
        "/dash/region/?days=3",
        "/status_summary/?nhours=72",
        "/find/?q={job}",
        "/find/?q=60",
        "/find/?q=1234567",
        "/find/?q=QUEUE_ONE",
        "/find/?q=pilot:1099",
        "/find/?q=output.root",
    ],
)
def test_a_page_takes_few_statements(failed, client, monkeypatch, path):
    executed: list[tuple[str, float]] = []
    monkeypatch.setattr(answers, "of_statements", executed.extend)
    answer = client.get(path.format(job=failed))
    assert answer.status_code in (200, 302)
    names = sorted(name for name, _ in executed if name != ONCE)
    assert len(names) <= MOST, names
