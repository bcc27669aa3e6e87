"""Requests as a WSGI server hands them over. Nothing that a client names decides how they are read."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http.request import MediaType
from django.utils.functional import cached_property
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """Parameters are UTF-8. Django would take the charset of the header, which may be none of text (hex,
    zip), and read the query by it before anything can answer. A header that cannot be parsed is as absent."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {}

    @cached_property
    def accepted_types(self) -> list[MediaType]:
        try:
            return list(super().accepted_types)
        except ValueError:
            return []


class Handler(WSGIHandler):
    request_class = Request
