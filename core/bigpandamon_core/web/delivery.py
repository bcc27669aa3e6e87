"""A whole answer on its way to one client: not modified, compressed or plain, and for how long it holds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from bigpandamon_core.caching.cache import UNKEPT, Lifetime
from bigpandamon_core.caching.entry import Entry

VARY = "Accept, Accept-Encoding, Authorization, Content-Type, Cookie"
"""What else than the address decides about an answer."""
SAFE = ("GET", "HEAD")
Pairs = list[tuple[str, str]]
_NEVER = re.compile(r"q=0(\.0*)?")
_ETAG = re.compile(r'(?:W/)?"([^"]*)"')


class Outcome(StrEnum):
    """Where an answer came from."""

    HIT = "hit"
    MISS = "miss"
    UPDATING = "updating"
    STALE = "stale"
    BYPASS = "bypass"


EARLIER = frozenset({Outcome.HIT, Outcome.UPDATING, Outcome.STALE})
"""Made before this request."""


@dataclass(frozen=True)
class Terms:
    """What a client and those between may do with an answer.

    lifetime: from when it was made. public: everybody gets the same.
    """

    outcome: Outcome
    lifetime: Lifetime = UNKEPT
    public: bool = True

    @property
    def cache_control(self) -> str:
        if not self.public:
            return "private, no-store"
        if self.outcome in (Outcome.STALE, Outcome.BYPASS):
            return "max-age=0, no-store"
        seconds, stale = self.lifetime.seconds, self.lifetime.stale_seconds
        return f"public, max-age={seconds}" + (f", stale-while-revalidate={stale}" if stale else "")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes to a client: to HEAD the same, its body left out by who sends it."""

    status: int
    headers: Pairs
    body: bytes


def head(response: HttpResponseBase, terms: Terms) -> None:
    """Headers that every answer of a resource has."""
    for name, value in _head(terms):
        response[name] = value


def _head(terms: Terms) -> Pairs:
    return [("Cache-Control", terms.cache_control), ("X-Cache", terms.outcome.value), ("Vary", VARY)]


def delivery(told: Mapping[str, Any], entry: Entry, terms: Terms, moment: datetime) -> Delivery:
    """The answer to a request. told: what the request says, as WSGI names it."""
    headers = [*entry.headers, *_head(terms), ("ETag", f'W/"{entry.etag}"'), *_times(entry, terms, moment)]
    if told["REQUEST_METHOD"] in SAFE and _is_known(told.get("HTTP_IF_NONE_MATCH", ""), entry.etag):
        return Delivery(304, headers, b"")
    headers.append(("Content-Type", entry.content_type))
    if not entry.compressed:
        return Delivery(200, headers, entry.body)
    if not takes_gzip(told.get("HTTP_ACCEPT_ENCODING", "")):
        return Delivery(200, headers, entry.plain())
    headers.append(("Content-Encoding", "gzip"))
    return Delivery(200, headers, entry.body)


def _times(entry: Entry, terms: Terms, moment: datetime) -> Iterator[tuple[str, str]]:
    """How old it is and until when it holds."""
    if terms.outcome in EARLIER:
        yield "Age", str(max(int(entry.age_seconds(moment)), 0))
    if terms.public and terms.lifetime.seconds:
        yield from _end(entry.made, terms.lifetime.seconds)
    if terms.outcome is Outcome.STALE:
        yield "X-Stale", str(int(entry.age_seconds(moment)))
        yield "Warning", '110 - "Response is Stale"'


def delivered(told: Mapping[str, Any], entry: Entry, terms: Terms, moment: datetime) -> HttpResponse:
    """The same as Django's response."""
    found = delivery(told, entry, terms, moment)
    response = HttpResponse(found.body, status=found.status)
    del response["Content-Type"]
    for name, value in found.headers:
        response[name] = value
    return response


def _is_known(given: str, etag: str) -> bool:
    """Whether the client says that it has this body."""
    return bool(given) and (given.strip() == "*" or etag in _ETAG.findall(given))


@lru_cache(256)
def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip."""
    weights = {}
    for part in accepted.lower().replace(" ", "").split(","):
        name, _, weight = part.partition(";")
        weights[name] = weight
    gzip = weights.get("gzip", weights.get("*"))
    return gzip is not None and not _NEVER.fullmatch(gzip)


@lru_cache(256)
def _end(made: datetime, seconds: int) -> tuple[tuple[str, str], ...]:
    """When an answer ends. X-Accel-Expires names the last second before that to nginx, which knows no Age."""
    end = (made + timedelta(seconds=seconds)).replace(tzinfo=UTC, microsecond=0)
    moment = format_datetime(end, usegmt=True)
    return ("Expires", moment), ("X-Accel-Expires", f"@{int(end.timestamp()) - 1}")
