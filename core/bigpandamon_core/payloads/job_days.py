"""Jobs counted in the PanDA database: what a closed day has is counted once and kept.

A day is closed once facets have forgotten it. What it had is kept for good, until a file of records is
imported, and as it is stored: what a caller may see of it is decided later. Days of jobs that started and
tell no end are not kept: those are said to run on.
"""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from itertools import chain
from operator import itemgetter
from time import perf_counter

from bigpandamon_core.domain.conditions import Test, leaves
from bigpandamon_core.domain.request_window import EXPLICIT
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.window import Window
from bigpandamon_core.panda.jobs import JobsArchived, JobsArchived4
from bigpandamon_core.panda.periods import LIVE
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.closed_days import SETTLED, ByDay, Pieces, pieces, spans
from bigpandamon_core.queries.job_counts import Asked, Counting
from bigpandamon_core.queries.job_doubles import OlderRows
from bigpandamon_core.queries.jobs import there
from bigpandamon_core.queries.own.imports import last_imported
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries.jobs import Row, Tally

ARCHIVES = (JobsArchived4, JobsArchived)
ASKED = (*EXPLICIT, "modificationtimerange")
"""A window that was not asked for belongs to a request for few jobs, found at once."""
ROOM = 2
"""Days have up to so many times the jobs of another one."""
QUICK_SECONDS = 1.0
"""What took no longer tells nothing of how long more of it will take."""


@dataclass
class Wanted:
    """A count of a selection. empty: makes one without jobs. about: what it depends on beside the selection
    and the fields. truncated: whether the option panda.row_cap cut it. kept: how many closed days of it were
    counted now and need not be again; found: how many had been. These and the count, `whole`, are known
    after `Days.count`.
    """

    selection: Selection
    empty: Callable[[], Tally]
    about: str = ""
    truncated: bool = False
    kept: int = 0
    found: int = 0

    @cached_property
    def whole(self) -> Tally:
        return self.empty()

    @property
    def is_lasting(self) -> bool:
        """Whether the jobs of a closed day fulfil the selection tomorrow as they do today."""
        window = self.selection.window
        return (
            window is not None
            and window.column == "modificationtime"
            and self.selection.has(*ASKED)
            and self.selection.get("noarchjobs") != "1"
            and all(isinstance(leaf, Test) for leaf in leaves(self.selection.condition))
        )

    def key(self, day: Window) -> str:
        """By which the count of a day is kept."""
        return f"{day.begin} {self._about}"

    @cached_property
    def _about(self) -> str:
        fields = [field.name for field in self.whole.fields]
        tables = [table.__name__ for table in there(ARCHIVES)]
        return repr((last_imported(), tables, self.selection.condition, fields, self.about))


@dataclass(frozen=True)
class Reading:
    """A part of a count, read together with others."""

    wanted: Wanted
    asked: Asked
    into: Tally | ByDay


class Ahead:
    """What is still to be read of one count. parts: of its window, None where no day is told apart; unknown:
    those of its closed days that are to be counted."""

    def __init__(self, wanted: Wanted, parts: Pieces | None, unknown: Sequence[Window]):
        self._wanted, self._parts = wanted, parts
        self._unknown = unknown
        self._before = parts.before if parts else None

    def first(self) -> Iterator[Reading]:
        """What is not closed, and the latest of the days."""
        if self._parts is None:
            yield self._reading(Asked(self._wanted.selection))
            return
        yield self._reading(Asked(self._wanted.selection, LIVE))
        if self._parts.recent:
            yield self._reading(self._archived(self._parts.recent))
        yield from self.days(1)

    def days(self, most: float) -> Iterator[Reading]:
        """The next days; with the last ones what is before them, if that is not more than so many, too."""
        some, rest = self._unknown[: int(min(most, len(self._unknown)))], self._unknown
        self._unknown = rest[len(some) :]
        if some:
            by_day = ByDay(some, [self._wanted.empty() for _ in some])
            yield from (self._reading(self._archived(span), by_day) for span in spans(some))
        if self._before and not self._unknown and (not some or most >= len(some) + self._before.hours / 24):
            yield self._reading(self._archived(self._before))
            self._before = None

    def _archived(self, window: Window) -> Asked:
        return Asked(replace(self._wanted.selection, window=window), ARCHIVES)

    def _reading(self, asked: Asked, into: ByDay | None = None) -> Reading:
        return Reading(self._wanted, asked, into or self._wanted.whole)


@dataclass
class Days:
    """Counts that an answer wants, by few statements: what is not closed is read with the latest closed day
    that is not known; then as many days as that one says will do, and then what is left. So where a limit of
    rows or time cuts the answer, who asks again gets further by one day at least."""

    call: Call
    wanted: Sequence[Wanted]
    older_rows: OlderRows = field(default_factory=OlderRows)

    def __post_init__(self) -> None:
        self._left: int = self.call.option("panda.row_cap") * len(self.wanted)
        self._counted: list[tuple[Wanted, str, bytes]] = []

    def count(self) -> None:
        """All jobs of the selections, live ones and those of days that are not closed counted anew."""
        with snapshot():
            try:
                self._count()
            finally:
                self._keep()

    def _keep(self) -> None:
        if (shelf := self.call.shelf) is not None:
            for wanted, key, content in self._counted:
                wanted.kept += shelf.put(key, content)

    def _count(self) -> None:
        ahead, begun = [self._ahead(wanted) for wanted in self.wanted], perf_counter()
        first = [reading for one in ahead for reading in one.first()]
        self._read(first)
        most = self._fitting(first, perf_counter() - begun)
        for days in (most, math.inf):
            self._read([reading for one in ahead for reading in one.days(days)])

    def _ahead(self, wanted: Wanted) -> Ahead:
        """Days that are known are counted by the way."""
        window, shelf = wanted.selection.window, self.call.shelf
        if window is None or shelf is None or not wanted.is_lasting:
            return Ahead(wanted, None, ())
        kept = timedelta(hours=self.call.option("follow.kept_hours"))
        parts, unknown = pieces(window, self.call.now - max(kept, SETTLED)), []
        for day in parts.days:
            if content := shelf.get(wanted.key(day)):
                wanted.found += 1
                wanted.whole.add_told(json.loads(content))
            else:
                unknown.append(day)
        return Ahead(wanted, parts, unknown)

    def _fitting(self, first: Sequence[Reading], seconds: float) -> float:
        """How many days more may be read at once without a limit being met, as far as the first tells. At
        least one."""
        rows = sum(reading.into.rows for reading in first if isinstance(reading.into, ByDay))
        within = (
            self.call.option("panda.statement_seconds") / seconds if seconds > QUICK_SECONDS else math.inf
        )
        return max(min(self._left / max(ROOM * rows, 1), within), 1)

    def _read(self, readings: Sequence[Reading]) -> None:
        is_whole = not readings or (self._left > 0 and self._is_read(readings))
        for reading in readings:
            reading.wanted.truncated |= not is_whole
        days = {one.into: one.wanted for one in readings if isinstance(one.into, ByDay)}
        for by_day, wanted in days.items():
            for day, told, is_lasting in by_day.told():
                wanted.whole.add_told(told)
                if is_whole and is_lasting:
                    self._counted.append((wanted, wanted.key(day), json.dumps(told).encode()))

    def _is_read(self, readings: Sequence[Reading]) -> bool:
        """Whether to the end."""
        fewest_first = sorted((reading.into.columns for reading in readings), key=len)
        columns = tuple(dict.fromkeys(chain.from_iterable(fewest_first)))
        asked = [reading.asked for reading in readings]
        counting = Counting(asked, columns, self.call.now, self._left, self.older_rows)
        added = [_adding(reading.into, columns) for reading in readings]
        for place, sign, rows in counting.chunks():
            added[place](sign, rows)
        self._left = counting.left
        return not counting.truncated


def _adding(count: Tally | ByDay, columns: tuple[str, ...]) -> Callable[[int, Sequence[Row]], None]:
    """Adds rows of these columns to a count: it may have more than its own behind them."""
    if columns[: len(count.columns)] == count.columns:
        return count.add
    take = itemgetter(*map(columns.index, count.columns))
    return lambda sign, rows: count.add(sign, [take(row) for row in rows])
