"""An answer made now: from the payload of a call to bytes."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.db import connections
from django.template.loader import render_to_string

from bigpandamon_core.caching.entry import Entry, entry_of
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.asked import usual_links
from bigpandamon_core.payloads.call import Text
from bigpandamon_core.sections.registry import Registry
from bigpandamon_core.sources.failures import answered, is_away, refuse_while_resting, rest, was_lost
from bigpandamon_core.sources.reading import ALIAS, Statements, recorded, snapshot
from bigpandamon_core.sources.remembering import remembering
from bigpandamon_core.web.asked import Asked
from bigpandamon_core.web.metrics import of_statements
from bigpandamon_core.web.negotiation import MEDIA
from bigpandamon_core.web.page import around, viewpoint
from bigpandamon_core.web.panels import beside
from bigpandamon_core.web.render import CHUNKS, whole_or_rest

WHOLE_BYTES = 4_000_000
"""Answers up to this size leave in one piece (and can be kept); longer ones are streamed."""
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
ONCE_MORE_SECONDS = 5.0
"""A connection lost within so many seconds was an old one: a new one is tried."""
IN_VAIN_SECONDS = 2.0
"""A database that fails only after so long would hold up every thread: it is left alone for a while."""


@dataclass(frozen=True)
class Answer:
    """entry: the answer, of a long one its beginning. rest: what follows, None if that was all. location:
    where to go instead."""

    entry: Entry
    rest: Iterator[bytes] | None = None
    location: str = ""

    @property
    def may_be_kept(self) -> bool:
        return self.rest is None and not self.location


def answer(asked: Asked, registry: Registry) -> Answer:
    """The answer, asked for once more when it turns out that the connection was no longer one.

    Raises:
        Problem: there is none, and why.
    """
    if asked.mounted.needs:
        refuse_while_resting(ALIAS)
    begun = monotonic()
    try:
        try:
            return _answer(asked, registry)
        except Problem as problem:
            if not was_lost(problem) or monotonic() - begun > ONCE_MORE_SECONDS:
                raise
        connections[ALIAS].close()
        return _answer(asked, registry)
    except Problem as problem:
        if is_away(problem) and monotonic() - begun > IN_VAIN_SECONDS:
            rest(ALIAS, problem)
        raise


def _answer(asked: Asked, registry: Registry) -> Answer:
    with recorded() as statements, remembering():
        try:
            made = _page(asked, registry, statements) if asked.format_name == "html" else _data(asked)
        finally:
            of_statements(statements.executed)
    if statements.executed:
        answered(ALIAS)
    return made


def _data(asked: Asked) -> Answer:
    payload = _payload(asked)
    content = asked.mounted.resource.formats[asked.format_name](payload)
    if isinstance(content, Text):
        return _text(asked, content)
    begin, rest = whole_or_rest(CHUNKS[asked.format_name](content), WHOLE_BYTES)
    return Answer(_entry(asked, payload, begin), rest)


def _page(asked: Asked, registry: Registry, statements: Statements) -> Answer:
    resource = asked.mounted.resource
    with snapshot() if resource.noun or resource.needs else nullcontext():
        payload = _payload(asked)
        content = resource.formats["html"](payload)
    if isinstance(content, Text):
        return _text(asked, content)
    if content.get("location"):
        return Answer(_entry(asked, payload, b""), location=content["location"])
    page = around(asked.request, registry, asked.mounted) | content
    page["statements"] = len(statements.executed)
    page["as_of"] = asked.call.now
    page["age_seconds"] = "" if asked.lifetime.seconds else 0
    page["ignored"] = page["ignored"] or _ignored(asked, payload)
    if asked.mounted.own and "links" not in content:
        page["links"] = usual_links(asked.call, resource.formats, registry.has_v1(asked.mounted))
    page["notes"] = [*viewpoint(asked.mounted), *page["notes"]]
    page["panels"] = beside(asked, registry, payload)
    text = render_to_string(resource.template, {"page": page})
    return Answer(_entry(asked, payload, text.encode()))


def _payload(asked: Asked) -> Any:
    payload = asked.mounted.resource.build(asked.call)
    if asked.call.strict and not hasattr(payload, "ignored"):
        scope.refuse_unknown(_ignored(asked, payload))
    return payload


def _ignored(asked: Asked, payload: Any) -> tuple[str, ...]:
    """Parameters without effect as the payload tells them, else those that are not declared; where a noun is
    asked for, its selection knows them."""
    if hasattr(payload, "ignored"):
        return tuple(payload.ignored)
    return () if asked.mounted.resource.noun else scope.undeclared(asked.call)


def _text(asked: Asked, text: Text) -> Answer:
    """Nothing a browser finds in it may act, whatever it takes it for."""
    body, headers = text.content.encode("utf-8", "replace"), (("Content-Security-Policy", SANDBOX),)
    return Answer(entry_of(body, "text/plain; charset=utf-8", asked.call.now, headers=headers))


def _entry(asked: Asked, payload: Any, body: bytes) -> Entry:
    return entry_of(body, _content_type(asked), asked.call.now, headers=tuple(_headers(asked, payload)))


def _content_type(asked: Asked) -> str:
    media = MEDIA[asked.format_name]
    return media if asked.format_name == "json" else f"{media}; charset=utf-8"


def _headers(asked: Asked, payload: Any) -> Iterator[tuple[str, str]]:
    if ignored := _ignored(asked, payload):
        names = (_header_safe(name).replace(",", "?") for name in ignored)
        yield "X-Ignored-Parameters", ", ".join(names)[:1000]
    truncated = getattr(payload, "truncated", "")
    if truncated:
        yield "X-Truncated", _header_safe(truncated)
    if asked.format_name == "csv":
        yield "Content-Disposition", f'attachment; filename="{asked.mounted.resource.name}.csv"'


def _header_safe(text: str) -> str:
    return "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in text)
