"""Headers that say how to read a request cannot break its answer: asked through the WSGI application."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import RequestFactory

from bigpandamon_core.web.fallback import failed
from bigpandamon_core.web.middleware import HEADERS
from bigpandamon_core.web.request import Handler

pytestmark = pytest.mark.once

CHARSETS = ("hex", "undefined", "rot13", "base64", "zip", "punycode", "nope", "utf-16", "idna", "")
UNPARSED = (
    "text/html; x*=nope''a",
    "text/html; x*=undefined''a",
    "text/html; x*=hex''%41",
    ";;;==",
    "a/b;q=x",
)


@pytest.fixture(scope="module")
def application():
    return Handler()


def asked(
    application: Handler, address: str, method: str = "GET", body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    path, _, query = address.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **headers,
    }  # fmt: skip
    setup_testing_defaults(environ)
    started: list[Any] = []

    def start(status: str, told: list[tuple[str, str]], *_error: Any) -> Callable[[bytes], object]:
        started.extend((int(status[:3]), dict(told)))
        return bytes

    content = b"".join(application(environ, start))
    return started[0], started[1], content


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/jobs/?json&computingsite=%C3%A4", 200),
        ("POST", "/jobs/?json&computingsite=%C3%A4", 200),
        ("GET", "/api/v1/jobs?x=1", 400),
        ("POST", "/api/v1/jobs", 405),
        ("GET", "/nothing?a=1", 404),
        ("POST", "/nothing?a=1", 404),
    ],
)
def test_the_charset_a_client_names_is_not_used(panda, application, method, address, status, charset):
    found, headers, _ = asked(application, address, method, CONTENT_TYPE=f"text/plain; charset={charset}")
    assert found == status
    assert HEADERS.items() <= headers.items()


@pytest.mark.parametrize("charset", CHARSETS)
def test_forms_are_read_all_the_same(panda, application, charset):
    pandaid = panda.job(jobname="ä job")
    body = urlencode({"jobname": "ä job"}).encode()
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    status, _, content = asked(application, "/job/?json", "POST", body, CONTENT_TYPE=kind)
    assert status == 200
    assert str(pandaid).encode() in content


def test_too_many_parameters_are_refused_whatever_charset_is_named(panda, application):
    query = "&".join(f"a{number}=1" for number in range(1001))
    status, headers, _ = asked(application, f"/jobs/?{query}", CONTENT_TYPE="text/plain; charset=utf-8")
    assert status == 400
    assert HEADERS.items() <= headers.items()


@pytest.mark.parametrize("line", UNPARSED)
@pytest.mark.parametrize("header", ["HTTP_ACCEPT", "CONTENT_TYPE"])
@pytest.mark.parametrize(
    ("address", "status"), [("/jobs/?hours=1", 200), ("/jobs/?hours=x", 400), ("/nothing", 404)]
)
def test_headers_that_cannot_be_parsed_are_as_absent(panda, application, address, status, header, line):
    found, headers, _ = asked(application, address, **{header: line})
    assert found == status
    assert HEADERS.items() <= headers.items()


def test_the_last_resort_reads_nothing_of_the_request():
    request = RequestFactory().get("/jobs/")
    request.__dict__.clear()
    response = failed(request)
    assert response.status_code == 500
    assert b"internal-error" in response.content
