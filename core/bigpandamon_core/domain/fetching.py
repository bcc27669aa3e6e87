"""What may be fetched from elsewhere: addresses below a configured base, on machines that may be asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, quote, unquote, urlencode, urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
SHAPE = "http(s)://host/ or http(s)://host:port/path/, nothing before the host and no ? behind the path"
NETWORK = "a network such as 10.1.0.0/16"
LONGEST = 8000
"""Characters of an address that is asked for."""
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*")
_PLAIN = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
"""All that an address may be made of: urlsplit drops other signs silently, or servers read them otherwise."""
_IN_SEGMENT = "!$&'()*+,;=:@~"
_WITH_MEANING = "!#$%&'()*+,/:;=?@[]~"
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""Addresses that stand for one of IPv4, their last four bytes."""
Address = IPv4Address | IPv6Address
Pairs = Iterable[tuple[str, str]]


class Refused(ValueError):
    """An address that must not be asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Base:
    """Below this may be fetched. host: in small letters, an IPv6 address without brackets. path: begins and
    ends with a slash."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as a header says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.origin + self.path


def base(text: str) -> Base:
    """A base as it is written in a configuration; a slash at its end is added.

    Raises:
        Refused: it is none.
    """
    try:
        parts = _parts(text)
    except Refused:
        raise Refused(SHAPE) from None
    if "?" in text or "#" in text or _climbs(parts.path):
        raise Refused(SHAPE)
    path = "/" + parts.path.strip("/") + ("/" if parts.path.strip("/") else "")
    return Base(parts.scheme, parts.hostname or "", _port(parts), path)


def is_base(text: str) -> bool:
    try:
        base(text)
    except Refused:
        return False
    return True


def is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def below(root: Base, path: str, pairs: Pairs = ()) -> str:
    """The address of a path below a base, both path and parameters as they are meant, encoded here.

    Raises:
        Refused: it would not be below.
    """
    encoded = "/".join(quote(part, safe=_IN_SEGMENT, errors="replace") for part in path.split("/"))
    query = urlencode([*pairs], errors="replace")
    url = f"{root}{encoded}" + (f"?{query}" if query else "")
    refuse_outside(root, url)
    return url


def followed(root: Base, url: str, location: str) -> str:
    """Where a redirect leads that was met at an address below the base.

    Raises:
        Refused: out of the base.
    """
    try:
        target = urljoin(url, location.strip(" ")).partition("#")[0]
    except ValueError:
        raise Refused("it is no address") from None
    refuse_outside(root, target)
    return target


def linked(url: str, href: str) -> str:
    """Where a link leads that a page has, encoded; "" if that is no address of http or https."""
    try:
        target = urljoin(url, quote(href.strip(), safe=_WITH_MEANING))
        _parts(target)
    except (Refused, ValueError):
        return ""
    return target


def refuse_outside(root: Base, url: str) -> None:
    """Raises Refused: scheme, host, port or the beginning of the path are not those of the base."""
    parts = _parts(url)
    if parts.scheme != root.scheme:
        raise Refused(f"it is of {parts.scheme}, not of {root.scheme}")
    if parts.hostname != root.host:
        raise Refused("it is on another host")
    if _port(parts) != root.port:
        raise Refused("it is on another port")
    inside = parts.path.startswith(root.path) and not parts.path.startswith(f"{root.path}/")
    if not inside or _climbs(parts.path):
        raise Refused(f"it is not below {root.path}")


def is_below(root: Base, url: str) -> bool:
    try:
        refuse_outside(root, url)
    except Refused:
        return False
    return True


def path_below(root: Base, url: str) -> str:
    """What stands behind the base's path in an address below it, encoded as it is, with its parameters."""
    return request_target(url).removeprefix(root.path)


def request_target(url: str) -> str:
    """What is asked for of the server: path and parameters."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def may_be_asked(root: Base, address: str, networks: Iterable[str] = ()) -> bool:
    """Whether a machine that goes by the base's name may be asked: one of the open net, of a network that is
    named, or the very one the base names by its number."""
    found = _number(address.partition("%")[0])
    if found is None:
        return False
    named = found == _number(root.host) or any(_lies_in(found, network) for network in networks)
    return named or _is_open(_meant(found))


def _number(host: str) -> Address | None:
    """A host that is told by its number."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _lies_in(address: Address, network: str) -> bool:
    meant = _meant(address)
    return address in ip_network(network) or meant in ip_network(network)


def _meant(address: Address) -> Address:
    """The address of IPv4 that one of IPv6 stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_open(address: Address) -> bool:
    closed = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not address.is_private and not closed


def _parts(url: str) -> SplitResult:
    """An address taken apart.

    Raises:
        Refused: it is not one of http or https, hides whom it names, or holds what may be read in two ways.
    """
    if len(url) > LONGEST or not _PLAIN.fullmatch(url):
        raise Refused("it is no address")
    try:
        parts = urlsplit(url)
        _port(parts)
    except ValueError:
        raise Refused("it is no address") from None
    if parts.scheme not in PORTS or "@" in parts.netloc or parts.netloc.endswith(":"):
        raise Refused("it is no address of http or https")
    if not parts.hostname or not _HOST.fullmatch(parts.hostname):
        raise Refused("it names no host")
    return parts


def _port(parts: SplitResult) -> int:
    return PORTS.get(parts.scheme, 0) if parts.port is None else parts.port


def _climbs(path: str) -> bool:
    """Whether a path has steps that servers read as going up, however they are written."""
    steps = unquote(path).replace("\\", "/").split("/")
    return any(step in (".", "..") or step.startswith("..;") for step in steps)
