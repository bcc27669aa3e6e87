"""The OpenAPI document and a page that reads it to people."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bigpandamon_core import __version__
from bigpandamon_core.sections.openapi import document
from bigpandamon_core.web.loading import registry
from bigpandamon_core.web.page import around, root
from bigpandamon_core.web.presence import open_parts
from bigpandamon_core.web.render import encode



def openapi(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document of this instance."""
    return HttpResponse(encode(_document()), content_type="application/json")


def reference(request: HttpRequest) -> HttpResponse:
    """The same document as a page."""
    page = around(request, registry(), None) | {
        "title": "API",
        "heading": "API",
        "document": _document()["info"],
        "operations": _operations(),
        "links": {"json": f"{root()}api/v1/openapi.json"},
    }
    return HttpResponse(render_to_string("bigpandamon/api.html", {"page": page}))


def _document() -> dict[str, Any]:
    return document(open_parts(registry()), settings.BIGPANDAMON.get("instance.title"), __version__, root())


def _operations() -> list[dict[str, Any]]:
    return [
        {"path": path, "method": method.upper(), "summary": operation["summary"], "id": operation["operationId"],
         "parameters": operation["parameters"],
         "formats": sorted(name.partition(";")[0] for name in operation["responses"]["200"]["content"])}
        for path, methods in _document()["paths"].items()
        for method, operation in methods.items()
        if method == "get"
    ]  # fmt: skip
