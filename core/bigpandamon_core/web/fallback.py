"""Answers to requests that reach no resource: nothing is there, the method is wrong, the request is refused
before, or something failed outside."""

import logging
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve

from bigpandamon_core.domain import fetching
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.sections.registry import API_PREFIX, Registry
from bigpandamon_core.sections.types import Family
from bigpandamon_core.web import problems
from bigpandamon_core.web.loading import registry
from bigpandamon_core.web.page import around, root

SAFE = ("GET", "HEAD")
logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]


def not_here(request: HttpRequest, found: Registry) -> HttpResponse:
    """The answer to an address that nothing answers."""
    remedy = _without_slash(request) or _elsewhere(request) or "Start from the navigation or the search box."
    return refusal(request, not_found(f"There is nothing at {request.path[:200]}", remedy), found)


def _without_slash(request: HttpRequest) -> str:
    """The remedy where the address would be right without its last slash."""
    is_known = request.path.endswith("/") and resolve(request.path_info.removesuffix("/")).url_name
    return f"Leave out the slash at the end: {request.path[:200].removesuffix('/')}" if is_known else ""


def _elsewhere(request: HttpRequest) -> str:
    """The remedy where there is a previous monitor, which has addresses that this one does not."""
    base = settings.BIGPANDAMON.get("sections.forward_base")
    try:
        address = fetching.below(fetching.base(base), request.path.removeprefix(root())) if base else ""
    except fetching.Refused:
        return ""
    return f"The previous monitor may have it: {address}" if address else ""


def outside(request: HttpRequest) -> HttpResponse:
    """The answer to an address that is not below web.base_path."""
    remedy = f"The monitor lives below {root()} (web.base_path)."
    return refusal(request, not_found(f"There is nothing at {request.path_info[:200]}", remedy), registry())


def strange_host(request: HttpRequest) -> HttpResponse:
    """The answer under a name that is none of the monitor's; the log has it for the operator."""
    name = request.META.get("HTTP_HOST", "")[:200]
    logger.warning("Refused the host name %s: it is not in web.allowed_hosts", ascii(name))
    remedy = "Use one of its names. Its operator lists them in web.allowed_hosts."
    problem = Problem(f"The monitor does not answer as {name}", remedy=remedy, code="illegal-request")
    return refusal(request, problem, registry())


def refusal(request: HttpRequest, problem: Problem, found: Registry) -> HttpResponse:
    """The problem in the form that the request seems to want."""
    family = Family.V1 if request.path.startswith(root() + API_PREFIX) else Family.BIGPANDA
    return problems.respond(request, problem, family, _likely_format(request), around(request, found, None))


def _likely_format(request: HttpRequest) -> str:
    try:
        wants_json = "json" in request.GET or "json" in request.headers.get("Accept", "")
    except problems.UNREADABLE:
        return "json"
    return "json" if wants_json else "html"


def taking(*methods: str) -> Callable[[View], View]:
    """For the machine's own addresses: other methods are refused, and what goes wrong is told."""

    def taken(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **path: str) -> HttpResponseBase:
            request.META["bigpandamon.resource"] = view.__name__
            if request.method in methods:
                try:
                    return view(request, **path)
                except (Problem, Error, *problems.UNREADABLE) as error:
                    return refusal(request, problems.told(error, view.__name__), registry())
            response = refusal(request, problems.not_allowed(request, methods), registry())
            response["Allow"] = ", ".join(methods)
            return response

        return answer

    return taken


safe = taking(*SAFE)
"""For those that are only read."""


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For Django: a request that it will not read, or that a view refused."""
    return refusal(request, problems.told(exception, request.path), registry())


def failed(_request: HttpRequest) -> HttpResponse:
    """For Django, inside the handling of an exception that no view expected; Django has logged it. Nothing of
    the request is read: that may be what failed."""
    problem = Problem("The monitor failed to make this answer.", status=500, code="internal-error")
    return problems.bare(problem)
