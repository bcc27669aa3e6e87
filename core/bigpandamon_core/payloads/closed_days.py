"""Days of a window that change no more: which those are, and jobs told apart by them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any

from bigpandamon_core.domain.window import RECENT_DAYS, Window, floor
from bigpandamon_core.facets.columns import MINUTES
from bigpandamon_core.summaries.jobs import Row, Tally

DAY_SECONDS = 86_400
DAY = timedelta(seconds=DAY_SECONDS)
TICK = timedelta(microseconds=1)
SETTLED = timedelta(days=RECENT_DAYS)
"""Later than that nothing moves a job from one day to another."""
MOST_DAYS = 91
"""So many days of a window are told apart; what is older is not kept."""
_TIMES = ("starttime", "endtime", "modificationtime")


@dataclass(frozen=True)
class Pieces:
    """A window in pieces, the latest first. recent: after the closed days; days: these; before: what is
    older. Windows without a closed day are recent as a whole."""

    recent: Window | None
    days: Sequence[Window] = ()
    before: Window | None = None


def pieces(window: Window, closed_before: datetime) -> Pieces:
    last = floor(min(window.end + TICK, closed_before), DAY_SECONDS)
    first = max(floor(window.begin - TICK, DAY_SECONDS) + DAY, last - MOST_DAYS * DAY)
    if last <= first:
        return Pieces(window)
    begins = [last - DAY * place for place in range(1, (last - first) // DAY + 1)]
    return Pieces(
        replace(window, begin=last) if last <= window.end else None,
        [replace(window, begin=begin, end=begin + DAY - TICK) for begin in begins],
        replace(window, end=first - TICK) if window.begin < first else None,
    )


def spans(days: Sequence[Window]) -> Iterator[Window]:
    """Days, the latest first, in as few windows as possible."""
    latest: Window | None = None
    for day, earlier in zip(days, (*days[1:], None), strict=True):
        latest = latest or day
        if earlier is None or earlier.begin != day.begin - DAY:
            yield replace(latest, begin=day.begin)
            latest = None


class ByDay:
    """Rows told apart by the day of their last change. run_on: days that have a job which tells no end, where
    it is counted how long jobs ran. rows: how many were counted.
    """

    def __init__(self, days: Sequence[Window], tallies: Sequence[Tally]):
        self._days = days
        self._tallies = {day.begin.date(): tally for day, tally in zip(days, tallies, strict=True)}
        counted = tallies[0].columns
        self.columns = tuple(dict.fromkeys((*counted, *_TIMES)))
        self._times = itemgetter(*map(self.columns.index, _TIMES))
        self._runs = MINUTES in counted
        self._run_on: set[date] = set()
        self.rows = 0

    def add(self, sign: int, rows: Sequence[Row]) -> None:
        self.rows += sign * len(rows)
        by_day = defaultdict[date, list[Row]](list)
        for row in rows:
            started, ended, changed = self._times(row)
            day = changed.date()
            by_day[day].append(row)
            if self._runs and started and not ended:
                self._run_on.add(day)
        for day, some in by_day.items():
            self._tallies[day].add(sign, some)

    def told(self) -> Iterator[tuple[Window, dict[str, Any], bool]]:
        """What each day has, and whether that holds tomorrow."""
        for window, (day, tally) in zip(self._days, self._tallies.items(), strict=True):
            yield window, tally.told(), day not in self._run_on
