"""How many statements a page takes where nothing is in memory: a few, whatever it shows."""

from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from bigpandamon_core.queries import job_counts
from bigpandamon_core.web import answers
from tests.web.conftest import NOON

MOST = 12
ONCE = ("families.presence", "known_values.collation")
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


@pytest.fixture
def months(failed, panda):
    """Jobs of three months, some in the long-term archive, some left over in a live table."""
    for number in range(60):
        at = NOON - timedelta(days=number * 1.6, hours=number % 5)
        table = "jobsarchived4" if number < 3 else "jobsarchived"
        told = {
            "pandaid": 7000 + number, "jobstatus": ("failed", "finished")[number % 2], "endtime": at,
            "piloterrorcode": 1100 + number % 3, "computingsite": "QUEUE_ONE", "starttime": at - HOUR,
        }  # fmt: skip
        panda.job(table, modificationtime=at, statechangetime=at, **told)
        if number == 2:
            panda.job("jobsactive4", modificationtime=at, statechangetime=at - HOUR, **told)


@pytest.fixture
def shelf(configured, tmp_path):
    """Nothing is kept but what closed days had."""
    configured(f'[cache]\nkind = "memory"\nfolder = "{tmp_path}"\ndefault_seconds = 0')
    return tmp_path


@pytest.fixture
def asked_of(client, monkeypatch):
    """`asked_of("/jobs/")`: the statements of the page by name, in order."""
    return partial(statements, client, monkeypatch)


def statements(client, monkeypatch, path: str) -> list[str]:
    executed: list[tuple[str, float]] = []
    with monkeypatch.context() as patched:
        patched.setattr(answers, "of_statements", executed.extend)
        answer = client.get(path)
    assert answer.status_code in (200, 302), answer.content
    return sorted(name for name, _ in executed if name not in ONCE)


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
        "/find/?q=no+space+left",
    ],
)
def test_a_page_takes_few_statements(failed, asked_of, path):
    names = asked_of(path.format(job=failed))
    assert len(names) <= MOST, names


LONG = [
    "/jobs/?days=90",
    "/jobs/?days=90&json",
    "/jobs/?days=90&computingsite=QUEUE_ONE",
    "/jobs/?days=90&jobstatus=failed&limit=500",
    "/jobs/?date_from=1970-01-01",
    "/errors/?days=90",
    "/errors/?days=90&json",
    "/errors/?days=90&computingsite=QUEUE_ONE",
    "/errors/?date_from=1970-01-01",
    "/statistics/?days=90",
    "/user/Ada Example/?days=90",
    "/user/Ada Example/?days=90&json",
    "/users/?days=90",
    "/site/QUEUE_ONE/?days=90",
    "/wns/QUEUE_ONE/?days=90",
    "/wn/QUEUE_ONE/wn1.example.org/?days=90",
    "/dash/region/?days=90",
    "/status_summary/?nhours=2160",
    "/tasks/?days=90",
    "/api/v1/jobs?days=90",
    "/api/v1/jobs/summary?days=90",
    "/api/v1/errors?days=90",
]
OF_JOBS = (
    "/jobs/?",
    "/errors/?",
    "/user/Ada Example/?days=90",
    "/wn",
    "/api/v1/jobs/summary",
    "/api/v1/errors",
)
"""They count closed days one by one."""


@pytest.mark.parametrize("path", LONG)
def test_a_window_of_months_takes_no_more_through_a_shelf(months, asked_of, shelf, path):
    first, again = asked_of(path), asked_of(path)
    assert len(first) <= MOST, first
    assert len(again) <= len(first), again
    keeps = path.startswith(OF_JOBS) and not path.startswith("/user/Ada Example/?days=90&json")
    assert any(shelf.glob("days/*")) is keeps


def test_days_known_here_and_there_take_no_more(months, asked_of, shelf):
    """As where others had no room: those between are counted together."""
    for path in ("/jobs/?days=90", "/errors/?days=90"):
        asked_of(path)
        for file in sorted(shelf.glob("days/*"))[::12]:
            file.unlink()
        names = asked_of(path)
        assert names.count("jobs.counted") > 1
        assert len(names) <= MOST, names


def test_of_many_jobs_doubles_are_looked_for_once(months, asked_of, shelf, monkeypatch):
    monkeypatch.setattr(job_counts, "FEW", 3)
    for path in ("/jobs/?days=90", "/errors/?days=90"):
        names = asked_of(path)
        assert names.count("jobs.doubles") == names.count("jobs.reread") == 1
        assert len(names) <= MOST, names
