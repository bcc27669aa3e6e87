"""A problem as an answer: the same words in each representation."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sections.types import Family
from bigpandamon_core.web.render import encode

PROBLEM_JSON = "application/problem+json"


def details(problem: Problem) -> dict[str, Any]:
    return {
        "status": problem.status,
        "code": problem.code,
        "what": problem.what,
        "where": problem.where,
        "remedy": problem.remedy,
        "parameter": problem.parameter,
    }


def respond(
    request: HttpRequest, problem: Problem, family: Family, format_name: str, page: dict[str, Any]
) -> HttpResponse:
    """The problem for a client of this family and format. page: what every page shows around it."""
    response = _of_format(problem, family, format_name, page)
    if problem.retry_after_seconds:
        response["Retry-After"] = str(problem.retry_after_seconds)
    response["Cache-Control"] = "no-store"
    request.META["bigpandamon.problem"] = problem.code
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
    body: dict[str, Any] = {"error": str(problem), "problem": details(problem)}
    if problem.status == 401:
        body["detail"] = problem.what
    return HttpResponse(encode(body), content_type="application/json", status=problem.status)


def _rfc9457(problem: Problem) -> dict[str, Any]:
    body = {
        "type": f"urn:bigpandamon:problem:{problem.code}",
        "title": problem.what,
        "status": problem.status,
        "detail": problem.remedy or problem.what,
    }
    return body | ({"parameter": problem.parameter} if problem.parameter else {})
