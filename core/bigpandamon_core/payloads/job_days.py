"""Jobs counted in the PanDA database, closed days one by one: what such a day has is counted once and kept.

A day is closed once facets have forgotten it. What it had is kept for good, until a file of records is
imported, and as it is stored: what a caller may see of it is decided later.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bigpandamon_core.domain.conditions import Test, leaves
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.window import Window, floor
from bigpandamon_core.panda.jobs import Job, JobsArchived, JobsArchived4
from bigpandamon_core.panda.periods import LIVE
from bigpandamon_core.payloads.call import Call, Shelf
from bigpandamon_core.queries.job_counts import Counting
from bigpandamon_core.queries.jobs import TABLES
from bigpandamon_core.queries.own.imports import last_imported
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries.jobs import Tally

DAY_SECONDS = 86_400
DAY = timedelta(seconds=DAY_SECONDS)
TICK = timedelta(microseconds=1)
ARCHIVES = (JobsArchived4, JobsArchived)


def pieces(window: Window, closed_before: datetime) -> tuple[list[Window], list[Window]]:
    """The closed days inside a window, the latest first, and what of it lies before and after them."""
    first = floor(window.begin - TICK, DAY_SECONDS) + DAY
    last = floor(min(window.end + TICK, closed_before), DAY_SECONDS)
    if last <= first:
        return [], [window]
    begins = [last - DAY * place for place in range(1, (last - first) // DAY + 1)]
    days = [replace(window, begin=begin, end=begin + DAY - TICK) for begin in begins]
    rest = [replace(window, end=first - TICK), replace(window, begin=last)]
    return days, [piece for piece in rest if piece.begin <= piece.end]


@dataclass
class Days:
    """The count of a selection. truncated: whether the option panda.row_cap cut it; kept: how many days of it
    were counted now and need not be again. Both are known after `tally`."""

    call: Call
    selection: Selection
    fields: Sequence[Field]
    errors_in_all_states: bool = False
    truncated: bool = False
    kept: int = 0

    def __post_init__(self) -> None:
        self._left: int = self.call.option("panda.row_cap")

    def tally(self) -> Tally:
        """All jobs of the selection, live ones and those of days that are not closed counted anew."""
        whole, shelf = self._empty(), self.call.shelf
        days, rest = self._pieces() if shelf is not None else ([], [])
        with snapshot():
            if not days or shelf is None:
                self._read(whole, self.selection, TABLES)
                return whole
            self._read(whole, self.selection, LIVE)
            for window in rest:
                self._read(whole, replace(self.selection, window=window), ARCHIVES)
            for told in self._of_days(days, shelf):
                whole.add_told(told)
        return whole

    def _empty(self) -> Tally:
        return Tally(self.fields, self.errors_in_all_states)

    def _pieces(self) -> tuple[list[Window], list[Window]]:
        window = self.selection.window
        if window is None or not self._is_lasting(window):
            return [], []
        kept = timedelta(hours=self.call.option("follow.kept_hours"))
        return pieces(window, self.call.now - kept)

    def _is_lasting(self, window: Window) -> bool:
        """Whether the jobs of a closed day fulfil the selection tomorrow as they do today."""
        return (
            window.column == "modificationtime"
            and self.selection.get("noarchjobs", "0") == "0"
            and all(isinstance(leaf, Test) for leaf in leaves(self.selection.condition))
        )

    def _of_days(self, days: Sequence[Window], shelf: Shelf) -> Iterator[dict[str, Any]]:
        fields = [field.name for field in self.fields]
        about = (last_imported(), self.selection.condition, self.errors_in_all_states, fields)
        for day in days:
            key = repr((day, *about))
            found = shelf.get(key)
            yield json.loads(found) if found else self._counted(day, key, shelf)

    def _counted(self, day: Window, key: str, shelf: Shelf) -> dict[str, Any]:
        alone = self._empty()
        if self._read(alone, replace(self.selection, window=day), ARCHIVES):
            self.kept += shelf.put(key, json.dumps(alone.told()).encode())
        return alone.told()

    def _read(self, tally: Tally, selection: Selection, tables: Collection[type[Job]]) -> bool:
        """Whether it was read to the end."""
        counting = Counting(selection, tally.columns, self.call.now, tables, self._left)
        for sign, rows in counting.chunks():
            tally.add(sign, rows)
        self._left = counting.left
        self.truncated |= counting.truncated
        return not counting.truncated
