"""Which representation a request asks for, and its parameters whatever way they came."""

import json
from typing import Any

from django.http import HttpRequest

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sections.types import Family, Resource

MEDIA = {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "text": "text/plain",
}
_BY_MEDIA = {media: name for name, media in MEDIA.items()} | {
    "text/json": "json",
    "application/ndjson": "ndjson",
}
BODIES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
MOST_BODY_BYTES = 2_000_000


def parameters(request: HttpRequest, resource: Resource) -> tuple[tuple[str, str], ...]:
    """The query's pairs, then those of a form or JSON body; that of an action holds no parameters.

    Raises:
        Problem: the body is no form and no JSON object of plain values.
    """
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    if request.method == "POST" and "POST" not in resource.actions:
        pairs += _body(request)
    return tuple(pairs)


def _body(request: HttpRequest) -> list[tuple[str, str]]:
    if int(request.headers.get("Content-Length") or 0) > MOST_BODY_BYTES:
        raise Problem("The body is too large", status=413, code="too-large", remedy="Send less than 2 MB.")
    if "Transfer-Encoding" in request.headers and "Content-Length" not in request.headers:
        # Django reads nothing of a body without a length: the answer would be to a question nobody asked.
        raise Problem(
            "The body has no length", status=411, code="length-required", remedy="Send Content-Length."
        )
    if int(request.headers.get("Content-Length") or 0) and request.content_type not in BODIES:
        raise Problem(
            f"A body of {str(request.content_type)[:60] or 'no type'} is not understood",
            status=415,
            code="unknown-type",
            remedy="Send a form (application/x-www-form-urlencoded) or JSON (application/json).",
        )
    if request.content_type != "application/json":
        return [(name, value) for name, values in request.POST.lists() for value in values]
    try:
        found = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Problem(
            "The body is not JSON", code="illegal-body", remedy="Send an object of parameters."
        ) from error
    found = found.get("params", found) if isinstance(found, dict) else found
    if not isinstance(found, dict) or any(isinstance(value, dict | list) for value in found.values()):
        raise Problem(
            "The body is no object of plain values", code="illegal-body", remedy='Send {"name": "value", …}.'
        )
    return [(str(name), _text(value)) for name, value in found.items()]


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else "" if value is None else str(value)


def chosen(request: HttpRequest, resource: Resource, pairs: tuple[tuple[str, str], ...]) -> str:
    """The name of the format to answer in.

    A parameter `json` (whatever its value) or `format` decides, then a Content-Type of JSON where that means
    something, then the Accept header by quality, then the usual format of the address: html where there is a
    page, else JSON, else its first.

    Raises:
        Problem: `format` names none that this address has (400).
    """
    names = {name.lower(): value for name, value in pairs}
    if "format" in names:
        if names["format"] not in resource.formats:
            offered = ", ".join(resource.formats)
            raise Problem(
                f"Illegal value '{names['format'][:40]}' for format",
                parameter="format",
                code="illegal-value",
                remedy=f"Give one of: {offered}.",
            )
        return names["format"]
    if ("json" in names and "json" in resource.formats) or _is_json_by_content_type(request, resource):
        return "json"
    usual = ("html", "json") if resource.family is Family.BIGPANDA else ("json", "html")
    ranked = (*_accepted(request), *usual, *resource.formats)
    return next(name for name in ranked if name in resource.formats)


def _is_json_by_content_type(request: HttpRequest, resource: Resource) -> bool:
    return resource.json_by_content_type and request.content_type == MEDIA["json"]


def refuse_without_headers(request: HttpRequest, resource: Resource) -> None:
    """Raises Problem: a header that the address needs is missing, or says something else."""
    for name, value in resource.must_send.items():
        if request.headers.get(name) != value:
            raise Problem(
                f"{name}: {value} is missing",
                where=name,
                code="missing-header",
                remedy=f"Send the header {name} with the value {value}, as scripts of pages do.",
            )


def _accepted(request: HttpRequest) -> list[str]:
    """Formats the Accept header names, best first; its wildcards name none."""
    ranked = sorted(request.accepted_types, key=lambda one: -one.quality)
    media = (f"{one.main_type}/{one.sub_type}" for one in ranked if one.quality)
    return [_BY_MEDIA[name] for name in media if name in _BY_MEDIA]
