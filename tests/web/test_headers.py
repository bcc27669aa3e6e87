"""What every answer says: to browsers, to programs, to those between, and in the log."""

import io
import json
import logging
import re

import pytest
from django.test import Client

from bigpandamon_core.config.logs import JsonLines, Lines, request_id
from bigpandamon_core.web import health as health_room
from bigpandamon_core.web.middleware import HEADERS

pytestmark = pytest.mark.once

ADDRESSES = (
    "/",
    "/jobs/",
    "/jobs/?json",
    "/jobs/?json&days=x",
    "/jobs",
    "/job/5/",
    "/api/v1/jobs",
    "/api/v1/jobs/5",
    "/api/v1/openapi.json",
    "/api/v1/",
    "/find/?q=x",
    "/nothing/here",
    "/health",
    "/metrics",
    "/static/bigpandamon/icon.svg",
    "/static/bigpandamon/nothing.css",
)
RESOURCES = {
    "/jobs/": "text/html; charset=utf-8",
    "/jobs/?json": "application/json",
    "/api/v1/jobs": "application/problem+json",
    "/health": "text/html; charset=utf-8",
}
METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW")


@pytest.fixture
def lines():
    """What is logged, by format."""
    written = {"plain": io.StringIO(), "json": io.StringIO()}
    makers = {"plain": Lines("%(levelname)s %(name)s: %(message)s"), "json": JsonLines()}
    handlers = []
    for name, stream in written.items():
        handlers.append(logging.StreamHandler(stream))
        handlers[-1].setFormatter(makers[name])
        logging.getLogger().addHandler(handlers[-1])
    yield written
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_security_headers_are_on_every_answer(panda, client, address, method):
    response = client.generic(method, address)
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-Id"])


def test_nothing_is_allowed_that_a_page_does_not_need():
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert "http" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_its_body(panda, client, address):
    told, whole = client.head(address), client.get(address)
    assert told.status_code == whole.status_code
    assert b"".join(told.streaming_content if told.streaming else [told.content]) == b""
    differing = {"X-Request-Id", "Content-Length", "ETag"}
    for name in whole.headers.keys() - differing:
        assert told[name] == whole[name]


def test_head_tells_the_length(panda, client):
    panda.job()
    address = "/jobs/?json&fields=pandaid&outputs=jobs"
    assert int(client.head(address)["Content-Length"]) == len(client.get(address).content)


def test_head_of_a_long_answer_gives_its_place_back(panda, client, monkeypatch):
    monkeypatch.setattr("bigpandamon_core.web.answers.WHOLE_BYTES", 10)
    panda.job()
    for _ in range(5):
        response = client.head("/jobs/?json")
        assert response.status_code == 200
        response.close()


@pytest.mark.parametrize(("address", "content_type"), RESOURCES.items())
@pytest.mark.parametrize("method", METHODS)
def test_another_method_is_refused_in_the_right_form(client, address, content_type, method):
    response = client.generic(method, address)
    assert response.status_code == 405
    assert {"GET", "HEAD"} <= set(response["Allow"].split(", ")) <= {"GET", "HEAD", "POST"}
    assert response["Content-Type"] == content_type


def test_a_job_may_be_asked_for_by_post(client):
    assert client.delete("/job/5/?json")["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "address", ["/", "/jobs/", "/jobs/?json", "/jobs/?days=x", "/api/v1/jobs", "/nothing"]
)
def test_it_is_told_what_an_answer_depends_on(panda, client, address):
    told = set(client.get(address)["Vary"].split(", "))
    assert told == {"Accept", "Accept-Encoding", "Authorization", "Content-Type", "Cookie"}


# --- host names


@pytest.mark.parametrize("host", ["evil.example.org", "localhost.evil.org", "10.0.0.9", "a b"])
def test_a_name_that_is_not_ours_is_refused(panda, host):
    response = Client(headers={"host": host}).get("/jobs/?json")
    assert response.status_code == 400
    problem = response.json()["problem"]
    assert problem["code"] == "illegal-request"
    assert (problem["what"], "web.allowed_hosts" in problem["remedy"]) == (
        f"The monitor does not answer as {host}",
        True,
    )
    assert response["Content-Security-Policy"]


def test_a_strange_name_is_no_markup_and_no_line_of_the_log(panda, lines):
    page = Client(headers={"host": "<b>x\nERROR</b>"}).get("/jobs/").content.decode()
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page
    written = lines["plain"].getvalue().splitlines()
    assert [line for line in written if "web.allowed_hosts" in line and "<b>x\\nERROR</b>" in line]


@pytest.mark.parametrize("address", ["/health", "/metrics"])
def test_machines_may_use_the_number_of_a_host(own_tables, panda_tables, address):
    assert Client(headers={"host": "10.0.0.9"}).get(address).status_code == 200


def test_pages_do_not_repeat_the_host(panda):
    page = Client(headers={"host": "testserver"}).get("/jobs/").content.decode()
    assert "testserver" not in page


# --- what cannot be read


@pytest.mark.parametrize("address", ["/jobs/", "/api/v1/jobs"])
def test_more_parameters_than_anybody_needs(panda, client, address):
    response = client.get(f"{address}?{'&'.join(f'a{number}=1' for number in range(1001))}")
    assert response.status_code == 400
    assert "cannot be read" in response.content.decode()
    assert "Send fewer parameters." in response.content.decode()
    assert response["Content-Type"] in ("application/json", "application/problem+json")


def test_a_form_that_is_no_form(panda, client):
    response = client.generic("POST", "/job/?json", b"--x", "multipart/form-data; boundary=")
    assert response.status_code == 400
    problem = response.json()["problem"]
    assert problem["code"] == "illegal-request"
    assert "application/x-www-form-urlencoded" in problem["remedy"]


def test_a_body_that_is_too_large(panda, client):
    response = client.post("/job/?json", b"x" * 2_100_000, "application/x-www-form-urlencoded")
    assert response.status_code == 413


# --- the log


def test_a_request_has_one_line_with_its_id(panda, client, lines):
    response = client.get("/jobs/?json&days=x")
    plain = [line for line in lines["plain"].getvalue().splitlines() if "bigpandamon.request" in line]
    identity = response["X-Request-Id"]
    assert len(plain) == 1
    pattern = rf"INFO bigpandamon\.request: GET /jobs/ 400 \d+\.\d{{3}} s \[{identity}\]"
    assert re.fullmatch(pattern, plain[0])
    told = [json.loads(line) for line in lines["json"].getvalue().splitlines()]
    assert [one["request"] for one in told if one["logger"] == "bigpandamon.request"] == [identity]


def test_lines_outside_a_request_have_none(client, lines):
    client.get("/health")
    logging.getLogger("a.room").warning("outside")
    assert lines["plain"].getvalue().splitlines()[-1] == "WARNING a.room: outside"
    assert "request" not in json.loads(lines["json"].getvalue().splitlines()[-1])


def test_an_id_from_the_front_server_is_taken(client, lines):
    response = client.get("/health", headers={"x-request-id": "front-12345"})
    assert response["X-Request-Id"] == "front-12345"
    assert "[front-12345]" in lines["plain"].getvalue()


@pytest.mark.parametrize("given", ["short", "x" * 65, "has blanks in it", "new\nline-in-it", "ä" * 10])
def test_another_id_is_not(client, given):
    assert client.get("/health", HTTP_X_REQUEST_ID=given)["X-Request-Id"] != given


def test_an_address_cannot_write_lines_of_its_own(panda, client, lines):
    client.get("/nothing%0A2026-01-01 INFO faked")
    written = [line for line in lines["plain"].getvalue().splitlines() if "faked" in line]
    assert len(written) == 1
    assert "/nothing%0A2026" in written[0]


def test_a_stream_is_logged_when_it_has_ended(panda, client, lines, monkeypatch):
    monkeypatch.setattr("bigpandamon_core.web.answers.WHOLE_BYTES", 10)
    panda.job()
    response = client.get("/jobs/?json")
    chunks = iter(response)
    next(chunks)
    assert "GET /jobs/" not in lines["plain"].getvalue()
    assert request_id.get() == response["X-Request-Id"]
    list(chunks)
    response.close()
    assert "GET /jobs/ 200 " in lines["plain"].getvalue()
    assert request_id.get() == ""


# --- failures of our own


@pytest.fixture
def broken(monkeypatch):
    """Jobs cannot be built, for a reason nobody thought of."""

    def fail(*_arguments):
        raise ZeroDivisionError("a secret in it")

    monkeypatch.setattr("bigpandamon_core.payloads.scope.selection", fail)


@pytest.mark.parametrize(
    ("address", "content_type"),
    [
        ("/jobs/", "text/html; charset=utf-8"),
        ("/jobs/?json", "application/json"),
        ("/jobs/?format=csv", "application/json"),
        ("/jobs/?format=text", "text/plain; charset=utf-8"),
        ("/api/v1/jobs", "application/problem+json"),
    ],
)
def test_an_unexpected_failure_is_a_problem(panda, broken, client, lines, address, content_type):
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (500, content_type)
    assert response["Cache-Control"] == "no-store"
    text = response.content.decode()
    assert "failed to make this answer" in text
    assert "ZeroDivision" not in text
    assert "a secret" not in text
    assert "Traceback" not in text


def test_its_reference_finds_the_traceback(panda, broken, client, lines):
    response = client.get("/jobs/?json")
    reference = response.json()["problem"]["reference"]
    assert reference == response["X-Request-Id"]
    told = [json.loads(line) for line in lines["json"].getvalue().splitlines()]
    (one,) = (line for line in told if "traceback" in line)
    assert one["request"] == reference
    assert one["traceback"].endswith("ZeroDivisionError: a secret in it")
    assert reference in client.get("/jobs/", headers={"x-request-id": reference}).content.decode()
    problem = client.get("/api/v1/jobs").json()
    assert problem["instance"].startswith("urn:bigpandamon:request:")


def test_a_failure_outside_the_resources_is_told_as_well(panda, client, monkeypatch):
    monkeypatch.setattr(health_room, "probes", None)
    client.raise_request_exception = False
    response = client.get("/health", headers={"accept": "application/json"})
    assert response.status_code == 500
    assert response.json()["problem"]["reference"] == response["X-Request-Id"]
    assert response["Content-Security-Policy"]
