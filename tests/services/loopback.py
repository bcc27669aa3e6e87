"""No test speaks with the world: what Python would send off this machine is refused."""

import ipaddress
import sys
from typing import Any

NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", ""})


class OffLoopback(RuntimeError):
    """A test tried to reach another machine."""


def refuse_the_rest() -> None:
    """From now on, for this process: connecting elsewhere, or asking for another machine's name, raises."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not is_here(str(address[0])):
            raise OffLoopback(f"tests stay on this machine, not {address}")
    elif event == "socket.getaddrinfo" and not is_here(_text(arguments[0])):
        raise OffLoopback(f"tests stay on this machine, not {arguments[0]}")


def _text(host: str | bytes | None) -> str:
    return host.decode() if isinstance(host, bytes) else host or ""


def is_here(host: str) -> bool:
    if host in NAMES:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
