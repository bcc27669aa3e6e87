"""What an option is."""

from dataclasses import dataclass
from typing import Any

from bigpandamon_core.config.rules import Rule


@dataclass(frozen=True, slots=True)
class Option:
    """One thing an instance can set.

    key: dotted, its parts are TOML tables. type: str, int, float, bool, Path, DatabaseUrl, list[str],
    dict[str, str], dict[str, int] or dict[str, list[str]] (open tables). default: as it would be written in
    the file; `{state}` in a path or database URL is the state folder. unit: what a number counts. choices:
    the only values allowed. secret: its value is never printed. rule: a condition beyond the type, of a list
    or table for each entry.
    """

    key: str
    type: Any
    default: Any
    help: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    secret: bool = False
    rule: Rule | None = None
