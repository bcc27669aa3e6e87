"""What a caller does, not reads: a method with JSON in its body, written down with who did it."""

import re
from contextlib import suppress
from math import isfinite
from typing import Any

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from bigpandamon_core.accounts import audit, identity
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sections.types import Action, Done, Submission
from bigpandamon_core.web.access import CREDENTIALS, refuse_without
from bigpandamon_core.web.asked import Asked
from bigpandamon_core.web.client import address_of
from bigpandamon_core.web.render import encode

MEGABYTE = 1_000_000
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPED = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""What a backslash begins in JSON, pairs of halves together."""
_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*"?|(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)', re.DOTALL)
"""Numbers, and texts, in which there are none."""


def acted(asked: Asked, action: Action) -> HttpResponse:
    """The answer to an act that was done, all of it or nothing.

    Raises:
        Problem: 401 without a token, 403 without the right, 411 to 415 for a body that is not read, 400 for
            one that is no JSON, or whatever the act refuses.
    """
    request, caller = asked.request, asked.caller
    _refuse_without_token(request)
    refuse_without(caller, action.access)
    handed_in = Submission(asked.call, _body(request, action), caller.account, request.method or "")
    with transaction.atomic():
        done = action.run(handed_in)
        actor = audit.Actor(caller.account, address_of(request))
        audit.note(actor, audit.Act.HANDED_IN, f"{asked.mounted.name} {request.method}", done.told)
    return _answer(done)


def _refuse_without_token(request: HttpRequest) -> None:
    """A browser sends its cookie to whatever another site tells it to; a token is sent on purpose."""
    if not any(name in request.META for name in CREDENTIALS):
        raise identity.refused("No token provided", "Send `Authorization: Token <key>`.")


def _body(request: HttpRequest, action: Action) -> Any:
    length = request.headers.get("Content-Length") or ""
    if not length.isdecimal():
        raise Problem(
            "The body has no length", status=411, code="length-required", remedy="Send Content-Length."
        )
    if int(length) > action.most_bytes:
        raise Problem(
            f"The body has {int(length):,} bytes",
            status=413,
            code="too-large",
            remedy=f"Send at most {action.most_bytes / MEGABYTE:g} MB at a time.",
        )
    if request.content_type != "application/json" or request.headers.get("Content-Encoding"):
        raise Problem(
            "The body is not plain JSON", status=415, code="unknown-type", remedy="Send application/json."
        )
    return _read(request.read(int(length)))


def _read(body: bytes) -> Any:
    """Half a surrogate pair is no character: as in text that is no UTF-8, U+FFFD stands in its place. What
    no double holds stays the text that it was written as: of many items one must not spoil the others."""
    whole = _ESCAPED.sub(_whole, body) if _HALF.search(body) else body
    try:
        return orjson.loads(whole)
    except orjson.JSONDecodeError as error:
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(_NUMBER.sub(_held, whole))
        raise Problem(
            "The body is not JSON",
            where=f"line {error.lineno}, column {error.colno}",
            remedy="Send JSON as RFC 8259 has it, in UTF-8.",
            code="illegal-body",
        ) from error


def _whole(escaped: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escaped["half"] else escaped[0]


def _held(found: re.Match[bytes]) -> bytes:
    number = found["number"]
    return found[0] if number is None or isfinite(float(number)) else b'"%b"' % number


def _answer(done: Done) -> HttpResponse:
    response = HttpResponse(encode(done.answer), content_type="application/json", status=done.status)
    response["Cache-Control"] = "private, no-store"
    return response
