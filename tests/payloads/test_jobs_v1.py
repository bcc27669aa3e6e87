"""`/api/v1/jobs`: envelope, pages by key, what is refused."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from bigpandamon_core.domain.window import now
from tests.instance.factory import Panda

pytestmark = pytest.mark.usefixtures("own")


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"})


def ask(client: Client, url: str = "/api/v1/jobs", /, **parameters: object) -> Any:
    response = client.get(f"{url}?{urlencode(parameters)}" if parameters else url)
    assert response.status_code == 200, response.content
    return json.loads(response.getvalue())


@pytest.fixture
def jobs(panda: Panda) -> int:
    """Jobs that share moments, states and absent values, in three tables."""
    begin = now().replace(microsecond=0) - timedelta(hours=1)
    rows = [
        {
            "modificationtime": begin + timedelta(minutes=at // 3),
            "starttime": None if at % 4 == 0 else begin - timedelta(minutes=at % 5),
            "computingsite": (None, "", "B", "a", "é")[at % 5],
            "reqid": None if at % 3 else at // 6,
            "currentpriority": at % 2,
        }
        for at in range(40)
    ]
    panda.jobs(rows[:30])
    panda.jobs(({**row, "jobstatus": "running"} for row in rows[30:36]), "jobsactive4")
    panda.jobs(({**row, "jobstatus": "pending", "starttime": None} for row in rows[36:]), "jobsdefined4")
    return len(rows)


ORDERS = """
    pandaid -pandaid computingsite -computingsite reqid -reqid starttime -starttime currentpriority
    -modificationtime
""".split()


@pytest.mark.parametrize("sort", ["", *ORDERS])
def test_pages_tell_each_job_once_and_in_order(client: Client, jobs: int, sort: str):
    column, seen, url = sort.removeprefix("-"), [], ""
    answer = ask(client, limit=7, **({"sort": sort} if sort else {}))
    while True:
        assert answer["meta"]["total"] == jobs
        seen += answer["data"]
        url = answer["links"]["next"]
        if url is None:
            break
        answer = ask(client, url)
    assert len(seen) == len({job["pandaid"] for job in seen}) == jobs
    if column:
        values = [job[column] for job in seen]
        present = [value for value in values if value is not None]
        assert values == [*present, *[None] * (jobs - len(present))]
        assert present == sorted(present, reverse=sort.startswith("-"))


def test_an_envelope(client: Client, jobs: int):
    answer = ask(client, hours=2, limit=1, fields="pandaid,jobstatus,computingelement")
    assert answer.keys() == {"data", "meta", "links"}
    [job] = answer["data"]
    assert job.keys() == {"pandaid", "jobstatus", "computingelement"}
    assert job["computingelement"] is None
    assert answer["meta"]["window"]["column"] == "modificationtime"
    assert answer["meta"]["window"]["bounds_active"] is True
    assert not {"window", "as_of", "source", "truncated", "total", "cached"} - answer["meta"].keys()


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("computngsite=A", "computngsite"), ("fields=pandaid,nonsense", "fields"), ("limit=x", "limit"),
        ("limit=10001", "limit"),
        ("datasets=1", "datasets"), ("outputs=jobs", "outputs"), ("view=a", "view"), ("theme=dark", "theme"),
        ("order=zz", "order"), ("display_limit=5", "display_limit"),
        ("after=!!!", "after"), ("sort=nonsense", "sort"), ("jobstatus=", "jobstatus"),
    ],
)  # fmt: skip
def test_what_is_refused(client: Client, query: str, parameter: str):
    response = client.get(f"/api/v1/jobs?{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")
    problem = json.loads(response.content)
    assert problem["parameter"] == parameter
    assert not {"type", "title", "status", "detail"} - problem.keys()


def test_one_job(client: Client, panda: Panda):
    number = panda.job(jobstatus="failed", piloterrorcode=7, piloterrordiag="x")
    panda.status(number, "running", now() - timedelta(minutes=2))
    panda.status(number, "failed", now() - timedelta(minutes=1))
    answer = ask(client, f"/api/v1/jobs/{number}")
    assert answer["data"]["errors"] == [{"component": "pilot", "code": 7, "diag": "x"}]
    assert [state["jobstatus"] for state in answer["data"]["states"]] == ["running", "failed"]
    assert answer["meta"]["table"] == "jobsarchived4"
    assert client.get("/api/v1/jobs/99").status_code == 404
    assert client.get("/api/v1/jobs/some.name").status_code == 400


@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        *(
            (f"/api/v1/jobs/summary?{name}=5", name)
            for name in ("limit", "after", "fields", "sort", "sortby")
        ),
        *(
            (f"/api/v1/jobs/{{number}}?{name}=5", name)
            for name in ("foo", "limit", "pandaid", "theme", "hours")
        ),
    ],
)
def test_what_has_no_effect_is_refused(client: Client, panda: Panda, url: str, parameter: str):
    response = client.get(url.format(number=panda.job()))
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")
    problem = json.loads(response.content)
    assert problem["parameter"] == parameter


@pytest.mark.parametrize("path", ["/api/v1/jobs", "/api/v1/jobs/summary", "/api/v1/jobs/{number}"])
def test_the_form_of_an_answer_may_always_be_asked_for(client: Client, panda: Panda, path: str):
    ask(client, path.format(number=panda.job()), format="json", timestamp=1, json="")


@pytest.mark.parametrize(("path", "code"), [("/api/v1/jobs", 200), ("/api/v1/jobs/summary", 200)])
def test_every_parameter_of_the_document_is_understood(client: Client, panda: Panda, path: str, code: int):
    document = ask(client, "/api/v1/openapi.json")
    names = {one["name"] for one in document["paths"][path]["get"]["parameters"]}
    assert {"mode", "origin", "noarchjobs"} <= names
    for asked in ("mode=nodrop", "noarchjobs=1", "origin=no.file"):
        assert client.get(f"{path}?{asked}").status_code == code


def test_attempts_that_were_dropped_are_told(client: Client, panda: Panda):
    panda.retry(panda.job(), panda.job())
    for path in ("/api/v1/jobs", "/api/v1/jobs/summary"):
        for asked, total in (({}, 1), ({"mode": "nodrop"}, 2)):
            meta = ask(client, path, jeditaskid=7000, **asked)["meta"]
            assert meta["total"] == total
            assert (meta["dropped"] is not None) is (total == 1)
    assert ask(client, computingsite="QUEUE_ONE")["meta"]["dropped"] is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sortby", "time-descending, priority-ascending"),
        ("jobstatus", "running, holding"),
        ("eventservice", "esmerge, clone"),
        ("jobtype", "groupproduction"),
        ("fields", "an answer without it has them all"),
    ],
)
def test_the_document_tells_the_words_of_closed_vocabularies(client: Client, name: str, words: str):
    told = ask(client, "/api/v1/openapi.json")["paths"]["/api/v1/jobs"]["get"]["parameters"]
    description = next(one["description"] for one in told if one["name"] == name)
    assert all(word in description for word in words.split(", "))


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/openapi.json"])
def test_the_reference_refuses_parameters_too(client: Client, path: str):
    response = client.get(f"{path}?x=1")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["parameter"] == "x"
    assert client.get(f"{path}?theme=dark").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/jobs", "/api/v1/jobs/5", "/api/v1/jobs/summary"])
def test_an_address_with_a_slash_too_many_is_told_without(client: Client, path: str):
    response = client.get(f"{path}/?hours=1")
    assert (response.status_code, response.json()["detail"]) == (
        404,
        f"Leave out the slash at the end: {path}",
    )
    assert "slash" not in client.get("/api/v1/nothing/").json()["detail"]
