"""A problem as an answer: the same words in each representation."""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import Error
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string

from bigpandamon_core.config.logs import request_id
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sections.types import Family
from bigpandamon_core.sources.failures import failure
from bigpandamon_core.web.delivery import VARY
from bigpandamon_core.web.render import encode

PROBLEM_JSON = "application/problem+json"
UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)
"""What Django raises for requests that it will not read."""
REMEDIES: dict[type[Exception], str] = {
    TooManyFieldsSent: "Send fewer parameters.",
    TooManyFilesSent: "Send parameters, no files.",
    MultiPartParserError: "Its body is no form of several parts; application/x-www-form-urlencoded will do.",
    UnreadablePostError: "Its body did not come whole, or not in time. Send it again.",
}
OWN = "default"
logger = logging.getLogger(__name__)


def told(error: Exception, where: str) -> Problem:
    """What went wrong, as a problem. where: resource or address, for the log."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestDataTooBig):
        return Problem("The body is too large", status=413, code="too-large", remedy="Send less than 2 MB.")
    if isinstance(error, UNREADABLE):
        remedy = REMEDIES.get(type(error), "Write it as HTTP wants it, in UTF-8.")
        return Problem("The request cannot be read", code="illegal-request", remedy=remedy)
    if isinstance(error, Error):
        return failure(OWN, error)
    logger.error("%s failed", where, exc_info=error)
    return Problem(
        "The monitor failed to make this answer.",
        remedy="It is written down; tell the operator the reference.",
        status=500,
        code="internal-error",
    )


def not_allowed(request: HttpRequest, methods: Iterable[str]) -> Problem:
    return Problem(
        f"{request.method} is not allowed here",
        status=405,
        code="method-not-allowed",
        remedy=f"Use {', '.join(methods)}.",
    )


def details(problem: Problem) -> dict[str, Any]:
    """reference: finds the request in the logs; told where the fault is ours."""
    found = {
        "status": problem.status,
        "code": problem.code,
        "what": problem.what,
        "where": problem.where,
        "remedy": problem.remedy,
        "parameter": problem.parameter,
    }
    return found | {"reference": request_id.get()} if problem.status >= 500 else found


def respond(
    request: HttpRequest, problem: Problem, family: Family, format_name: str, page: dict[str, Any]
) -> HttpResponse:
    """The problem for a client of this family and format. page: what every page shows around it."""
    response = _of_format(problem, family, format_name, page)
    if problem.retry_after_seconds:
        response["Retry-After"] = str(problem.retry_after_seconds)
    if problem.status == 401:
        response["WWW-Authenticate"] = "Token"
    response["Cache-Control"] = "no-store"
    response["Vary"] = VARY
    request.META["bigpandamon.problem"] = problem.code
    request.META["bigpandamon.format"] = format_name
    return response


def _of_format(problem: Problem, family: Family, format_name: str, page: dict[str, Any]) -> HttpResponse:
    if family is Family.V1:
        return HttpResponse(encode(_rfc9457(problem)), content_type=PROBLEM_JSON, status=problem.status)
    if format_name == "html":
        context = {
            "page": page | {"title": problem.what, "heading": problem.what, "problem": details(problem)}
        }
        return HttpResponse(render_to_string("bigpandamon/problem.html", context), status=problem.status)
    if format_name == "text":
        text = f"{problem.what}\n{problem.remedy}\n"
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=problem.status)
    if problem.code == "expired":
        return HttpResponse(status=204)
    if problem.body is not None:
        return HttpResponse(encode(problem.body), content_type="application/json", status=problem.status)
    return bare(problem)


def bare(problem: Problem) -> HttpResponse:
    """The problem as JSON, which needs nothing but itself."""
    body: dict[str, Any] = {"error": problem.what, "problem": details(problem), **problem.beside}
    if problem.status == 401:
        body["detail"] = problem.what
    return HttpResponse(encode(body), content_type="application/json", status=problem.status)


def too_long() -> bytes:
    """The whole answer to a request line that the server has not read to its end, nor the address."""
    remedy = "Ask for less at a time; /jobs/ and /job/ take the parameters as a form by POST, too."
    answer = bare(Problem("The address is too long", remedy=remedy, status=414, code="too-long"))
    answer["Content-Length"] = str(len(answer.content))
    answer["Connection"] = "close"
    return b"HTTP/1.1 414 URI Too Long\r\n" + answer.serialize()


def _rfc9457(problem: Problem) -> dict[str, Any]:
    body = {
        "type": f"urn:bigpandamon:problem:{problem.code}",
        "title": problem.what,
        "status": problem.status,
        "detail": problem.remedy or problem.what,
    }
    if problem.status >= 500:
        body["instance"] = f"urn:bigpandamon:request:{request_id.get()}"
    return body | ({"parameter": problem.parameter} if problem.parameter else {})
