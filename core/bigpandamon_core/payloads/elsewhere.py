"""Fetching for a call, as the configuration allows it; other answers than hoped for are told as problems."""

import io
from dataclasses import dataclass
from typing import BinaryIO

from bigpandamon_core.domain.fetching import Base
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.sources import fetching
from bigpandamon_core.sources.fetching import Fetched, Limits

MB = 1_000_000
UNUSABLE = "elsewhere-unusable"


@dataclass(frozen=True)
class Found:
    """An answer and what it holds."""

    about: Fetched
    content: bytes


def limits(call: Call, most_mb: int) -> Limits:
    return Limits(
        call.option("fetching.seconds"),
        most_mb * MB,
        call.option("fetching.networks"),
        call.option("fetching.at_once"),
    )


def page(call: Call, base: Base, url: str, accept: str) -> Found:
    """A page or JSON answer, wholly in memory.

    Raises:
        Problem: there is none.
    """
    body = io.BytesIO()
    about = fetched(base, url, accept, limits(call, call.option("fetching.page_mb")), body)
    return Found(about, body.getvalue())


def fetched(base: Base, url: str, accept: str, within: Limits, body: BinaryIO) -> Fetched:
    """Raises Problem: the answer is another than 200."""
    about = fetching.fetch(base, url, accept, within, body)
    if about.status == 200:
        return about
    if about.status in (404, 410):
        raise not_found("There is nothing at this address elsewhere.", f"It was looked for at {url}")
    if about.status == 400:
        raise Problem("The server elsewhere does not take these parameters.", remedy=f"They went to {url}")
    raise unusable(f"{base.origin} answers with status {about.status}.", f"It was asked for {url}")


def unusable(what: str, remedy: str) -> Problem:
    return Problem(what, remedy=remedy, status=502, code=UNUSABLE)
