"""Jobs counted in the PanDA database, closed days one by one: what such a day has is counted once and kept.

A day is closed once facets have forgotten it. What it had is kept for good, until a file of records is
imported, and as it is stored: what a caller may see of it is decided later. Days of jobs that started and
tell no end are not kept: those are said to run on.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
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
from bigpandamon_core.queries.job_counts import Counting, OlderRows, has_endless
from bigpandamon_core.queries.jobs import TABLES, there
from bigpandamon_core.queries.own.imports import last_imported
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries.jobs import Tally

DAY_SECONDS = 86_400
DAY = timedelta(seconds=DAY_SECONDS)
TICK = timedelta(microseconds=1)
SETTLED = timedelta(days=RECENT_DAYS)
"""Later than that nothing moves a job from one day to another."""
MOST_DAYS = 92
"""So many days of a window are counted one by one, what is older at once: each takes two statements."""
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


@dataclass
class Days:
    """The count of a selection. truncated: whether the option panda.row_cap cut it. kept: how many days of it
    were counted now and need not be again; found: how many had been. All are known after `tally`."""

    call: Call
    selection: Selection
    fields: Sequence[Field]
    errors_in_all_states: bool = False
    truncated: bool = False
    kept: int = 0
    found: int = 0

    def __post_init__(self) -> None:
        self._left: int = self.call.option("panda.row_cap")
        self._known = OlderRows()
        self._counted: dict[str, bytes] = {}

    def tally(self) -> Tally:
        """All jobs of the selection, live ones and those of days that are not closed counted anew."""
        whole, shelf = self._empty(), self.call.shelf
        with snapshot():
            if shelf is None or not self._is_lasting:
                self._read(whole, self.selection, TABLES)
                return whole
            self._read(whole, self.selection, LIVE)
            for piece in self._pieces():
                if piece.is_closed:
                    whole.add_told(self._of_day(piece.window, shelf))
                else:
                    self._read(whole, replace(self.selection, window=piece.window), ARCHIVES)
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

    def _of_day(self, day: Window, shelf: Shelf) -> dict[str, Any]:
        key = f"{day.begin} {self._about}"
        if content := shelf.get(key):
            self.found += 1
            told: dict[str, Any] = json.loads(content)
            return told
        alone = self._empty()
        selection = replace(self.selection, window=day)
        is_whole = self._read(alone, selection, ARCHIVES)
        told = alone.told()
        if is_whole and not (MINUTES in alone.columns and has_endless(selection, ARCHIVES, self.call.now)):
            self._counted[key] = json.dumps(told).encode()
        return told

    def _read(self, tally: Tally, selection: Selection, tables: Collection[type[Job]]) -> bool:
        """Whether it was read to the end."""
        counting = Counting(selection, tally.columns, self.call.now, tables, self._left, self._known)
        for sign, rows in counting.chunks():
            tally.add(sign, rows)
        self._left = counting.left
        self.truncated |= counting.truncated
        return not counting.truncated
