"""Jobs counted in the PanDA database: what a closed day has is counted once and kept.

A day is closed once facets have forgotten it. What it had is kept for good, until a file of records is
imported, and as it is stored: what a caller may see of it is decided later. Days of jobs that started and
tell no end are not kept: those are said to run on.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from bigpandamon_core.domain.conditions import Test, leaves
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.request_window import EXPLICIT
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.window import RECENT_DAYS, Window, floor
from bigpandamon_core.facets.columns import MINUTES
from bigpandamon_core.panda.jobs import Job, JobsArchived, JobsArchived4
from bigpandamon_core.panda.periods import LIVE
from bigpandamon_core.payloads.call import Call, Shelf
from bigpandamon_core.queries.job_counts import Counting, OlderRows
from bigpandamon_core.queries.jobs import TABLES, there
from bigpandamon_core.queries.own.imports import last_imported
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries.jobs import Row, Tally

DAY_SECONDS = 86_400
DAY = timedelta(seconds=DAY_SECONDS)
TICK = timedelta(microseconds=1)
SETTLED = timedelta(days=RECENT_DAYS)
"""Later than that nothing moves a job from one day to another."""
STRETCHES = (1, 6, 28, 56)
"""At most so many days that are not known, and follow one another, are counted by one statement, the latest
first: where a limit of rows or time cuts the answer, who asks again gets further by the first at least."""
MOST_DAYS = sum(STRETCHES)
"""So many days of a window are told apart; what is older is not kept."""
ARCHIVES = (JobsArchived4, JobsArchived)
ASKED = (*EXPLICIT, "modificationtimerange")
"""A window that was not asked for belongs to a request for few jobs, found at once."""


@dataclass(frozen=True)
class Piece:
    """A part of a window. is_closed: a whole day that changes no more."""

    window: Window
    is_closed: bool = False


def pieces(window: Window, closed_before: datetime) -> list[Piece]:
    """What is after the closed days of a window, those days, and what is before them: the latest first."""
    last = floor(min(window.end + TICK, closed_before), DAY_SECONDS)
    first = max(floor(window.begin - TICK, DAY_SECONDS) + DAY, last - MOST_DAYS * DAY)
    if last <= first:
        return [Piece(window)]
    begins = [last - DAY * place for place in range(1, (last - first) // DAY + 1)]
    days = [Piece(replace(window, begin=begin, end=begin + DAY - TICK), True) for begin in begins]
    found = [Piece(replace(window, begin=last)), *days, Piece(replace(window, end=first - TICK))]
    return [piece for piece in found if piece.window.begin <= piece.window.end]


class ByDay:
    """Rows told apart by the day of their last change; those of other days are left out.

    run_on: days that have a job which tells no end, where it is counted how long jobs ran.
    """

    def __init__(self, tallies: Mapping[date, Tally]):
        self.tallies = tallies
        counted = next(iter(tallies.values())).columns
        self.columns = (*counted, "starttime", "endtime", "modificationtime")
        self.run_on: set[date] = set()
        self._runs = MINUTES in counted

    def add(self, sign: int, rows: Sequence[Row]) -> None:
        by_day = defaultdict[date, list[Row]](list)
        for row in rows:
            by_day[row[-1].date()].append(row)
        for day in by_day.keys() & self.tallies.keys():
            self.tallies[day].add(sign, by_day[day])
            if self._runs and any(row[-3] and not row[-2] for row in by_day[day]):
                self.run_on.add(day)


@dataclass
class Days:
    """The count of a selection. truncated: whether the option panda.row_cap cut it. kept: how many days of it
    were counted now and need not be again; found: how many had been. All are known after `tally`."""

    call: Call
    selection: Selection
    fields: Sequence[Field]
    errors_in_all_states: bool = False
    older_rows: OlderRows = field(default_factory=OlderRows)
    truncated: bool = False
    kept: int = 0
    found: int = 0

    def __post_init__(self) -> None:
        self._left: int = self.call.option("panda.row_cap")
        self._counted: dict[str, bytes] = {}

    def tally(self) -> Tally:
        """All jobs of the selection, live ones and those of days that are not closed counted anew."""
        whole, shelf = self._empty(), self.call.shelf
        with snapshot():
            if shelf is None or not self._is_lasting:
                self._read(whole, self.selection, TABLES)
                return whole
            try:
                self._read(whole, self.selection, LIVE)
                self._add_pieces(whole, shelf)
            finally:
                self.kept = sum(shelf.put(key, content) for key, content in self._counted.items())
        return whole

    def _empty(self) -> Tally:
        return Tally(self.fields, self.errors_in_all_states)

    def _pieces(self) -> list[Piece]:
        kept = timedelta(hours=self.call.option("follow.kept_hours"))
        window = self.selection.window
        return pieces(window, self.call.now - max(kept, SETTLED)) if window else []

    @property
    def _is_lasting(self) -> bool:
        """Whether the jobs of a closed day fulfil the selection tomorrow as they do today."""
        window = self.selection.window
        return (
            window is not None
            and window.column == "modificationtime"
            and self.selection.has(*ASKED)
            and self.selection.get("noarchjobs") != "1"
            and all(isinstance(leaf, Test) for leaf in leaves(self.selection.condition))
        )

    @cached_property
    def _about(self) -> str:
        """What the count of a day depends on beside the day."""
        fields = [field.name for field in self.fields]
        tables = [table.__name__ for table in there(ARCHIVES)]
        return repr((last_imported(), tables, self.selection.condition, self.errors_in_all_states, fields))

    def _add_pieces(self, whole: Tally, shelf: Shelf) -> None:
        """What is after the closed days, these, and what is before."""
        for is_closed, some in groupby(self._pieces(), lambda piece: piece.is_closed):
            windows = [piece.window for piece in some]
            if is_closed:
                self._add_days(whole, windows, shelf)
            else:
                self._read(whole, replace(self.selection, window=windows[0]), ARCHIVES)

    def _add_days(self, whole: Tally, days: Sequence[Window], shelf: Shelf) -> None:
        unknown = []
        for day in days:
            if content := shelf.get(self._key(day)):
                self.found += 1
                whole.add_told(json.loads(content))
            else:
                unknown.append(day)
        for some in _stretches(unknown):
            if self._left > 0:
                for told in self._count_days(some):
                    whole.add_told(told)
            else:
                self.truncated = True

    def _key(self, day: Window) -> str:
        return f"{day.begin} {self._about}"

    def _count_days(self, days: Sequence[Window]) -> Iterator[dict[str, Any]]:
        """What each of some days that follow one another has, the latest first, by one reading."""
        found = ByDay({day.begin.date(): self._empty() for day in days})
        span = replace(days[0], begin=days[-1].begin)
        is_whole = self._read(found, replace(self.selection, window=span), ARCHIVES)
        for day in days:
            told = found.tallies[day.begin.date()].told()
            if is_whole and day.begin.date() not in found.run_on:
                self._counted[self._key(day)] = json.dumps(told).encode()
            yield told

    def _read(self, into: Tally | ByDay, selection: Selection, tables: Collection[type[Job]]) -> bool:
        """Whether it was read to the end."""
        counting = Counting(selection, into.columns, self.call.now, tables, self._left, self.older_rows)
        for sign, rows in counting.chunks():
            into.add(sign, rows)
        self._left = counting.left
        self.truncated |= counting.truncated
        return not counting.truncated


def _stretches(days: Sequence[Window]) -> Sequence[Sequence[Window]]:
    """Those that follow one another, the latest first; stretches grow."""
    found: list[list[Window]] = []
    for day in days:
        most = STRETCHES[min(len(found), len(STRETCHES)) - 1]
        if not found or len(found[-1]) == most or day.begin != found[-1][-1].begin - DAY:
            found.append([])
        found[-1].append(day)
    return found
