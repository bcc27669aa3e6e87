"""Sends jobs to the monitor's bulk API.

A refused item never holds up others: it is told in the log and let go. What a request as a whole is refused
for (too large, not understood) is found by halving. All else is tried again later.
"""

import json
import logging
import ssl
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from bigpandamon_htcondor_agent.configuration import Monitor
from bigpandamon_htcondor_agent.spool import Item, Spool

LOG = logging.getLogger(__name__)
PATH = "/api/v1/htcondor/jobs"
REFUSED_AS_A_WHOLE = {400, 413, 422}
LARGEST_ANSWER = 20_000_000
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0


class Unreachable(Exception):
    """The monitor took nothing now; the text says why. after: seconds it asks to wait, 0 when it does not."""

    def __init__(self, why: str, after: float = 0) -> None:
        super().__init__(why)
        self.after = after


class _Refused(Exception):
    """The request as a whole cannot be taken, now or later."""


class _NoRedirect(HTTPRedirectHandler):
    """The token is for the address that is configured and for no other."""

    def redirect_request(self, *told: Any, **more: Any) -> None:
        return None


class Pusher:
    """pause: seconds to wait after a failure; they double until something is taken."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor, self.pause = monitor, 0.0

    def push(self, spool: Spool) -> int:
        """Send all that waits; how many jobs. Unreachable once the monitor takes no more."""
        sent = 0
        while items := spool.batch(self._monitor.batch, self._monitor.batch_bytes):
            try:
                for part in self._taken(items):
                    spool.done(part)
                    sent += len(part)
            except Unreachable as reason:
                self.pause = max(reason.after, min(self.pause * 2 or FIRST_PAUSE, LONGEST_PAUSE))
                raise
            self.pause = 0.0
        return sent

    def probe(self) -> None:
        """Whether the monitor is there and knows the token; Unreachable when not."""
        try:
            self._post([])
        except _Refused as reason:
            raise Unreachable(str(reason)) from reason

    def _taken(self, items: list[Item]) -> Iterator[list[Item]]:
        """The items, part by part, once the monitor has or refused them."""
        try:
            for refusal in self._post(items):
                LOG.warning("refused: %s", json.dumps(refusal)[:500])
        except _Refused as reason:
            if len(items) > 1:
                yield from self._taken(items[: len(items) // 2])
                yield from self._taken(items[len(items) // 2 :])
                return
            self.probe()  # where even nothing is refused, it is not for the item
            LOG.warning("refused: %s: %s", items[0].key, reason)
        yield items

    def _post(self, items: list[Item]) -> list[Any]:
        """What the monitor refuses of the items."""
        body = f"[{','.join(item.text for item in items)}]".encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Token {self._token()}"}
        request = Request(self._monitor.url.rstrip("/") + PATH, body, headers, method="POST")  # noqa: S310
        text = self._answer(request)
        try:
            told = json.loads(text)
        except ValueError as reason:
            raise Unreachable(f"{self._monitor.url} does not answer with JSON: {reason}") from reason
        if not isinstance(told, dict) or not isinstance(told.get("refused", []), list):
            raise Unreachable(f"{self._monitor.url} answers with something else: {str(told)[:100]}")
        return list(told.get("refused", []))

    def _answer(self, request: Request) -> bytes:
        """A UnicodeError is about a name of a host that cannot be."""
        try:
            with self._opener().open(request, timeout=self._monitor.timeout) as answer:
                return bytes(answer.read(LARGEST_ANSWER))
        except HTTPError as answer:
            with answer:
                raise _failure(answer) from answer
        except (URLError, OSError, HTTPException, UnicodeError) as reason:
            raise Unreachable(f"{self._monitor.url}: {getattr(reason, 'reason', reason)}") from reason

    def _token(self) -> str:
        """One word: what cannot stand in a header would come back in the words of an error."""
        try:
            token = self._monitor.token.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as reason:
            raise Unreachable(f"the token cannot be read: {reason}") from reason
        if not (token.isascii() and token.isprintable() and len(token.split()) == 1):
            raise Unreachable(f"the token file does not hold one token: {self._monitor.token}")
        return token

    def _opener(self) -> OpenerDirector:
        trusted = ssl.create_default_context(cafile=self._monitor.ca_file or None)
        return build_opener(_NoRedirect, HTTPSHandler(context=trusted))


def _failure(answer: HTTPError) -> Exception:
    why = f"{answer.code} {answer.reason}: {answer.read(300).decode('utf-8', 'replace')}"
    if answer.code in REFUSED_AS_A_WHOLE:
        return _Refused(why)
    after = answer.headers.get("Retry-After", "")
    return Unreachable(why, min(float(after), LONGEST_PAUSE) if after.isdecimal() else 0)
