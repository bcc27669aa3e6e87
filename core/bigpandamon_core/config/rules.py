"""What a value must satisfy beyond its type. A rule answers with what it expects, or nothing if content."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bigpandamon_core.domain import fetching, job_logs


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition and the words for it. Of a list or table each entry is asked."""

    expected: str
    holds: Callable[[Any], bool]

    def complaint(self, value: Any) -> str:
        return "" if self.holds(value) else self.expected


def at_least(low: float) -> Rule:
    return Rule(f"at least {low}", lambda value: value >= low)


def between(low: float, high: float) -> Rule:
    return Rule(f"{low} to {high}", lambda value: low <= value <= high)


def matching(pattern: str, expected: str) -> Rule:
    """The whole text matches the pattern."""
    compiled = re.compile(pattern)
    return Rule(expected, lambda value: compiled.fullmatch(value) is not None)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) < 65536


def _is_host_and_port(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return re.fullmatch(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]", host) is not None and _is_port(port)


def _is_listening_place(text: str) -> bool:
    return text.startswith("unix:/") or _is_host_and_port(text)


HOST_AND_PORT = Rule("host:port", _is_host_and_port)
LISTENING_PLACE = Rule("host:port or unix:/path", _is_listening_place)
NETWORK = Rule(fetching.NETWORK, fetching.is_network)
PROXY = Rule("an address, or a network such as 10.1.0.0/16", fetching.is_network)
BASE = Rule(fetching.SHAPE, fetching.is_base)
NO_OR_BASE = Rule(f"nothing, or {fetching.SHAPE}", lambda text: not text or fetching.is_base(text))
LOG_FOLDER = Rule(job_logs.FOLDER, job_logs.is_folder)
LOG_URL = Rule(job_logs.URL, job_logs.is_url)
