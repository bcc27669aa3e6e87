"""The browser or program at the other end: where it is, and whether a page of ours has sent it."""

from collections.abc import Iterator
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.web.page import root

LONGEST = 2000
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def address_of(request: HttpRequest) -> str:
    """The IP address of whoever is nearest and no proxy of ours, always written alike; "" where a proxy does
    not tell it. What stands before that address in X-Forwarded-For is a claim of its own, not read."""
    proxies, nearest = _proxies(tuple(settings.BIGPANDAMON.get("accounts.proxies"))), ""
    for hop in _hops(request):
        try:
            address = _plain(hop)
        except ValueError:
            return ""
        nearest = address.exploded
        if not any(address in network for network in proxies):
            break
    return nearest


def _hops(request: HttpRequest) -> Iterator[str]:
    """Who connected, then who each proxy says connected to it; one that connects by a Unix socket has no
    address."""
    if peer := request.META.get("REMOTE_ADDR", ""):
        yield peer
    yield from (hop.strip() for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")))


def _plain(text: str) -> Address:
    """Raises ValueError: it is no address."""
    address = ip_address(text)
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


@cache
def _proxies(told: tuple[str, ...]) -> list[Network]:
    return [ip_network(one) for one in told]


def refuse_foreign(request: HttpRequest) -> None:
    """Let a form through that a page of ours has sent: every browser tells where one comes from.

    Raises:
        Problem: 403, it comes from elsewhere, or does not say from where.
    """
    site, origin = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Origin", "")
    ours = _parts(origin).netloc == request.get_host() if origin else site == "same-origin"
    if not ours or site not in ("", "same-origin"):
        raise Problem(
            "This form was not sent by a page of this monitor.",
            status=403,
            code="foreign-form",
            remedy="Open the page here and send its form. Programs use tokens and the command line.",
        )


def next_page(request: HttpRequest) -> str:
    """Where to go after signing in: what is asked for as `next`, else the page of ours one came from.

    Raises:
        Problem: `next` is no path of this monitor.
    """
    asked = (request.POST if request.method == "POST" else request.GET).get("next", "")
    if asked and not _is_ours(asked):
        raise Problem(
            "next is no path of this monitor.",
            code="illegal-value",
            parameter="next",
            remedy=f"Give a path that begins with {root()}, or leave it out.",
        )
    return asked or _came_from(request)


def _is_ours(path: str) -> bool:
    """Browsers take \\\\host and //host for other hosts, and pass over control characters."""
    is_local = url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return len(path) <= LONGEST and is_local and path.startswith(root()) and path.isprintable()


def _came_from(request: HttpRequest) -> str:
    came = _parts(request.headers.get("Referer", ""))
    path = came.path + (f"?{came.query}" if came.query else "")
    leads_back = came.path.startswith(f"{root()}login")
    return path if came.netloc == request.get_host() and _is_ours(path) and not leads_back else root()


def _parts(url: str) -> SplitResult:
    """Of an address that a client names; all empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
