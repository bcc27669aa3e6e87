"""A question to a builder: everything it may depend on, and nothing of how it came."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bigpandamon_core.domain.conditions import Condition
from bigpandamon_core.domain.error_rules import RULES, ErrorRule
from bigpandamon_core.domain.fields import Column, Field
from bigpandamon_core.domain.periodic import Turn
from bigpandamon_core.domain.privacy import Privacy
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import end_of_grain, now


class Shelf(Protocol):
    """Keeps counts that hold for good, as long as there is room. Keys are texts of any length."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, content: bytes) -> bool:
        """Whether it is kept."""


@dataclass(frozen=True)
class Call:
    """parameters: the request's pairs in order. path: values taken from the address. now: naive UTC.

    url: address of the resource without its query; root: address of the start page. is_core: whether core
    itself is asked, where every noun has its page, and not a plugin's point of view; nouns: those that have
    theirs there. strict: parameters without effect are refused. understood: those that steer the answer
    there; words: what some of them may be given. scope: conditions every record must fulfil, by noun (a
    plugin's point of view). more_fields, more_columns: what a plugin adds to its own pages, by noun. api:
    where `/api/v1` is for this point of view; api_understood: what steers the same there; reference: the page
    that tells all of it. option: an option's value by its key, a plugin's as `<plugin>.<key>`. grain_seconds:
    how long the answer may be kept, 0 if not at all; those who ask within one grain get the same. shelf: None
    where everything is to be counted anew. has_family: whether this installation has a family of tables.
    """

    parameters: tuple[tuple[str, str], ...]
    now: datetime
    option: Callable[[str], Any]
    path: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    root: str = "/"
    is_core: bool = True
    nouns: frozenset[str] = frozenset()
    api: str = "/api/v1/"
    reference: str = "/api/v1/"
    strict: bool = False
    understood: frozenset[str] = frozenset()
    api_understood: frozenset[str] = frozenset()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    privacy: Privacy = field(default_factory=Privacy)
    scope: Mapping[str, Condition] = field(default_factory=dict)
    more_fields: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    more_columns: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    error_rules: tuple[ErrorRule, ...] = RULES
    grain_seconds: int = 0
    shelf: Shelf | None = None
    has_family: Callable[[str], bool] = lambda _: True

    def shows(self, noun: str) -> bool:
        """Whether records of a noun have their pages there."""
        return self.is_core or noun in self.nouns

    @property
    def until(self) -> datetime:
        """The end of windows that reach up to now: of a kept answer the end of its grain, so that nothing
        is missing that ended before it was made."""
        return end_of_grain(self.now, self.grain_seconds) if self.grain_seconds else self.now

    def parameter(self, name: str, default: str = "") -> str:
        """The last value of a parameter, its name ignoring case."""
        found = [value for key, value in self.parameters if key.lower() == name]
        return found[-1] if found else default

    def chosen(self, name: str, words: Iterable[str], usual: str) -> str:
        """The value of a parameter that has one of some words.

        Raises:
            Problem: it has none of them.
        """
        given = self.parameter(name, usual)
        if given not in words:
            raise Problem(
                f"Illegal value '{given[:60]}' for {name}",
                parameter=name,
                code="illegal-value",
                remedy=f"Give one of {', '.join(filter(None, words))}.",
            )
        return given

    def number(self, name: str, usual: int, most: int, least: int = 1) -> int:
        """The value of a parameter that is a whole number.

        Raises:
            Problem: it is none, or too large or small.
        """
        given = self.parameter(name)
        if not given:
            return usual
        is_number = given.isascii() and given.isdecimal() and len(given) <= len(str(most))
        if not is_number or not least <= int(given) <= most:
            raise Problem(
                f"Illegal value '{given[:40]}' for {name}",
                parameter=name,
                code="illegal-value",
                remedy=f"Give a whole number from {least} to {most}.",
            )
        return int(given)


def call_of(turn: Turn, **parameters: str) -> Call:
    """What a periodic task of a plugin asks, from the plugin's point of view; nothing is hidden from it."""
    pairs = tuple(parameters.items())
    return Call(pairs, now(), turn.option, is_core=False, scope=turn.scope, more_fields=turn.more_fields)


@dataclass(frozen=True)
class Later:
    """A part of a payload that is computed when it is written, after the rows before it have left.

    optional: left out where it turns out to be empty.
    """

    compute: Callable[[], Any]
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """Rows for CSV, NDJSON and text: column names and one mapping a row as they arrive. note: a last line."""

    columns: tuple[str, ...]
    rows: Iterable[Mapping[str, Any]]
    note: str = ""


@dataclass(frozen=True)
class Text:
    """A text of somebody else's making, sent as it is in whatever form was asked for."""

    content: str
