"""The agent's TOML file: what may stand in it, and what is wrong with one."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Misconfigured(Exception):
    """The file cannot be used; the text lists all that is wrong, a line each."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """Where jobs are sent. ca_file: "" stands for the authorities that this host trusts."""

    url: str
    token_file: str
    ca_file: str = ""
    timeout: int = 60
    batch: int = 2000
    batch_bytes: int = 15_000_000

    @property
    def token(self) -> Path:
        """The file itself, or the copy that systemd hands to the service (LoadCredential=)."""
        configured = Path(self.token_file)
        handed = Path(os.environ.get("CREDENTIALS_DIRECTORY", ""), configured.name)
        return handed if "CREDENTIALS_DIRECTORY" in os.environ and handed.exists() else configured


@dataclass(frozen=True, slots=True)
class Poll:
    """How a schedd is asked. interval: seconds, 0 never. pool: "" is the one of HTCondor's configuration."""

    interval: int = 0
    pool: str = ""
    constraint: str = "true"


@dataclass(frozen=True, slots=True)
class Configuration:
    """schedd: as `condor_status -schedd` names it. logs: paths or patterns. time_zone: of the logs, "" is
    this host's. interval: seconds between looks at the logs. most: jobs that may wait to be sent."""

    schedd: str
    monitor: Monitor
    logs: list[str] = field(default_factory=list)
    time_zone: str = ""
    state: str = "/var/lib/bigpandamon-htcondor-agent"
    interval: int = 10
    most: int = 100_000
    poll: Poll = field(default_factory=Poll)

    @property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.time_zone) if self.time_zone else None


def load(path: Path) -> Configuration:
    """The configuration in a file; Misconfigured when it cannot be read or used."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as reason:
        raise Misconfigured(f"{path}: {reason.strerror}") from reason
    except ValueError as reason:
        raise Misconfigured(f"{path} is no TOML: {reason}") from reason
    wrong = list(_mistakes(Configuration, written, ""))
    if not wrong:
        found: Configuration = _made(Configuration, written)
        wrong = list(_unusable(found))
    if wrong:
        raise Misconfigured("\n".join(f"{path}: {mistake}" for mistake in wrong))
    return found


def _mistakes(form: type[Any], written: Mapping[str, Any], section: str) -> Iterator[str]:
    """Words that are missing, unknown or of another type."""
    types, known = get_type_hints(form), {one.name: one for one in fields(form)}
    for name in sorted(written.keys() - known.keys()):
        near = get_close_matches(name, known, 1)
        yield f"{section}{name} is unknown" + (f"; did you mean {section}{near[0]}?" if near else ".")
    for name, one in known.items():
        if name not in written:
            if _required(one):
                yield f"{section}{name} is missing."
        elif types[name] in (Monitor, Poll):
            if isinstance(written[name], dict):
                yield from _mistakes(types[name], written[name], f"{name}.")
            else:
                yield f"{name} is a section: [{name}]."
        elif not _is_of(types[name], written[name]):
            yield f"{section}{name} = {written[name]!r} is no {_NAMES[types[name]]}."


_NAMES = {str: "text", int: "number of at least 0", list[str]: "list of texts"}


def _required(one: "Field[Any]") -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _is_of(wanted: Any, found: Any) -> bool:
    if wanted == list[str]:
        return isinstance(found, list) and all(isinstance(item, str) for item in found)
    return isinstance(found, wanted) and not isinstance(found, bool) and (wanted is not int or found >= 0)


def _made(form: type[Any], written: Mapping[str, Any]) -> Any:
    types = get_type_hints(form)
    sections = {name for name in written if types[name] in (Monitor, Poll)}
    return form(
        **{name: _made(types[name], found) if name in sections else found for name, found in written.items()}
    )


def _unusable(found: Configuration) -> Iterator[str]:
    url = urlsplit(found.monitor.url)
    if url.scheme != "https" and (url.scheme != "http" or url.hostname not in LOOPBACK):
        yield f"monitor.url = {found.monitor.url!r} must begin with https://: the token is sent there."
    if not found.schedd or "#" in found.schedd:
        yield f"schedd = {found.schedd!r} is no name of a schedd."
    if not found.logs and not found.poll.interval:
        yield "neither logs nor poll.interval is set: there is nothing to follow."
    for log in found.logs:
        if not log.startswith("/"):
            yield f"logs: {log!r} is no absolute path."
    for name, number in (
        ("interval", found.interval),
        ("most", found.most),
        ("monitor.batch", found.monitor.batch),
    ):
        if number < 1:
            yield f"{name} must be at least 1."
    if not _is_zone(found.time_zone):
        yield f"time_zone = {found.time_zone!r} is unknown; an example is 'Europe/Zurich'."


def _is_zone(name: str) -> bool:
    try:
        return not name or bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
