"""The request language: one parser for every page.

A Selection is immutable: conditions over the declared fields of a noun, a window, an order, a limit and the
wanted parts. The same Selection becomes SQL, a predicate over rows, a key and a URL again.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from bigpandamon_core.domain import parameters as request
from bigpandamon_core.domain import request_window
from bigpandamon_core.domain.conditions import All, Condition, Lookup
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.request_window import WindowRules
from bigpandamon_core.domain.window import Window, iso

MOST_ROWS = 10_000_000
COMMON_CONTROLS = frozenset(
    "json timestamp limit display_limit sortby sort order fields format after theme reqtoken".split()
)


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of an order; absent values come last in both directions."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Asked:
    """One condition as it was asked for."""

    parameter: str
    text: str
    condition: Condition


Combined = Callable[[Mapping[str, str]], tuple[list[Asked], set[str]]]


@dataclass(frozen=True)
class Noun:
    """What requests about one kind of record may say.

    combined: turns parameters that only mean something together (or need another table) into conditions and
    names those it used up. sorts: the words of `sortby` and the order each asks for.
    tie: column that makes an order total. controls: further names that steer the answer without filtering.
    """

    name: str
    fields: tuple[Field, ...]
    window: WindowRules
    sorts: Mapping[str, tuple[Sort, ...]]
    default_sort: tuple[Sort, ...]
    tie: str
    combined: Combined
    controls: frozenset[str] = frozenset()
    live_states: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def field(self, name: str) -> Field | None:
        return self._by_name.get(name)

    @property
    def _by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}


@dataclass(frozen=True)
class Selection:
    """What a request asks for. `parameters` are the cleaned ones it was made of, unknown names left out."""

    noun: Noun
    asked: tuple[Asked, ...]
    window: Window | None
    sort: tuple[Sort, ...]
    limit: int | None
    fields: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...] = ()
    after: tuple[object, int] | None = None
    extra: tuple[Condition, ...] = ()

    @property
    def condition(self) -> Condition:
        return All((*(asked.condition for asked in self.asked), *self.extra))

    def get(self, name: str, default: str = "") -> str:
        return dict(self.parameters).get(name, default)

    def has(self, *names: str) -> bool:
        present = dict(self.parameters)
        return any(name in present for name in names)

    def key(self, grain_seconds: int) -> str:
        """Equal for requests that ask for the same thing within one grain of time."""
        window = self.window.rounded(grain_seconds) if self.window else None
        asked = [pair for pair in self.parameters if pair[0] not in _NOT_IN_KEY]
        return repr((self.noun.name, asked, window))

    def query(self, drop: Iterable[str] = (), /, **changes: str | None) -> str:
        """The request as a query string again, with parameters dropped (None) or set."""
        dropped = set(drop) | changes.keys() | {"after", "timestamp", "json", "format"}
        kept = [(name, value) for name, value in self.parameters if name not in dropped]
        added = [(name, value) for name, value in changes.items() if value is not None]
        return urlencode([*kept, *added])

    def absolute(self) -> dict[str, str | None]:
        """Changes that make a link mean this window for ever: absolute ends, and whether live records are
        bound by them."""
        if self.window is None or self.window.column != "modificationtime":
            return {}
        if not self.has(*request_window.EXPLICIT) and self.has(*self.noun.window.lifted_by):
            return {}
        changes: dict[str, str | None] = dict.fromkeys(request_window.NAMES)
        changes |= {"date_from": iso(self.window.begin), "date_to": iso(self.window.end)}
        return changes if self.window.bounds_active else changes | {"active": "all"}


_NOT_IN_KEY = frozenset({"timestamp", "json", "format", *request_window.NAMES} - {"active"})


def parse(pairs: Iterable[tuple[str, str]], noun: Noun, now: datetime, strict: bool = False) -> Selection:
    """Read a request.

    strict: unknown names are refused instead of ignored.

    Raises:
        Problem: names the parameter, what is wrong with it and what to write instead.
    """
    parameters = request.clean(pairs)
    request.check_whole_numbers(parameters)
    combined, used = noun.combined(parameters)
    asked = [*combined, *_conditions(parameters, noun, used)]
    known = _known(parameters, noun, used)
    ignored = tuple(sorted(parameters.keys() - known))
    if strict and ignored:
        raise _unknown(ignored[0], noun)
    return Selection(
        noun=noun,
        asked=tuple(asked),
        window=request_window.window_of(parameters, noun.window, now, _live_states(parameters, noun)),
        sort=_order(parameters, noun),
        limit=_limit(parameters),
        fields=tuple(name.strip() for name in parameters.get("fields", "").split(",") if name.strip()),
        parameters=tuple(sorted((name, parameters[name]) for name in known)),
        ignored=ignored,
        after=read_cursor(parameters["after"]) if "after" in parameters else None,
    )


def _conditions(parameters: Mapping[str, str], noun: Noun, used: set[str]) -> list[Asked]:
    asked = []
    for name, value in parameters.items():
        plain, shown = name.removesuffix(request.SHOWN), name.endswith(request.SHOWN)
        declared = noun.field(plain)
        if name in used or declared is None:
            continue
        _refuse_percent(plain, value)
        try:
            condition = declared.condition_shown(value) if shown else declared.condition(value)
        except Problem as problem:
            raise request.named(problem, name) from None
        asked.append(Asked(name, value, condition))
    return asked


def _refuse_percent(name: str, value: str) -> None:
    if name in ("jobname", "taskname") and "%" in value:
        raise Problem(
            f"Use * symbol for pattern search instead of % for {name}", parameter=name, code="illegal-value"
        )


def _known(parameters: Mapping[str, str], noun: Noun, used: set[str]) -> set[str]:
    ranges = {column + "range" for column in noun.window.time_columns}
    steering = COMMON_CONTROLS | noun.controls | request_window.NAMES | ranges | used
    return {
        name
        for name in parameters
        if name in steering or noun.field(name.removesuffix(request.SHOWN)) is not None
    }


def _unknown(name: str, noun: Noun) -> Problem:
    from difflib import get_close_matches  # pylint: disable=import-outside-toplevel  # only for this message

    near = get_close_matches(name, [field.name for field in noun.fields], 1)
    remedy = f"Did you mean {near[0]}?" if near else "See the list of parameters in /api/v1/openapi.json."
    return Problem(f"Unknown parameter {name[:60]}", parameter=name[:60], code="unknown-parameter", remedy=remedy)


def _live_states(parameters: Mapping[str, str], noun: Noun) -> tuple[str, ...]:
    """The live states a request names when it names nothing else."""
    for name, live in noun.live_states.items():
        wanted = parameters.get(name, "").replace("|", ",").split(",")
        if len(wanted) == 1 and wanted[0] in live:
            return (wanted[0],)
    return ()


def _order(parameters: Mapping[str, str], noun: Noun) -> tuple[Sort, ...]:
    """`sort=-column` is ours; `sortby=<word>` the compatible form. Unknown words of `sortby` are as absent."""
    if "sort" in parameters:
        name = parameters["sort"].strip().removeprefix("-")
        if noun.field(name) is None and name not in noun.window.time_columns:
            raise Problem(
                f"Cannot sort by {name[:60]}",
                parameter="sort",
                code="illegal-value",
                remedy="Give the name of a column, with - before it for descending order.",
            )
        return (Sort(name, parameters["sort"].strip().startswith("-")),)
    return noun.sorts.get(parameters.get("sortby", ""), ()) or _task_order(parameters, noun)


def _task_order(parameters: Mapping[str, str], noun: Noun) -> tuple[Sort, ...]:
    if "jeditaskid" in parameters and noun.field("attemptnr") is not None:
        return (Sort("attemptnr", descending=True),)
    return noun.default_sort


def _limit(parameters: dict[str, str]) -> int | None:
    limit = request.whole_number(parameters, "limit")
    return None if limit is None else min(limit, MOST_ROWS)


def write_cursor(value: object, tie: int) -> str:
    """The place after a row, opaque to clients."""
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, tie]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[object, int]:
    """The place a page of rows continues after.

    Raises:
        Problem: not a cursor that we gave.
    """
    try:
        value, tie = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error):
        value, tie = None, None
    if not isinstance(tie, int) or isinstance(tie, bool) or not isinstance(value, str | int | float | None):
        raise Problem(
            "The place to continue from cannot be read",
            parameter="after",
            code="illegal-value",
            remedy="Follow the link of the previous page, or leave `after` out.",
        )
    return value, tie


def lookup(name: str, column: str, **arguments: str) -> Lookup:
    return Lookup(name, column, tuple(sorted(arguments.items())))
