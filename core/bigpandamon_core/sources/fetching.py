"""Fetching from servers elsewhere, below a configured base alone, within a time and a size.

Nothing of the client's request goes there but what the address says. The host's name is looked up once; the
connection goes to the address that was judged then, for redirects, too.
"""

import http.client
import logging
import ssl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from threading import Lock
from typing import BinaryIO

from bigpandamon_core import __version__
from bigpandamon_core.domain import fetching as rules
from bigpandamon_core.domain.fetching import Base
from bigpandamon_core.domain.problems import Problem, unavailable
from bigpandamon_core.sources import connecting
from bigpandamon_core.sources.connecting import TimedSocket
from bigpandamon_core.sources.failures import ELSEWHERE

MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
BLOCK = 65_536
BROKEN_OFF = "broke off its answer"
_GZIP = 16 + zlib.MAX_WBITS
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """seconds: for the whole answer, redirects included. most_bytes: unpacked. networks: see
    `domain.fetching.may_be_asked`. at_once: answers that this process waits for at a time."""

    seconds: float
    most_bytes: int
    networks: tuple[str, ...] = ()
    at_once: int = 2


@dataclass(frozen=True)
class Fetched:
    """An answer. url: where it came from in the end. media: of its body, in small letters; charset: what is
    said of it, "" if nothing."""

    url: str
    status: int
    media: str
    charset: str


class Unusable(Exception):
    """An answer that is not taken; the message ends a sentence that begins with the server."""


def fetch(base: Base, url: str, accept: str, limits: Limits, body: BinaryIO) -> Fetched:
    """The answer to GET. body: takes what a successful one holds, unpacked. accept: the media type asked for.

    Raises:
        Problem: 502 or 504, there is no such answer; 503, this process waits for too many already.
    """
    rules.refuse_outside(base, url)
    with _place(limits.at_once):
        try:
            return _followed(base, url, accept, limits, body)
        except TimeoutError as error:
            raise _away(base, f"did not answer in full within {limits.seconds:g} s", 504) from error
        except Unusable as error:
            raise _unusable(base, str(error)) from error
        except http.client.IncompleteRead as error:
            raise _unusable(base, BROKEN_OFF) from error
        except ssl.SSLCertVerificationError as error:
            raise _distrusted(base, error) from error
        except (OSError, http.client.HTTPException, connecting.NotThere) as error:
            logger.warning("%s: %s: %s", base, type(error).__name__, error)
            raise _away(base, "cannot be reached", 502) from error


def _followed(base: Base, url: str, accept: str, limits: Limits, body: BinaryIO) -> Fetched:
    """Redirects are followed on the address that was found first."""
    until = connecting.end(limits.seconds)
    place = connecting.find(base, limits.networks, until)
    for _ in range(1 + MOST_REDIRECTS):
        with connecting.connected(base, place, until) as opened:
            response = _asked(opened, base, url, accept)
            if response.status not in REDIRECTS:
                return _taken(response, url, limits, body)
            location = response.getheader("Location", "")
        url = _next(base, url, location)
    raise Unusable(f"redirects more than {MOST_REDIRECTS} times")


def _asked(opened: TimedSocket, base: Base, url: str, accept: str) -> http.client.HTTPResponse:
    """The beginning of the answer. The connection is given one and must make none by itself."""
    connection = http.client.HTTPConnection(base.host, base.port)
    connection.auto_open = 0
    connection.sock = opened  # all that http.client asks of a socket
    headers = {
        "Host": base.authority,
        "Accept": accept,
        "Accept-Encoding": "gzip",
        "Connection": "close",
        "User-Agent": f"bigpandamon/{__version__}",
    }
    connection.request("GET", rules.request_target(url), headers=headers)
    return connection.getresponse()


def _next(base: Base, url: str, location: str) -> str:
    try:
        return rules.followed(base, url, location)
    except rules.Refused as error:
        logger.warning("%s redirects to %s: %s", url, ascii(location[:200]), error)
        raise Unusable(f"redirects to where it must not: {error}") from error


def _taken(response: http.client.HTTPResponse, url: str, limits: Limits, body: BinaryIO) -> Fetched:
    if response.status == 200:
        for piece in _unpacked(response, limits.most_bytes):
            body.write(piece)
    told: Message = response.headers
    charset = told.get_content_charset() or "" if "Content-Type" in told else ""
    media = told.get_content_type() if "Content-Type" in told else ""
    return Fetched(url, response.status, media, charset)


def _unpacked(response: http.client.HTTPResponse, most_bytes: int) -> Iterator[bytes]:
    """The body in pieces, however it is packed.

    Raises:
        Unusable: it is larger than that, packed or unpacked, not whole, or packed in an unknown way.
    """
    packing = response.getheader("Content-Encoding", "identity").strip().lower()
    pieces = _limited(response, most_bytes)
    if packing == "identity":
        yield from pieces
        return
    if packing not in ("gzip", "x-gzip"):
        raise Unusable("packs its answer in an unknown way")
    try:
        yield from _inflated(pieces, most_bytes)
    except zlib.error as error:
        raise Unusable("packs its answer wrongly") from error


def _limited(response: http.client.HTTPResponse, most_bytes: int) -> Iterator[bytes]:
    told, size = response.length, 0
    if (told or 0) > most_bytes:
        raise _too_large(most_bytes)
    while piece := response.read(BLOCK):
        size += len(piece)
        if size > most_bytes:
            raise _too_large(most_bytes)
        yield piece
    if told is not None and size < told:
        raise Unusable(BROKEN_OFF)


def _inflated(pieces: Iterator[bytes], most_bytes: int) -> Iterator[bytes]:
    """Unpacked block by block, so that a small piece does not become a large one in memory."""
    unpacker, size = zlib.decompressobj(_GZIP), 0
    for piece in pieces:
        while piece:
            if unpacker.eof:
                unpacker = zlib.decompressobj(_GZIP)
            block = unpacker.decompress(piece, BLOCK)
            piece = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            size += len(block)
            if size > most_bytes:
                raise _too_large(most_bytes)
            yield block
    if not unpacker.eof:
        raise Unusable(BROKEN_OFF)


def _too_large(most_bytes: int) -> Unusable:
    return Unusable(f"answers with more than {most_bytes / 1_000_000:g} MB")


class _Places:
    """How many answers this process waits for."""

    taken = 0
    lock = Lock()


@contextmanager
def _place(at_once: int) -> Iterator[None]:
    """Raises Problem: all are taken. A server that hangs must not hold up every thread."""
    with _Places.lock:
        if _Places.taken >= at_once:
            raise unavailable("Too many answers from elsewhere are waited for.", "Try again in a moment.", 10)
        _Places.taken += 1
    try:
        yield
    finally:
        with _Places.lock:
            _Places.taken -= 1


def _away(base: Base, what: str, status: int) -> Problem:
    return Problem(
        f"{base.origin} {what}.",
        remedy="Try again later. If that does not help, tell the operator of this monitor.",
        status=status,
        code=ELSEWHERE,
        retry_after_seconds=60,
    )


def _unusable(base: Base, what: str) -> Problem:
    remedy = "Tell the operator of this monitor, whose configuration names that server."
    return Problem(f"{base.origin} {what}.", remedy=remedy, status=502, code="elsewhere-unusable")


def _distrusted(base: Base, error: ssl.SSLCertVerificationError) -> Problem:
    logger.warning("%s: its certificate is not trusted: %s", base, error.verify_message)
    return Problem(
        f"The certificate of {base.origin} is not trusted.",
        remedy="The operator of this monitor can name further authorities in SSL_CERT_DIR or SSL_CERT_FILE.",
        status=502,
        code="elsewhere-unusable",
    )
