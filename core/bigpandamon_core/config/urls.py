"""Database URLs: read strictly, shown without their secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote, urlencode

KINDS = {
    "sqlite": "sqlite3",
    "mysql": "mysql",
    "mariadb": "mysql",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "oracle": "oracle",
}
HIDDEN = "***"
SHAPES = "sqlite:////folder/file or mysql|mariadb|postgresql|oracle://user:password@host:port/name"
ENCODING = "a URL whose user, password and name are percent-encoded (@ is %40, / is %2F, : is %3A)"


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """Where a database is and who we are there. Text forms hide the password and every option's value.

    kind: sqlite3, mysql, postgresql or oracle. name: the database, on SQLite the file's path, on Oracle the
    service or, without a host, a TNS alias. host: may be the folder of a socket. options: the URL's query,
    handed to the driver.
    """

    kind: str
    name: str
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: str = ""
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False, hash=False)

    @property
    def place(self) -> tuple[str, str, str, str]:
        """The same for two URLs of one database, whoever connects."""
        return self.kind, self.host, self.port, self.name

    def __str__(self) -> str:
        scheme = "sqlite" if self.kind == "sqlite3" else self.kind
        password = f":{HIDDEN}" if self.password else ""
        account = f"{quote(self.user, safe='')}{password}@" if self.user or self.password else ""
        port = f":{self.port}" if self.port else ""
        hidden = urlencode(dict.fromkeys(self.options, HIDDEN), safe="*")
        return f"{scheme}://{account}{quote(self.host, safe='[]:')}{port}/{quote(self.name)}" + (
            f"?{hidden}" if hidden else ""
        )


def parse(text: str) -> DatabaseUrl:
    """Read a URL. Raises ValueError with what was expected; the text itself is never in the message."""
    scheme, separator, rest = text.partition("://")
    kind = KINDS.get(scheme)
    if not separator or kind is None:
        raise ValueError(SHAPES)
    address, _, query = rest.partition("?")
    authority, slash, path = address.partition("/")
    if "#" in rest or not slash:
        raise ValueError(ENCODING if "#" in rest else SHAPES)
    options = _options(query)
    if kind == "sqlite3":
        return _file(authority, unquote(path), options)
    if "@" in path or "@" in query:
        raise ValueError(ENCODING)
    return _server(kind, authority, unquote(path), options)


def _options(query: str) -> Mapping[str, str]:
    try:
        return MappingProxyType(dict(parse_qsl(query, strict_parsing=bool(query), keep_blank_values=True)))
    except ValueError:
        raise ValueError("options of the form name=value joined by & after the question mark") from None


def _file(authority: str, path: str, options: Mapping[str, str]) -> DatabaseUrl:
    if authority or not path:
        raise ValueError("sqlite:////folder/file (four slashes), or three and a path relative to the file")
    if options:
        raise ValueError("an SQLite URL without options")
    return DatabaseUrl("sqlite3", path)


def _server(kind: str, authority: str, name: str, options: Mapping[str, str]) -> DatabaseUrl:
    account, _, place = authority.rpartition("@")
    user, _, password = account.partition(":")
    host, port = _host_and_port(place)
    if "@" in account or not name or "/" in name:
        raise ValueError(ENCODING)
    if not host and kind != "oracle":
        raise ValueError("a host before the database's name")
    return DatabaseUrl(kind, name, unquote(user), unquote(password), unquote(host), port, options)


def _host_and_port(place: str) -> tuple[str, str]:
    host, colon, port = place.rpartition(":")
    if not colon or place.endswith("]"):
        return place, ""
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError("a port of 1 to 65535 (a password needs @ and the host behind it)")
    if ":" in host and not host.startswith("["):
        raise ValueError("one port after the host")
    return host, port
