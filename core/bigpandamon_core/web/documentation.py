"""The OpenAPI document and a page that reads it to people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bigpandamon_core import __version__
from bigpandamon_core.domain.nouns import REPRESENTATION
from bigpandamon_core.payloads.scope import refuse_unknown
from bigpandamon_core.sections.openapi import ASKS, NOUN, SCHEMAS, document
from bigpandamon_core.sections.parameters import AS_COUNTED
from bigpandamon_core.sections.registry import API_PREFIX
from bigpandamon_core.web.loading import registry
from bigpandamon_core.web.negotiation import MEDIA
from bigpandamon_core.web.page import around, root
from bigpandamon_core.web.presence import open_parts
from bigpandamon_core.web.render import encode

KINDS = {
    "text": "text", "integer": "whole number", "count": "whole number from 1", "number": "number",
    "integers": "whole numbers", "moment": "date or time", "range": "FROM|TO", "flag": "",
}  # fmt: skip
_FORMATS = {media: name for name, media in MEDIA.items()}
Operation = dict[str, Any]
Parameter = dict[str, Any]


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document of this instance."""
    _refuse_parameters(request)
    return HttpResponse(encode(_document()), content_type="application/json")


def reference(request: HttpRequest) -> HttpResponse:
    """The same document as a page."""
    _refuse_parameters(request)
    told = _document()
    operations = [
        _operation(path, methods["get"]) for path, methods in told["paths"].items() if "get" in methods
    ]
    shared = _shared(operations)
    for operation in operations:
        told_once = shared.get(operation["selects"], [])
        operation["own"] = [one for one in operation["parameters"] if one not in told_once]
    page = around(request, registry(), None) | {
        "title": "API",
        "heading": "API",
        "as_of": None,
        "document": told["info"],
        "families": _families(operations),
        "nouns": [_noun(name, parameters) for name, parameters in shared.items()],
        "links": {"json": f"{root()}{API_PREFIX}openapi.json"},
    }
    return HttpResponse(render_to_string("bigpandamon/api.html", {"page": page}))


def _refuse_parameters(request: HttpRequest) -> None:
    """Like every address of `/api/v1`."""
    refuse_unknown(sorted({name.lower() for name in request.GET} - REPRESENTATION - {"theme"}))


def _document() -> dict[str, Any]:
    return document(open_parts(registry()), settings.BIGPANDAMON.get("instance.title"), __version__, root())


def _operation(path: str, operation: dict[str, Any]) -> Operation:
    """An address as the page tells it. One that selects records can be opened in each of its formats, unless
    more must be said first."""
    media = [name.partition(";")[0] for name in operation["responses"]["200"]["content"]]
    selects, asks = operation.get(NOUN, ""), operation.get(ASKS, "")
    is_whole = selects and not asks and "{" not in path
    address = root() + path.removeprefix("/") if is_whole else ""
    return {
        "selects": selects,
        "asks": asks,
        "path": path,
        "summary": operation["summary"],
        "id": operation["operationId"],
        "parameters": [_parameter(one) for one in operation["parameters"] if one["name"] != "format"],
        "formats": [
            {"name": name, "url": f"{address}?format={name}" if address and len(media) > 1 else address}
            for name in (_FORMATS[one] for one in media)
        ],
    }


def _parameter(told: dict[str, Any]) -> Parameter:
    schema = told["schema"]
    kind = next((KINDS[name] for name, known in SCHEMAS.items() if known == schema), "")
    name, description = told["name"], told["description"]
    if description.startswith(f"Column {name} of the "):
        description = ""
    return {
        "name": name,
        "kind": ", ".join(schema["enum"]) if "enum" in schema else kind,
        "description": description.removesuffix(AS_COUNTED.format(name)),
        "counted": description.endswith(AS_COUNTED.format(name)),
    }


def _by_kind(parameters: Iterable[Parameter]) -> dict[str, list[str]]:
    """Names by the kind of their values, of parameters of which there is nothing more to say."""
    found: dict[str, list[str]] = {}
    for one in parameters:
        found.setdefault(one["kind"], []).append(one["name"])
    return found


def _shared(operations: Sequence[Operation]) -> Mapping[str, list[Parameter]]:
    """By noun the parameters that all its addresses have: they are told once."""
    found: dict[str, list[Parameter]] = {}
    for operation in operations:
        if noun := operation["selects"]:
            known = found.setdefault(noun, operation["parameters"])
            found[noun] = [one for one in known if one in operation["parameters"]]
    return found


def _noun(name: str, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """What selects its records, apart from columns of which there is nothing more to say."""
    return {
        "name": name,
        "shared": [one for one in parameters if one["description"]],
        "columns": _by_kind(one for one in parameters if not one["description"]),
    }


def _families(operations: Sequence[Operation]) -> list[dict[str, Any]]:
    ours = [one for one in operations if one["path"].startswith("/" + API_PREFIX)]
    pages = [one for one in operations if one not in ours]
    titled = {"For programs to be written": ours, "The pages, in the shapes of the BigPanDA JSON API": pages}
    return [{"title": title, "operations": some} for title, some in titled.items() if some]
