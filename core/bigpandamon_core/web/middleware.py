"""Around every answer: which request it belongs to, what a browser may do with it, how long it took."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import urandom
from time import perf_counter
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.encoding import escape_uri_path

from bigpandamon_core.config.logs import request_id
from bigpandamon_core.web.below import OUTSIDE
from bigpandamon_core.web.fallback import outside, strange_host
from bigpandamon_core.web.metrics import of_request
from bigpandamon_core.web.page import root

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
UNDER_ANY_NAME = ("health", "metrics")
"""Asked for by machines that know the host by its number; they tell nothing that depends on the name."""
REQUEST_ID = "X-Request-Id"
WITHOUT_BODY = (204, 304)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
logger = logging.getLogger("bigpandamon.request")
Answering = Callable[[HttpRequest], HttpResponseBase]


def identify(told: Mapping[str, Any]) -> None:
    """Give a request its id. told: what it says, as WSGI names it."""
    given = told.get("HTTP_X_REQUEST_ID", "")
    request_id.set(given if _REQUEST_ID.fullmatch(given) else urandom(16).hex())


class Headers:
    """Adds the security headers and a request id, taken from the front server where it gives one; refuses
    host names that are not the monitor's; counts and logs."""

    def __init__(self, get_response: Answering):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = perf_counter()
        identify(request.META)
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        response[REQUEST_ID] = request_id.get()
        _measured(request, response)

        def ended() -> None:
            _record(request, response.status_code, perf_counter() - begun)

        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = Watched(response.streaming_content, ended)  # type: ignore[arg-type]
        else:
            ended()
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.removeprefix(root()) not in UNDER_ANY_NAME:
            try:
                request.get_host()
            except DisallowedHost:
                return strange_host(request)
        if OUTSIDE in request.META:
            return outside(request)
        return self.get_response(request)


class Watched:
    """The chunks of a stream; tells when it is closed, read to its end or not."""

    def __init__(self, chunks: Iterable[bytes], ended: Callable[[], None]):
        self._chunks = iter(chunks)
        self._ended = ended

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        self._ended()


def _measured(request: HttpRequest, response: HttpResponseBase) -> None:
    """Content-Length where it is known; nothing after the headers of an answer to HEAD."""
    if isinstance(response, HttpResponse):
        if response.status_code not in WITHOUT_BODY:
            response["Content-Length"] = str(len(response.content))
        if request.method == "HEAD":
            response.content = b""
    elif request.method == "HEAD" and isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()


def _record(request: HttpRequest, status: int, seconds: float) -> None:
    told = request.META.get
    of_request(told("bigpandamon.resource", "none"), told("bigpandamon.format", "none"), status, seconds)
    log(request.method or "", request.path, status, seconds)


def log(method: str, path: str, status: int, seconds: float) -> None:
    """The line of a request, which ends with it."""
    if logger.isEnabledFor(logging.INFO):
        logger.info("%s %s %s %.3f s", method, escape_uri_path(path), status, seconds)
    request_id.set("")
