"""The page of a job: what went wrong, its life, its attempts and files, and in how many statements."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries import job_counts
from bigpandamon_core.sources.reading import recorded
from tests.instance.factory import Panda
from tests.payloads.one_job import page

pytestmark = pytest.mark.usefixtures("own")
MOST_STATEMENTS = 20
HOST = "slot1@node1"


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ({"piloterrorcode": 1099, "taskbuffererrorcode": 300, "transexitcode": "65"}, "pilot error 1099"),
        ({"taskbuffererrorcode": 300, "transexitcode": "65"}, "transform error 65"),
        ({"taskbuffererrorcode": 300, "exeerrorcode": 5, "brokerageerrorcode": 2}, "executor error 5"),
        ({"ddmerrorcode": 200, "jobdispatchererrorcode": 100}, "dataservice error 200"),
        ({"brokerageerrorcode": 2, "taskbuffererrorcode": 300}, "taskbuffer error 300"),
    ],
)
def test_the_verdict_is_of_whoever_saw_it_first(panda: Panda, codes: dict[str, Any], told: str):
    number = panda.job(jobstatus="failed", modificationhost=HOST, attemptnr=2, maxattempt=3, **codes)
    verdict = page(number)["verdict"]
    assert verdict["detail"] == f"{told} on node1, queue QUEUE_ONE. Attempt number 2, at most 3."
    assert {one["error"] for one in verdict["raw"]} >= {told.replace(" error", "")}


def test_a_job_that_went_well_has_no_verdict(panda: Panda):
    assert page(panda.job(jobstatus="finished", piloterrorcode=1099))["verdict"] is None
    assert page(panda.job(jobstatus="finished", jobsubstatus="fg_stumble", piloterrorcode=1099))["verdict"]


def test_jobs_with_the_same_error_are_twelve_hours_of_them_and_the_job_itself(panda: Panda):
    moment = now().replace(microsecond=300_000) - timedelta(hours=20)
    failed: dict[str, Any] = {"jobstatus": "failed", "piloterrorcode": 1099}
    ago = {"11 h 59 min": timedelta(hours=11, minutes=59), "13 h": timedelta(hours=13)}
    number, inside, _ = (
        panda.job(modificationtime=moment - before, **failed) for before in (timedelta(), *ago.values())
    )
    panda.job(modificationtime=moment, jobstatus="failed", piloterrorcode=1098)
    panda.job(modificationtime=moment + timedelta(minutes=1), **failed)
    [link] = page(number)["verdict"]["links"]
    assert link["text"] == "Jobs with the same error in the 12 hours before"
    asked = tuple((name, value) for name, [value] in parse_qs(urlsplit(link["url"]).query).items())
    jobs = Jobs(Call(asked, now(), settings.BIGPANDAMON.get))
    assert {row["pandaid"] for row in jobs.rows(("pandaid",), None)} == {number, inside}


def test_the_life_of_a_job_follows_its_log_within_a_second(panda: Panda):
    begin = now().replace(microsecond=0) - timedelta(hours=2)
    number = panda.job(jobstatus="finished")
    for state, seconds in (("holding", 60.9), ("finished", 90.0), ("running", 60.2), ("activated", 0.0)):
        panda.status(number, state, begin + timedelta(seconds=seconds))
    life = page(number)["life"]
    assert [stage["state"] for stage in life] == ["activated", "running", "holding", "finished"]
    assert [stage["seconds"] for stage in life] == [
        pytest.approx(60.2),
        pytest.approx(0.7),
        pytest.approx(29.1),
        None,
    ]
    assert [stage["final"] for stage in life] == [False, False, False, True]


def test_without_a_log_the_times_of_the_job_tell(panda: Panda):
    end = now().replace(microsecond=0) - timedelta(hours=1)
    number = panda.job(
        jobstatus="failed",
        creationtime=end - timedelta(minutes=50),
        starttime=end - timedelta(minutes=30),
        endtime=end - timedelta(minutes=10),
        modificationtime=end,
    )
    found = page(number)
    assert found["life_source"]
    assert [(stage["state"], stage["seconds"]) for stage in found["life"]] == [
        ("waiting to start", 1200),
        ("running", 1200),
        ("after the run", 600),
        ("failed", None),
    ]


def test_attempts_before_and_after(panda: Panda):
    first, second = (panda.job(jobstatus="failed", piloterrorcode=1000 + at) for at in range(2))
    third = panda.job(jobstatus="finished")
    panda.retry(first, second)
    panda.retry(second, third)
    attempts = page(second)["attempts"]
    assert [(one["pandaid"], one["state"], one["error"], one["current"]) for one in attempts] == [
        (first, "failed", "pilot:1000", False),
        (second, "failed", "pilot:1001", True),
        (third, "finished", "", False),
    ]
    assert page(panda.job())["attempts"] == []


def test_merging_is_no_attempt(panda: Panda):
    """Two jobs, one of them tried twice, were merged, and the merging was tried twice."""
    states = ("failed", "finished", "finished", "failed", "finished")
    failed, first, second, tried, merged = (panda.job(jobstatus=state) for state in states)
    panda.retry(failed, first)
    panda.retry(tried, merged)
    for one in (first, second):
        panda.retry(one, merged, relationtype="merge")
    assert related(merged) == {
        "attempts": [tried, merged],
        "merges the outputs of": [first, second],
    }
    assert related(first) == {"attempts": [failed, first], "its outputs are merged by": [merged]}
    assert related(second) == {"attempts": [], "its outputs are merged by": [merged]}


def related(pandaid: int) -> dict[str, list[int]]:
    found = page(pandaid)
    return {
        text: [job["pandaid"] for job in jobs]
        for text, jobs in ({"attempts": found["attempts"]} | found["merging"]).items()
    }


def test_metadata_is_on_lines_of_its_parts_and_other_text_as_it_was_written(panda: Panda):
    document, text = panda.job(), panda.job()
    panda.metadata(document, '{"a":{"b":"é"}}')
    panda.metadata(text, "no document")
    assert page(document)["metadata"] == '{\n  "a": {\n    "b": "é"\n  }\n}'
    assert page(text)["metadata"] == "no document"


def test_files_with_states_and_sizes(panda: Panda):
    number = panda.job()
    panda.file(number, lfn="in.root", fsize=1500, type="input", status="ready", proddblock="demo:set.in")
    panda.file(number, lfn="out.root", type="output", status="failed", destinationdblock="demo:set.out")
    told = [(one["lfn"], one["group"], one["size_bytes"], one["dataset"]) for one in page(number)["files"]]
    assert told == [("in.root", "good", 1500, "demo:set.in"), ("out.root", "bad", 0, "demo:set.out")]


@pytest.mark.parametrize("few", [0, 2000], ids=["many", "few"])
def test_a_page_asks_few_statements(panda: Panda, monkeypatch: pytest.MonkeyPatch, few: int):
    """Of a job with all that may belong to one, however many jobs are around it."""
    monkeypatch.setattr(job_counts, "FEW", few)
    panda.task(jeditaskid=7000)
    panda.queue("QUEUE_ONE", cloud="WORLD")
    panda.jobs({"jobstatus": "failed", "modificationhost": HOST} for _ in range(20))
    panda.jobs(({"modificationhost": HOST} for _ in range(5)), "jobsactive4")
    number = panda.job(jobstatus="failed", piloterrorcode=1099, modificationhost=HOST)
    panda.retry(1001, number)
    panda.file(number)
    panda.worker(number)
    panda.status(number, "failed", now())
    panda.parameters(number, "x")
    panda.metadata(number, "{}")
    with recorded() as statements:
        found = page(number)
    assert {rate["ended"] for rate in found["rates"]} == {21}
    assert len(found["rates"]) == 4
    assert len(statements.executed) <= MOST_STATEMENTS, [name for name, _ in statements.executed]


def test_parameters_that_mean_nothing_are_named(panda: Panda):
    client, number = Client(headers={"host": "localhost"}), panda.job()
    for path in (f"/job/{number}/?", f"/job/?pandaid={number}&"):
        for form in ("json", "format=text", ""):
            response = client.get(f"{path}foo=bar&sync=1&timestamp=3&{form}")
            assert response.headers["X-Ignored-Parameters"] == "foo, sync"
    twice = client.get(f"/job/?pandaid={number}&jobname=a&json")
    assert twice.headers["X-Ignored-Parameters"] == "jobname"
    assert b"foo, sync" in client.get(f"/job/{number}/?foo=bar&sync=1").content
    assert "X-Ignored-Parameters" not in client.get(f"/job/?pandaid={number}&json&theme=dark").headers
