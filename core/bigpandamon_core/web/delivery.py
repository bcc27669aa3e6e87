"""A whole answer on its way to one client: not modified, compressed or plain, and for how long it holds."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from bigpandamon_core.caching.entry import Entry

_NEVER = re.compile(r"q=0(\.0*)?")
_ETAG = re.compile(r'(?:W/)?"([^"]*)"')


class Outcome(StrEnum):
    """Where an answer came from."""

    HIT = "hit"
    MISS = "miss"
    STALE = "stale"
    BYPASS = "bypass"


@dataclass(frozen=True)
class Terms:
    """What a client and those between may do with an answer.

    seconds: how long it holds from when it was made, 0 for one moment. public: everybody gets the same.
    """

    outcome: Outcome
    seconds: int = 0
    public: bool = True

    @property
    def cache_control(self) -> str:
        if not self.public:
            return "private, no-store"
        if self.outcome in (Outcome.STALE, Outcome.BYPASS):
            return "max-age=0, no-store"
        return f"public, max-age={self.seconds}"


def vary(response: HttpResponseBase) -> None:
    """Tell what else than the address decides about an answer."""
    patch_vary_headers(response, ("Accept", "Accept-Encoding", "Authorization", "Cookie"))


def head(response: HttpResponseBase, terms: Terms) -> None:
    """Headers that every answer of a resource has."""
    response["Cache-Control"] = terms.cache_control
    response["X-Cache"] = terms.outcome.value
    vary(response)


def delivered(request: HttpRequest, entry: Entry, terms: Terms, moment: datetime) -> HttpResponse:
    """The response for this request."""
    response = _body(request, entry)
    for name, value in entry.headers:
        response[name] = value
    head(response, terms)
    response["ETag"] = f'W/"{entry.etag}"'
    if terms.outcome in (Outcome.HIT, Outcome.STALE):
        response["Age"] = str(max(int(entry.age_seconds(moment)), 0))
    if terms.public and terms.seconds:
        response["Expires"] = _http_date(entry.made + timedelta(seconds=terms.seconds))
    if terms.outcome is Outcome.STALE:
        response["X-Stale"] = str(int(entry.age_seconds(moment)))
        response["Warning"] = '110 - "Response is Stale"'
    return response


def _body(request: HttpRequest, entry: Entry) -> HttpResponse:
    if _is_known(request, entry.etag):
        return HttpResponseNotModified()
    if not entry.compressed:
        return HttpResponse(entry.body, content_type=entry.content_type)
    if not takes_gzip(request.headers.get("Accept-Encoding", "")):
        return HttpResponse(entry.plain(), content_type=entry.content_type)
    response = HttpResponse(entry.body, content_type=entry.content_type)
    response["Content-Encoding"] = "gzip"
    return response


def _is_known(request: HttpRequest, etag: str) -> bool:
    """Whether the client says that it has this body."""
    given = request.headers.get("If-None-Match", "")
    return request.method in ("GET", "HEAD") and (given.strip() == "*" or etag in _ETAG.findall(given))


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip."""
    weights = {}
    for part in accepted.lower().replace(" ", "").split(","):
        name, _, weight = part.partition(";")
        weights[name] = weight
    gzip = weights.get("gzip", weights.get("*"))
    return gzip is not None and not _NEVER.fullmatch(gzip)


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.replace(tzinfo=UTC, microsecond=0), usegmt=True)
