"""Jobs of a selection: one state in every form, errors with an example that has them."""

import csv
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bigpandamon_core.domain.window import now
from bigpandamon_core.queries import job_counts

pytestmark = pytest.mark.usefixtures("own")
PILOT = {"piloterrorcode": 1099, "piloterrordiag": "stage-in failed"}


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"})


def told(client: Client, url: str) -> Any:
    return json.loads(client.get(url).getvalue())


def example(client: Client) -> tuple[int, str, int]:
    [error] = told(client, "/jobs/?json")["errsByCount"]
    [of_v1] = told(client, "/api/v1/jobs/summary")["data"]["errors"]
    assert (of_v1["example_pandaid"], of_v1["count"]) == (error["example_pandaid"], error["count"])
    return error["example_pandaid"], error["diag"], error["count"]


@pytest.mark.parametrize("few", [0, 2000], ids=["many", "few"])
def test_the_example_of_an_error_has_it(client, panda, monkeypatch, few):
    """900 is a row left over in the live table: the job has finished."""
    monkeypatch.setattr(job_counts, "FEW", few)
    moment = now().replace(microsecond=0) - timedelta(hours=1)
    panda.job(pandaid=800, jobstatus="failed", modificationtime=moment, **PILOT)
    panda.job(pandaid=700, jobstatus="failed", modificationtime=moment, **PILOT)
    panda.job("jobsactive4", pandaid=900, jobstatus="holding", modificationtime=moment, **PILOT)
    panda.job(pandaid=900, jobstatus="finished", modificationtime=moment + timedelta(minutes=1))
    assert example(client) == (800, "stage-in failed", 2)


def test_an_example_is_found_where_a_row_left_over_hid_it(client, panda):
    """850 is read before it is known that 900 has finished."""
    moment = now().replace(microsecond=0) - timedelta(hours=1)
    for pandaid in (840, 850, 900):
        panda.job("jobsactive4", pandaid=pandaid, jobstatus="holding", modificationtime=moment, **PILOT)
    panda.job("jobsactive4", pandaid=860, jobstatus="running", modificationtime=moment, **PILOT)
    panda.job(pandaid=900, jobstatus="finished", modificationtime=moment + timedelta(minutes=1))
    assert example(client) == (850, "stage-in failed", 2)


@pytest.mark.parametrize(
    ("jobstatus", "jobsubstatus", "shown"),
    [("finished", "fg_stumble", "failed"), ("finished", "fg_partial", "subfinished"),
     ("finished", "fg_done", "finished"), ("failed", "", "failed")],
)  # fmt: skip
def test_every_form_tells_the_same_state(client, panda, jobstatus, jobsubstatus, shown):
    number = panda.job(jobstatus=jobstatus, jobsubstatus=jobsubstatus)
    states = {
        "json": told(client, "/jobs/?json")["jobs"][0]["jobstatus"],
        "job json": told(client, f"/job/{number}/?json")["job"]["jobstatus"],
        "v1": told(client, "/api/v1/jobs")["data"][0]["jobstatus"],
        "v1 job": told(client, f"/api/v1/jobs/{number}")["data"]["jobstatus"],
        "v1 fields": told(client, "/api/v1/jobs?fields=jobstatus")["data"][0]["jobstatus"],
        "ndjson": json.loads(client.get("/jobs/?format=ndjson").getvalue().splitlines()[0])["jobstatus"],
        "csv": next(csv.DictReader(client.get("/jobs/?format=csv").getvalue().decode().splitlines()))[
            "jobstatus"
        ],
    }
    assert states == dict.fromkeys(states, shown)
    assert told(client, "/api/v1/jobs/summary")["data"]["states"] == {shown: 1}


def test_what_is_stored_as_state_is_told_beside_it(client, panda):
    number = panda.job(jobstatus="finished", jobsubstatus="fg_stumble")
    for job in (told(client, "/api/v1/jobs")["data"][0], told(client, f"/api/v1/jobs/{number}")["data"]):
        assert (job["jobstatus"], job["jobstatus_stored"], job["jobsubstatus"]) == (
            "failed", "finished", "fg_stumble"
        )  # fmt: skip
    assert told(client, "/api/v1/jobs?fields=pandaid,jobstatus")["data"] == [
        {"pandaid": number, "jobstatus": "failed"}
    ]
    assert told(client, "/api/v1/jobs?fields=jobstatus_stored")["data"] == [{"jobstatus_stored": "finished"}]
