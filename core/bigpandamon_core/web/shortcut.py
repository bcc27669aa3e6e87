"""Kept answers before Django is asked: what a request means was found out when its like came first.

A request whose every part that decides about its answer is known byte by byte means the same until its window
moves on. Only public answers are remembered, and only requests without credentials are looked up, as a cache
in front of the monitor would do it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import Any

from bigpandamon_core.caching import warming
from bigpandamon_core.config.logs import request_id
from bigpandamon_core.domain.window import now
from bigpandamon_core.web.access import CREDENTIALS
from bigpandamon_core.web.delivery import SAFE, Delivery, delivery
from bigpandamon_core.web.kept import KNOWN, Known, hit
from bigpandamon_core.web.metrics import of_request
from bigpandamon_core.web.middleware import HEADERS, REQUEST_ID, WITHOUT_BODY, identify, log
from bigpandamon_core.web.page import THEME_COOKIE, THEMES

MOST = 2000
"""Requests remembered by a process; beyond that it begins anew."""
LONGEST = 2000
"""Characters of a request that is remembered."""
STATUS = {200: "200 OK", 304: "304 Not Modified"}
NEVER = frozenset({*CREDENTIALS, f"HTTP_{warming.HEADER.upper().replace('-', '_')}"})
"""Headers of requests that have to be looked at."""
_HARMLESS = re.compile(rf"{THEME_COOKIE}=({'|'.join(THEMES)})")
"""The one cookie that says nothing of who asks."""
Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
Asked = tuple[str, ...]


class Shortcut:
    """A WSGI application in front of Django's."""

    def __init__(self, application: Application):
        self._application = application
        self._known: dict[Asked, Known] = {}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        begun, asked = perf_counter(), _asked(environ)
        known, moment = self._known.get(asked), now()
        if known and (entry := hit(known, moment)):
            identify(environ)
            found = delivery(environ, entry, known.terms, moment)
            start_response(STATUS[found.status], [*found.headers, *_more_headers(found)])
            seconds = perf_counter() - begun
            of_request(known.resource, known.format_name, found.status, seconds)
            log(environ["REQUEST_METHOD"], known.question.url, found.status, seconds)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [found.body]
        answer = self._application(environ, start_response)
        if asked and KNOWN in environ:
            self._remember(asked, environ[KNOWN])
        return answer

    def _remember(self, asked: Asked, known: Known) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[asked] = known


def _asked(environ: Environ) -> Asked:
    """All that a public answer depends on, as it came; () for a request that has to be looked at."""
    told = environ.get
    cookie = told("HTTP_COOKIE", "")
    if NEVER.intersection(environ) or (cookie and not _HARMLESS.fullmatch(cookie)):
        return ()
    asked = (
        *(environ["REQUEST_METHOD"], told("HTTP_HOST", ""), told("SCRIPT_NAME", "")),
        *(environ["PATH_INFO"], told("QUERY_STRING", ""), told("HTTP_ACCEPT", ""), cookie),
        told("CONTENT_TYPE", ""),
    )
    return asked if asked[0] in SAFE and sum(map(len, asked)) <= LONGEST else ()


def _more_headers(found: Delivery) -> Iterator[tuple[str, str]]:
    """What Django's middleware adds."""
    yield from HEADERS.items()
    yield REQUEST_ID, request_id.get()
    if found.status not in WITHOUT_BODY:
        yield "Content-Length", str(len(found.body))
