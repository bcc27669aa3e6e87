"""The browser or program at the other end: where it is, and whether a page of ours has sent it."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.web.page import root

LONGEST = 2000


def address_of(request: HttpRequest) -> str:
    """The client's IP address, always written alike; "" where a proxy does not tell it."""
    found = request.META.get("REMOTE_ADDR", "")
    if not found or found in settings.BIGPANDAMON.get("accounts.proxies"):
        found = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        address = ip_address(found)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return address.exploded


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
