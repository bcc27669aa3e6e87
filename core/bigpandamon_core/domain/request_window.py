"""Which period of time a request asks for. Rules from the BigPanDA JSON API, section on time windows."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bigpandamon_core.domain.parameters import whole_number
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import Window, parse_moment

NAMES = frozenset({"hours", "days", "date_from", "date_to", "earlierthan", "earlierthandays", "active"})
EXPLICIT = ("hours", "days", "date_from", "date_to")
"""Parameters that give a window."""
ENDS = ("date_to", "earlierthan", "earlierthandays")
"""Those that say where it ends, if not at the present."""
EARLIEST, LATEST = datetime(1970, 1, 1), datetime(9999, 1, 1)
"""Moments that are asked for lie from one to before the other: after it there are still some to count to."""
_FURTHEST_HOURS = 24 * 366 * 200


@dataclass(frozen=True)
class WindowRules:
    """How a noun is windowed.

    hours: the default length, 0 where there is no window unless one is asked for. lookback_days: how far a
    lifted window reaches back. lifted_by: parameters that lift it when no window is given. unbounded_by:
    parameters that lift it without any bound. time_columns: `<column>range` replaces the window; records
    that have no time have none. column: that of the window. length: the default one in hours where it
    depends on what else is asked for.
    """

    hours: int
    lookback_days: int = 180
    lifted_by: frozenset[str] = frozenset()
    unbounded_by: frozenset[str] = frozenset()
    time_columns: tuple[str, ...] = ("modificationtime",)
    column: str = "modificationtime"
    length: Callable[[Mapping[str, str]], int] | None = None


def window_of(
    parameters: dict[str, str], rules: WindowRules, now: datetime, active_states: Collection[str] = ()
) -> Window | None:
    """The window a request asks for; None when it reaches over all time.

    active_states: the states that are asked for by name; a single live one is never bound.

    Raises:
        Problem: a moment or a number that cannot be read, or an end before its begin.
    """
    if not rules.time_columns:
        return None
    now = now.replace(microsecond=0)
    ranged = ranges(parameters, rules)
    if ranged:
        return ranged[0][1]
    lifting = parameters.keys() & rules.lifted_by
    if not any(name in parameters for name in EXPLICIT):
        if parameters.keys() & rules.unbounded_by:
            return None
        if not rules.hours:
            return None
        if lifting:
            return Window(now - timedelta(days=rules.lookback_days), now, rules.column)
    window = replace(_bounds(parameters, rules, now), bounds_active=_binds_active(parameters, bool(lifting)))
    return replace(window, bounds_active=False) if len(active_states) == 1 else window


def _binds_active(parameters: Mapping[str, str], lifting: bool) -> bool:
    """Live jobs are bound by `date_to`, and by `hours` unless the request is for given ids."""
    if parameters.get("active") == "all":
        return False
    return "date_to" in parameters or ("hours" in parameters and not lifting)


def _bounds(parameters: dict[str, str], rules: WindowRules, now: datetime) -> Window:
    end = _end(parameters, now)
    usual = rules.length(parameters) if rules.length else rules.hours
    hours = _hours(parameters) or usual
    shortest = end - timedelta(hours=hours) if hours else EARLIEST
    begin = _moment(parameters, "date_from") or max(shortest, EARLIEST)
    _refuse_reversed(begin, end, "date_from", "Give date_from before date_to.")
    return Window(begin, end, rules.column)


def _refuse_reversed(begin: datetime, end: datetime, parameter: str, remedy: str) -> None:
    if begin > end:
        raise Problem(
            f"The window ends ({end}) before it begins ({begin})",
            where=parameter,
            remedy=remedy,
            code="illegal-window",
            parameter=parameter,
        )


def _hours(parameters: dict[str, str]) -> int | None:
    """Length asked for in hours; days win over hours."""
    days, hours = whole_number(parameters, "days", 1), whole_number(parameters, "hours", 1)
    length = days * 24 if days else hours
    return min(length, _FURTHEST_HOURS) if length else None


def _end(parameters: dict[str, str], now: datetime) -> datetime:
    earlier_hours = whole_number(parameters, "earlierthan")
    earlier_days = whole_number(parameters, "earlierthandays")
    moved = (earlier_hours or 0) + 24 * (earlier_days or 0)
    return _moment(parameters, "date_to") or max(now - timedelta(hours=min(moved, _FURTHEST_HOURS)), EARLIEST)


def _moment(parameters: dict[str, str], name: str) -> datetime | None:
    return None if name not in parameters else read_moment(parameters[name], name)


def read_moment(text: str, name: str) -> datetime:
    """A date or date-time, in whole seconds: that is what links carry.

    Raises:
        Problem: it is neither.
    """
    moment = parse_moment(text)
    if moment is None or not EARLIEST <= moment < LATEST:
        known = f"Give one from {EARLIEST.date()} on, before {LATEST.date()}."
        example = "Give a date or time like 2026-11-19 or 2026-11-19T10:00, in UTC, without a zone."
        raise Problem(
            f"Illegal value '{text[:60]}' for {name}",
            remedy=example if moment is None else known,
            parameter=name,
            code="illegal-value",
        )
    return moment.replace(microsecond=0)


def ranges(parameters: Mapping[str, str], rules: WindowRules) -> list[tuple[str, Window]]:
    """The periods asked for by `<time column>range=FROM|TO`, each with its parameter's name. The first
    replaces the window, the others hold beside it.

    Raises:
        Problem: not two moments, or in the wrong order.
    """
    names = [(column, f"{column}range") for column in rules.time_columns]
    return [(name, _range(parameters[name], name, column)) for column, name in names if name in parameters]


def _range(text: str, name: str, column: str) -> Window:
    first, bar, last = text.partition("|")
    if not bar:
        raise Problem(
            f"Illegal value '{first[:60]}' for {name}",
            where=name,
            remedy="Give two moments as FROM|TO.",
            code="illegal-value",
            parameter=name,
        )
    begin, end = read_moment(first, name), read_moment(last, name)
    _refuse_reversed(begin, end, name, "Give the earlier moment first.")
    return Window(begin, end, column, bounds_active=True)
