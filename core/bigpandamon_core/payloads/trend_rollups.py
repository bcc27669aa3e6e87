"""Jobs over time from rollups: windows of weeks and months, as far as conditions are on their dimensions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bigpandamon_core.domain.conditions import Condition, tests
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import shown_state
from bigpandamon_core.domain.window import Window, iso
from bigpandamon_core.queries.lookups import resolve
from bigpandamon_core.rollups.declared import FOR_EVER, OF_FAILURES, Level, Rollup
from bigpandamon_core.rollups.reading import Reach, Sums, answering, how_many_keys, reach, series
from bigpandamon_core.rollups.retention import kept_days
from bigpandamon_core.summaries.trends import (
    EVERY_STEP_MIN,
    MOST_BARS,
    Piece,
    Trend,
    pieces,
    step_minutes,
    whole_edges,
)

ROLLUPS, CHANGED = "rollups", "statechangetime"
BY = ("jobstatus", "jobsubstatus")
FAILED = "failed"
MINUTES_OF_AN_HOUR = 60
DAY = timedelta(days=1)
FEW_ROWS = 60_000
"""For more rows of bins longer ones are taken."""


class Unanswered(Exception):
    """Why rollups cannot tell, in words."""


@dataclass(frozen=True)
class Period:
    """What rollups can tell of a window. condition: on their dimensions. window: as far as they are complete.
    levels: lengths of bins that are still there for it. known: how far they reach. states: the dimensions
    that tell states, none where all are of jobs that failed."""

    rollup: Rollup
    condition: Condition
    window: Window
    levels: Sequence[Level]
    known: Reach
    wanted: datetime
    states: tuple[str, ...] = BY

    @property
    def level(self) -> Level:
        """The bins that lose least at the ends of the window, of those of which few rows are read."""
        return self.levels[0]

    @property
    def partly(self) -> datetime | None:
        """Since when all is counted, None where that is the whole window."""
        return _partly(self.known, self.window.begin, self.wanted)


def period(
    selection: Selection,
    window: Window,
    now: datetime,
    configured: Mapping[str, int],
    by: Collection[str] = (),
) -> Period | None:
    """What rollups can tell of a selection's jobs by state and `by`, or of their failures; None where nobody
    follows.

    configured: the option schedule.keep_days.

    Raises:
        Unanswered: the selection's jobs are not told apart in rollups, or not at that time.
    """
    condition = resolve(selection.condition)
    states = () if _is_of_failures(condition, by) else BY
    rollup = answering(condition, (*states, *by))
    if isinstance(rollup, str):
        raise Unanswered(rollup)
    known = reach(rollup)
    if known is None:
        return None
    if known.complete_since >= window.end:
        raise Unanswered(f"rollups are complete since {iso(known.complete_since)}")
    told = replace(window, begin=max(window.begin, known.complete_since))
    kept = _kept(rollup, told, now, configured)
    levels = _affordable(kept, how_many_keys(rollup, condition), told)
    return Period(rollup, condition, told, levels, known, window.begin, states)


def _is_of_failures(condition: Condition, by: Collection[str]) -> bool:
    return bool(OF_FAILURES.intersection((*by, *(test.column for test in tests(condition)))))


def shown(states: Sequence[str]) -> str:
    """The state that the values of a period's states mean."""
    return shown_state(*states) if states else FAILED


def found(selection: Selection, window: Window, now: datetime, configured: Mapping[str, int]) -> Trend | None:
    """Pieces of whole bins that cover the window as far as it is known; as `period`."""
    can = period(selection, window, now, configured)
    if can is None:
        return None
    minutes, level = step(can.levels, can.window)
    length = timedelta(minutes=minutes)
    moments = whole_edges(can.window.begin, can.window.end, length)
    made = pieces(moments)
    covered = moments[0], moments[-1]
    _fill(made, length, series(can.rollup, level.hours, covered, can.condition, can.states))
    partly = _partly(can.known, made[0].begin, window.begin)
    return Trend(minutes, made, ROLLUPS, CHANGED, can.known.as_of, partly)


def _partly(known: Reach, begin: datetime, wanted: datetime) -> datetime | None:
    return known.complete_since if known.complete_since > min(begin, wanted) else None


def _kept(rollup: Rollup, window: Window, now: datetime, configured: Mapping[str, int]) -> list[Level]:
    """Lengths of bins that are still there for the whole window; the first piece begins before it.

    Raises:
        Unanswered: there are none.
    """
    begin = window.begin - max(DAY, timedelta(hours=2 * window.hours / MOST_BARS))
    days = {level: kept_days(rollup, level, configured) for level in rollup.levels}
    kept = [level for level, most in days.items() if most == FOR_EVER or now - begin < timedelta(days=most)]
    if not kept:
        raise Unanswered("bins of that time are not kept any more")
    return kept


def _affordable(kept: Sequence[Level], keys: int, window: Window) -> Sequence[Level]:
    """Those of which few rows are read, at least the longest."""
    few = [level for level in kept if keys * window.hours / level.hours <= FEW_ROWS]
    return few or kept[-1:]


def step(kept: Sequence[Level], window: Window) -> tuple[int, Level]:
    """Minutes of a piece, and the longest bins that it is made of."""
    lengths = [level.hours * MINUTES_OF_AN_HOUR for level in kept]
    fitting = [one for one in EVERY_STEP_MIN if any(one % length == 0 for length in lengths)]
    minutes = step_minutes(window.hours, fitting)
    divides = [level for level in kept if minutes % (level.hours * MINUTES_OF_AN_HOUR) == 0]
    return minutes, max(divides, key=lambda level: level.hours)


def _fill(made: list[Piece], length: timedelta, sums: Iterable[Sums]) -> None:
    for one in sums:
        place = (one.begin - made[0].begin) // length
        if 0 <= place < len(made):
            jobs, timed, wall, *_ = one.counted
            made[place].add(shown(one.values), jobs, timed, wall)
