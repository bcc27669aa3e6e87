"""Where the log of a job lies: a pattern whose fields are filled by what is known of the job and the file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bigpandamon_core.domain import fetching

FIELDS = ("pandaid", "jeditaskid", "lfn", "scope", "guid", "destination", "dataset")
"""Of these the first four of the job's file of type log, its storage and its data set."""
NAMING = frozenset({"pandaid", "lfn", "guid"})
"""One of these must be in a pattern, or every job would have the same log."""
FOLDER = "a path such as /logs/{scope}/{lfn} that begins with a folder, with fields among " + ", ".join(
    FIELDS
)
URL = "an address such as https://logs.example.org/{scope}/{lfn}, with fields among " + ", ".join(FIELDS)
_FIELD = re.compile(r"\{([^{}]*)\}")
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Pattern:
    """base: the beginning without fields, up to a slash. rest: what lies below it."""

    base: str
    rest: str


def pattern(text: str) -> Pattern:
    """Raises ValueError: its fields are none that are known, or do not tell one job from another."""
    base, slash, first = text.partition("{")[0].rpartition("/")
    rest = first + text[len(base + slash + first) :]
    fields = set(_FIELD.findall(rest))
    if not slash or not NAMING & fields or not fields <= {*FIELDS} or re.search("[{}]", _FIELD.sub("", rest)):
        raise ValueError(FOLDER)
    return Pattern(base + slash, rest)


def is_folder(text: str) -> bool:
    try:
        return text.startswith("/") and not _climbs(pattern(text))
    except ValueError:
        return False


def is_url(text: str) -> bool:
    try:
        found = pattern(text)
    except ValueError:
        return False
    return fetching.is_base(found.base) and not _climbs(found) and not re.search("[?#]", found.rest)


def filled(found: Pattern, values: Mapping[str, Any]) -> str:
    """What lies below the base for a job; "" where a value is absent or is no plain name."""
    told = {name: str(values.get(name) or "") for name in _FIELD.findall(found.rest)}
    if not all(map(_is_plain, told.values())):
        return ""
    path = _FIELD.sub(lambda field: told[field[1]], found.rest)
    return "" if _climbs(Pattern("", path)) else path


def _is_plain(value: str) -> bool:
    return 0 < len(value) <= _LONGEST and value.isprintable() and not re.search(r"[/\\]", value)


def _climbs(found: Pattern) -> bool:
    return any(step in (".", "..") for step in (found.base + found.rest).split("/"))
