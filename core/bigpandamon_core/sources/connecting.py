"""Connections to servers elsewhere: to addresses that were judged, and never beyond a moment."""

import io
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from time import monotonic
from typing import Any

from bigpandamon_core.domain.fetching import Base, may_be_asked

_lookups = ThreadPoolExecutor(4, "lookup")
"""Names are looked up beside the thread that waits: a resolver knows no limit of time."""


class NotThere(Exception):
    """No machine goes by a name, or none that may be asked."""


def end(seconds: float) -> float:
    """The moment until which everything has to be done."""
    return monotonic() + seconds


def left(until: float) -> float:
    """Seconds that are left.

    Raises:
        TimeoutError: none.
    """
    seconds = until - monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the order to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(address[0]) for *_, address in found]


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to an address, which is no name."""
    return socket.create_connection((address, port), seconds)


def find(base: Base, networks: Iterable[str], until: float) -> list[str]:
    """The addresses of a base's host that may be asked.

    Raises:
        NotThere: there is none.
        TimeoutError: that took too long.
    """
    try:
        known = _lookups.submit(resolve, base.host, base.port).result(left(until))
    except (socket.gaierror, UnicodeError) as error:
        raise NotThere(f"the name {base.host} is not known") from error
    allowed = [address for address in known if may_be_asked(base, address, tuple(networks))]
    if not allowed:
        raise NotThere(f"{base.host} is {', '.join(known)}, in none of fetching.networks")
    return allowed


@cache
def encrypted() -> ssl.SSLContext:
    """How certificates are judged: by the authorities this machine trusts."""
    return ssl.create_default_context()


@contextmanager
def connected(base: Base, addresses: list[str], until: float) -> Iterator["TimedSocket"]:
    """A connection to the first of the addresses that takes one, encrypted where the base says so.

    Raises:
        OSError: none takes one, or not in time.
    """
    opened = _opened(base, addresses, until)
    try:
        if base.scheme == "https":
            opened.settimeout(left(until))
            opened = encrypted().wrap_socket(opened, server_hostname=base.host)
        yield TimedSocket(opened, until)
    finally:
        opened.close()


def _opened(base: Base, addresses: list[str], until: float) -> socket.socket:
    """Every address gets a share of the time."""
    failure: OSError = ConnectionRefusedError(f"{base.host} has no address")
    for place, address in enumerate(addresses):
        try:
            return connect(address, base.port, left(until) / (len(addresses) - place))
        except OSError as error:
            failure = error
    raise failure


class TimedSocket:
    """A connection as http.client uses one; nothing is sent or read after its moment, however slowly it
    comes. Who opened it closes it."""

    def __init__(self, opened: socket.socket, until: float):
        self._opened = opened
        self._until = until

    def sendall(self, content: bytes) -> None:
        self._opened.settimeout(left(self._until))
        self._opened.sendall(content)

    def makefile(self, *_mode: Any, **_more: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._receive))

    def close(self) -> None:
        """Left to who opened it: http.client closes before the body is read."""

    def _receive(self, buffer: Any) -> int:
        self._opened.settimeout(left(self._until))
        return self._opened.recv_into(buffer)


class _Reader(io.RawIOBase):
    def __init__(self, receive: Callable[[Any], int]):
        super().__init__()
        self._receive = receive

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._receive(buffer)
