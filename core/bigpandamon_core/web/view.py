"""The one view: a request becomes a call, a payload, a representation. The only code that sees all of them."""

import logging
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from bigpandamon_core.domain.problems import Problem, not_found, unavailable
from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.sections.registry import API_PREFIX, Mounted, Registry
from bigpandamon_core.sections.types import Access, Family
from bigpandamon_core.sources.failures import answered
from bigpandamon_core.sources.reading import ALIAS, Statements, recorded, snapshot
from bigpandamon_core.web import problems
from bigpandamon_core.web.access import Caller, allow, caller_of
from bigpandamon_core.web.negotiation import MEDIA, chosen, parameters
from bigpandamon_core.web.page import around, root, viewpoint
from bigpandamon_core.web.presence import lacking
from bigpandamon_core.web.render import CHUNKS, whole_or_rest

logger = logging.getLogger(__name__)
WHOLE_BYTES = 4_000_000
"""Answers up to this size leave in one piece (and can be kept); longer ones are streamed."""
_streams: BoundedSemaphore | None = None


@dataclass(frozen=True)
class Asked:
    """A request read as far as its representation."""

    request: HttpRequest
    mounted: Mounted
    caller: Caller
    format_name: str
    call: Call


class ResourceView:
    """Answers requests for one mounted resource in every representation it has."""

    def __init__(self, mounted: Mounted, registry: Registry):
        self.mounted = mounted
        self.registry = registry

    def __call__(self, request: HttpRequest, **path: str) -> HttpResponseBase:
        resource = self.mounted.resource
        if request.method not in resource.methods:
            return self._refuse_method(request)
        format_name = _likely_format(request, resource)
        try:
            asked = self._asked(request, path)
            format_name = asked.format_name
            response = self._answer(asked)
        except Problem as problem:
            around_it = around(request, self.registry, self.mounted)
            return problems.respond(request, problem, resource.family, format_name, around_it)
        patch_vary_headers(response, ("Accept", "Authorization", "Cookie"))
        return response

    def _refuse_method(self, request: HttpRequest) -> HttpResponse:
        problem = Problem(
            f"{request.method} is not allowed here",
            status=405,
            code="method-not-allowed",
            remedy=f"Use {', '.join(self.mounted.resource.methods)}.",
        )
        response = problems.respond(request, problem, self.mounted.resource.family, "json", {})
        response["Allow"] = ", ".join(self.mounted.resource.methods)
        return response

    def _asked(self, request: HttpRequest, path: dict[str, str]) -> Asked:
        caller = caller_of(request)
        allow(caller, self.mounted.resource)
        _refuse_closed(self.mounted)
        pairs = parameters(request)
        format_name = chosen(request, self.mounted.resource, pairs)
        return Asked(request, self.mounted, caller, format_name, self._call(request, path, caller, pairs))

    def _call(
        self, request: HttpRequest, path: dict[str, str], caller: Caller, pairs: tuple[tuple[str, str], ...]
    ) -> Call:
        mounted, personal = self.mounted, Access.PERSONAL in caller.rights
        return Call(
            parameters=pairs,
            now=now(),
            option=self._option,
            path=path,
            url=request.path,
            root=root() + mounted.prefix,
            api=f"{root()}{API_PREFIX}{mounted.prefix}",
            strict=mounted.resource.family is Family.V1,
            privacy=caller.privacy,
            scope=mounted.scope,
            more_fields=mounted.fields_for(personal),
            more_columns=mounted.columns_for(personal),
            error_rules=mounted.error_rules,
        )

    def _option(self, key: str) -> Any:
        own = self.mounted.settings
        return own[key] if key in own else settings.BIGPANDAMON.get(key)

    def _answer(self, asked: Asked) -> HttpResponseBase:
        with recorded() as statements:
            if asked.format_name == "html":
                return self._page(asked, statements)
            payload = asked.mounted.resource.build(asked.call)
            content = asked.mounted.resource.formats[asked.format_name](payload)
            chunks = CHUNKS[asked.format_name](content)
            begin, rest = whole_or_rest(chunks, WHOLE_BYTES)
        answered(ALIAS)
        media = _content_type(asked)
        if rest is None:
            response: HttpResponseBase = HttpResponse(begin, content_type=media)
        else:
            response = StreamingHttpResponse(_streamed(begin, rest), content_type=media)
        return _headed(response, asked, payload)

    def _page(self, asked: Asked, statements: Statements) -> HttpResponseBase:
        resource = asked.mounted.resource
        with snapshot() if resource.noun or resource.needs else nullcontext():
            payload = resource.build(asked.call)
            content = resource.formats["html"](payload)
        answered(ALIAS)
        if content.get("location"):
            return HttpResponseRedirect(content["location"])
        page = around(asked.request, self.registry, asked.mounted) | content
        page["statements"] = len(statements.executed)
        page["as_of"] = asked.call.now
        page["notes"] = [*viewpoint(asked.mounted), *page["notes"]]
        return _headed(HttpResponse(render_to_string(resource.template, {"page": page})), asked, payload)


def _refuse_closed(mounted: Mounted) -> None:
    """Raises Problem: 404 for what is switched off, 503 for what lacks its tables."""
    if mounted.off:
        raise not_found(mounted.off)
    missing = lacking(mounted.needs)
    if missing:
        raise unavailable(missing, retry_after_seconds=600)


def _likely_format(request: HttpRequest, resource: Any) -> str:
    """A format for problems met before the parameters could be read."""
    try:
        return chosen(request, resource, tuple(request.GET.items()))  # type: ignore[arg-type]
    except Problem:
        return "json"


def _content_type(asked: Asked) -> str:
    media = MEDIA[asked.format_name]
    return media if asked.format_name == "json" else f"{media}; charset=utf-8"


def _headed(response: HttpResponseBase, asked: Asked, payload: Any) -> HttpResponseBase:
    ignored = getattr(getattr(payload, "selection", None), "ignored", ())
    if ignored:
        response["X-Ignored-Parameters"] = ", ".join(_header_safe(name) for name in ignored)[:1000]
    if asked.format_name == "csv":
        response["Content-Disposition"] = f'attachment; filename="{asked.mounted.resource.name}.csv"'
    return response


def _header_safe(name: str) -> str:
    return "".join(sign if sign.isascii() and sign.isprintable() and sign != "," else "?" for sign in name)


def _streamed(begin: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """A few long answers at a time per worker.

    Raises:
        Problem: 503 when as many are on their way already (before the first byte).
    """
    global _streams  # pylint: disable=global-statement  # one limit per worker process
    if _streams is None:
        _streams = BoundedSemaphore(settings.BIGPANDAMON.get("web.streams_per_worker"))
    if not _streams.acquire(blocking=False):
        raise unavailable("Too many long answers are on their way.", "Try again in a moment.", 10)
    return _released(begin, rest, _streams)


def _released(begin: bytes, rest: Iterator[bytes], streams: BoundedSemaphore) -> Iterator[bytes]:
    try:
        yield begin
        yield from rest
    finally:
        streams.release()


def not_here(request: HttpRequest, registry: Registry) -> HttpResponse:
    """The answer to an address that nothing answers."""
    wants_json = "json" in request.GET or "json" in request.headers.get("Accept", "")
    family = Family.V1 if request.path.startswith(f"{root()}api/v1/") else Family.BIGPANDA
    problem = not_found(f"There is nothing at {request.path[:200]}", "Start from the navigation or the search box.")
    return problems.respond(
        request, problem, family, "json" if wants_json else "html", around(request, registry, None)
    )
