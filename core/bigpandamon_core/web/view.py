"""The one view: a request becomes an answer, from the cache or made now, or a problem told in its form."""

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sections.registry import Mounted, Registry
from bigpandamon_core.sections.types import Resource
from bigpandamon_core.web import problems
from bigpandamon_core.web.acting import acted
from bigpandamon_core.web.asked import Asked, read
from bigpandamon_core.web.delivery import delivered, head
from bigpandamon_core.web.kept import Served, served
from bigpandamon_core.web.negotiation import chosen
from bigpandamon_core.web.page import around
from bigpandamon_core.web.streams import Stream


class ResourceView:
    """Answers requests for one mounted resource in every representation it has."""

    def __init__(self, mounted: Mounted, registry: Registry):
        self.mounted = mounted
        self.registry = registry

    def __call__(self, request: HttpRequest, **path: str) -> HttpResponseBase:
        asked = None
        request.META["bigpandamon.resource"] = self.mounted.name
        try:
            _refuse_method(request, self.mounted.resource)
            asked = read(request, self.mounted, path, self.registry)
            request.META["bigpandamon.format"] = asked.format_name
            if action := self.mounted.resource.actions.get(request.method or ""):
                return acted(asked, action)
            return _response(asked, served(asked, self.registry))
        except Exception as error:  # pylint: disable=broad-exception-caught  # told in the form that was asked for
            problem = problems.told(error, self.mounted.name)
        return self._refusal(request, problem, asked)

    def _refusal(self, request: HttpRequest, problem: Problem, asked: Asked | None) -> HttpResponseBase:
        resource = self.mounted.resource
        format_name = asked.format_name if asked else _likely_format(request, resource)
        if request.method in resource.actions:
            format_name = "json"
        page = around(request, self.registry, self.mounted)
        response = problems.respond(request, problem, resource.family, format_name, page)
        if problem.status == 405:
            response["Allow"] = ", ".join(resource.allowed)
        return response


def _refuse_method(request: HttpRequest, resource: Resource) -> None:
    if request.method not in resource.allowed:
        raise problems.not_allowed(request, resource.allowed)


def _likely_format(request: HttpRequest, resource: Resource) -> str:
    """A format for problems met before the parameters could be read."""
    try:
        asked = [(name, str(value)) for name, value in request.GET.items()]
        possible = [pair for pair in asked if pair[0].lower() != "format" or pair[1] in resource.formats]
        return chosen(request, resource, tuple(possible))
    except problems.UNREADABLE:
        return "json"


def _response(asked: Asked, found: Served) -> HttpResponseBase:
    answer = found.answer
    if answer.may_be_kept:
        return delivered(asked.request.META, answer.entry, found.terms, asked.call.now)
    response: HttpResponseBase
    if answer.rest is None:
        response = HttpResponseRedirect(answer.location)
    else:
        chunks = Stream(answer.entry.body, answer.rest)
        response = StreamingHttpResponse(chunks, content_type=answer.entry.content_type)
    for name, value in answer.entry.headers:
        response[name] = value
    head(response, found.terms)
    return response
