"""How programs ask for JSON, and how they are told that something is wrong: as written for BigPanDA."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from tests.instance.factory import Panda
from tests.web.compatible import ask, jobs, numbers, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.fixture
def job(panda: Panda) -> int:
    return panda.job(jobstatus="finished", modificationtime=NOON - timedelta(minutes=5))


@pytest.mark.parametrize(
    "query", ["json", "json=", "json=1", "json=true", "json=True", "json=0", "JSON=1", "hours=2&json"]
)
@pytest.mark.parametrize("accept", ["*/*", BROWSER, "", "application/json"])
def test_a_parameter_asks_for_json_whatever_its_value(client: Client, job: int, query: str, accept: str):
    for path in ("/jobs/", f"/job/{job}/"):
        response = client.get(f"{path}?{query}", headers={"accept": accept} if accept else {})
        assert response.headers["Content-Type"] == "application/json"
        answer = json.loads(response.content)
        assert (answer.get("job") or answer["jobs"][0])["pandaid"] == job


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/json", "application/json"),
        ("text/json", "application/json"),
        ("application/json, */*", "application/json"),
        ("application/json;q=0.9, text/html;q=0.8", "application/json"),
        (BROWSER, "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("text/html, application/json;q=0.9", "text/html; charset=utf-8"),
    ],
)
def test_the_header_asks_for_json(client: Client, job: int, accept: str, media: str):
    for path in ("/jobs/", f"/job/{job}/"):
        assert client.get(path, headers={"accept": accept}).headers["Content-Type"] == media


def test_a_body_type_on_a_get_does_not_ask_for_json(client: Client, job: int):
    response = client.get("/jobs/", headers={"content-type": "application/json"})
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("/jobs?json", "/jobs/?json"),
        (
            "/jobs?jobstatus=failed&json=1&computingsite=A%2BB",
            "/jobs/?jobstatus=failed&json=1&computingsite=A%2BB",
        ),
        ("/job/123?json=true", "/job/123/?json=true"),
        ("/job/123", "/job/123/"),
        ("/job/a%3Fb%23c%2525?json", "/job/a%3Fb%23c%2525/?json"),
        ("/api/v1", "/api/v1/"),
    ],
)
def test_a_missing_slash_is_redirected_for_good_with_the_query(client: Client, asked: str, told: str):
    response = client.get(asked)
    assert (response.status_code, response.headers["Location"]) == (301, told)


def test_a_redirect_keeps_the_body(client: Client):
    response = client.post("/jobs?json", {"jobstatus": "failed"})
    assert (response.status_code, response.headers["Location"]) == (308, "/jobs/?json")


def test_no_redirect_without_a_path(client: Client, job: int):
    for path in ("/job", "/job/"):
        assert ask(client, path, pandaid=job)["job"]["pandaid"] == job


def test_parameters_in_a_body(client: Client, job: int, panda: Panda):
    other = panda.job(jobstatus="failed", modificationtime=NOON - timedelta(minutes=5))
    asked, accepting = {"pandaid": str(other), "json": "1"}, {"accept": "application/json"}
    wrapped = json.dumps({"params": {"pandaid": other}})
    for path in ("/jobs/", "/job", "/job/"):
        for response in (
            client.post(path, asked),
            client.post(path, json.dumps(asked), content_type="application/json"),
            client.post(path, wrapped, content_type="application/json", headers=accepting),
        ):
            answer = json.loads(response.getvalue())
            found = answer["jobs"] if "jobs" in answer else [answer["job"]]
            assert [row["pandaid"] for row in found] == [other]
            assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("body", ["", "[]", "{", '"text"', '{"pandaid": [1, 2]}', '{"params": 7}'])
def test_a_body_that_is_no_parameters(client: Client, body: str):
    response = client.post(
        "/jobs/", body, content_type="application/json", headers={"accept": "application/json"}
    )
    assert response.status_code == (200 if body == "" else 400)


def test_names_ignore_case_and_values_keep_it(client: Client, job: int):
    assert numbers(client, JobStatus="finished") == [job]
    assert numbers(client, jobstatus="FINISHED") == []


def test_unknown_parameters_are_ignored_and_named(client: Client, job: int):
    response = client.get("/jobs/?json&sync=1&nhours=3&outdated=x")
    assert [row["pandaid"] for row in json.loads(response.getvalue())["jobs"]] == [job]
    assert response.headers["X-Ignored-Parameters"] == "nhours, outdated, sync"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("jobstatus=", "Empty value '' for jobstatus"),
        ("pandaid=abc", "Illegal value 'abc' for pandaid"),
        ("hours=x", "Illegal value 'x' for hours"),
        ("limit=1.5", "Illegal value '1.5' for limit"),
        ("date_from=yesterday", "Illegal value 'yesterday' for date_from"),
        ("jobname=a%25", "Use * symbol for pattern search instead of % for jobname"),
        ("computingsite=%3Cscript%3Ex%3C/script%3E", "Illegal request"),
    ],
)
def test_a_bad_parameter_is_told_as_json(client: Client, query: str, text: str):
    for trigger in ("json", "json=1"):
        status, body = refused(client, f"/jobs/?{query}&{trigger}")
        assert (status, body["error"]) == (400, text)
    status, body = refused(client, f"/jobs/?{query}", accept="application/json")
    assert (status, body["error"]) == (400, text)


@pytest.mark.parametrize(
    "path",
    ["/job/?jobname=a%00b", "/job/a%00b/?json", "/job?batchid=a%00", "/find/?q=a%00b", "/jobs/?jobname=a%00"],
)
def test_what_no_database_takes_is_refused(client: Client, path: str):
    status, body = refused(client, path, accept="application/json")
    assert (status, body["problem"]["code"]) == (400, "illegal-value")


def test_an_unknown_format_is_told_in_a_known_one(client: Client):
    browser = client.get("/jobs/?format=xml", headers={"accept": "text/html,*/*;q=0.8"})
    assert (browser.status_code, browser.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert refused(client, "/jobs/?format=xml&json")[1]["error"] == "Illegal value 'xml' for format"


def test_these_may_be_empty(client: Client, job: int):
    assert numbers(client, snap="", dt="", dialogs="") == [job]


@pytest.mark.parametrize(
    "path", ["/job/99/", "/job/no.such.name/", "/job?pandaid=99", "/job?batchid=none", "/job?creator=x"]
)
def test_a_job_that_is_not_there(client: Client, job: int, path: str):
    status, body = refused(client, path + ("&" if "?" in path else "?") + "json")
    assert status == 404
    assert body["error"]
    assert body["problem"]["remedy"].startswith("Check")


def test_a_number_that_is_none(client: Client):
    status, body = refused(client, "/job?pandaid=12x&json")
    assert (status, body["error"]) == (400, "Illegal value '12x' for pandaid")
    status, body = refused(client, "/job?json")
    assert status == 400


@pytest.mark.parametrize("authorization", ["Token abc", "Bearer x.y.z", "Basic eDp5"])
def test_credentials_that_are_not_known(client: Client, job: int, authorization: str):
    for path in ("/jobs/?json", f"/job/{job}/?json", "/jobs/"):
        response = client.get(path, headers={"authorization": authorization, "accept": "application/json"})
        assert response.status_code == 401
        assert json.loads(response.content)["detail"]


def test_nothing_is_found(client: Client, panda: Panda):
    answer = ask(client)
    assert (answer["jobs"], answer["errsByCount"]) == ([], [])
    assert answer["selectionsummary"] == []


def test_a_timestamp_never_filters(client: Client, job: int):
    assert numbers(client, timestamp="2026-11-21T00:00:00") == [job]
    assert numbers(client, timestamp="x y") == [job]
    response = client.get("/jobs/?json&timestamp=1")
    assert response.headers["Cache-Control"].startswith("max-age=0")


def test_a_list_kept_for_a_link_is_kept_no_more(client: Client, job: int):
    assert client.get("/jobs/?json&reqtoken=abc").status_code == 204
    assert client.get("/jobs/?reqtoken=abc").status_code == 404


def test_values_are_decoded_once_more(client: Client, panda: Panda):
    name = "QUEUE ONE%TWO"
    found = panda.job(computingsite=name, modificationtime=NOON)
    panda.job(computingsite="QUEUE", modificationtime=NOON)
    assert numbers(client, computingsite=quote(name)) == [found]


@pytest.mark.parametrize(
    "path",
    [
        "/job/user.one.job-7/x/",
        "/job?jobname=user.one.job-7/x",
        "/job?batchid=gk%231.0%232",
        "/job?creator=out.7",
    ],
)
def test_a_job_goes_by_its_name_batch_id_and_output_file_too(client: Client, panda: Panda, path: str):
    found = panda.job(jobname="user.one.job-7/x", batchid="gk#1.0#2", modificationtime=NOON)
    panda.file(found, lfn="out.7", type="output")
    panda.file(panda.job(modificationtime=NOON), lfn="out.7", type="input")
    response = client.get(path, headers={"accept": "application/json"})
    assert json.loads(response.content)["job"]["pandaid"] == found


def test_both_limits_and_no_limit(client: Client, panda: Panda):
    panda.jobs({"modificationtime": NOON - timedelta(seconds=at)} for at in range(12))
    panda.jobs(({"jobstatus": "running"} for _ in range(4)), "jobsactive4")
    assert len(jobs(client, limit=5)) == 5
    assert len(jobs(client, limit=0)) == 0
    assert len(jobs(client, display_limit=3)) == 16
    assert sum(value["kvalue"] for value in ask(client, limit=5)["selectionsummary"][0]["list"]) == 16


def test_a_body_without_a_length_is_refused_not_left_out(client: Client):
    chunked = {"transfer-encoding": "chunked", "accept": "application/json"}
    response = client.generic("POST", "/jobs/", b"", headers=chunked)
    assert response.status_code == 411
    assert response.json()["problem"]["code"] == "length-required"


@pytest.mark.parametrize("stored", ['{"events": 123456789012345678901234567890}', r'{"name": "\ud800"}'])
def test_stored_json_that_few_writers_take_is_told_as_it_is(client: Client, panda: Panda, stored: str):
    number = panda.job(jobstatus="finished", modificationtime=NOON - timedelta(minutes=5))
    panda.metadata(number, stored)
    answer = json.loads(client.get(f"/job/{number}/?json").content)
    assert answer["job"]["metastruct"] == json.loads(stored)
    assert client.get(f"/api/v1/jobs/{number}").status_code == 200


def test_the_search_box_takes_a_plus_for_a_plus(client: Client, panda: Panda):
    panda.job(jobstatus="finished", modificationtime=NOON - timedelta(minutes=5), produsername="Ann+Bob")
    found = json.loads(client.get(f"/find/?q={quote('ann+b')}&json").content)
    assert [(one["what"], one["text"]) for one in found] == [("user", "Ann+Bob")]


@pytest.mark.parametrize("code", ["1099", "-5", "9" * 18, "9" * 19, "9" * 20, "-" + "9" * 20, "\u0661\u0662"])
def test_the_search_box_leads_nowhere_that_is_refused(client: Client, panda: Panda, code: str):
    response = client.get(f"/find/?q={quote('pilot:' + code)}")
    assert response.status_code in (200, 302)
    for meaning in json.loads(client.get(f"/find/?q={quote('pilot:' + code)}&json").content):
        assert client.get(meaning["url"]).status_code == 200


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("json&fields=garbage,pandaid,metastruct", "fields=garbage"),
        ("format=csv&fields=garbage,pandaid,errorinfo", "fields=garbage, fields=errorinfo"),
        ("fields=garbage,error", "fields=garbage"),
        ("json&jobstatus=!failed", "jobstatus=!failed"),
        ("json&jobstatus=failed,faild", "jobstatus=faild"),
    ],
)
def test_words_that_nothing_is_known_by_are_named(client: Client, job: int, asked: str, named: str):
    assert client.get(f"/jobs/?{asked}").headers["X-Ignored-Parameters"] == named


def test_every_key_of_a_job_may_be_chosen(client: Client, panda: Panda):
    panda.job(jobstatus="failed", transexitcode="7", jobsetid=5, modificationtime=NOON, maxpss=1, maxvmem=1)
    keys = set(jobs(client, datasets="true", jeditaskid=7000)[0])
    response = client.get(f"/jobs/?json&fields={','.join(keys)}")
    assert len(keys) > 125
    assert "X-Ignored-Parameters" not in response.headers
