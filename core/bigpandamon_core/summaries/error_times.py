"""Errors of jobs over time, counted row by row."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.job_errors import CODE_COLUMNS
from bigpandamon_core.domain.window import floor, iso
from bigpandamon_core.summaries.errors import STATE_COLUMNS, ErrorsOfRows
from bigpandamon_core.summaries.jobs import Key

CHANGED = "modificationtime"
"""The time by which jobs are in a piece."""


@dataclass(frozen=True)
class ErrorTimes:
    """minutes: of a piece. moments: where pieces begin, and the end of the last. counts: by error, how many
    of the jobs that changed last in each piece had it."""

    minutes: int
    moments: Sequence[datetime]
    counts: Mapping[Key, Sequence[int]]


class ErrorsOverTime(ErrorsOfRows):
    """moments: as of ErrorTimes. minutes: of a piece, whole steps of the clock but for the first and last."""

    columns = ("pandaid", *STATE_COLUMNS, CHANGED, *CODE_COLUMNS)

    def __init__(self, moments: Sequence[datetime], all_states: bool = False, minutes: int = 1):
        super().__init__(all_states)
        self._moments, self._seconds = moments, 60 * minutes
        self.counts: dict[Key, list[int]] = {}

    def add_errors(self, sign: int, row: Mapping[str, Any], errors: Sequence[Key]) -> None:
        if row[CHANGED]:
            for key in errors:
                self._add(key, row[CHANGED], sign)

    def _add(self, key: Key, moment: datetime, jobs: int) -> None:
        place = bisect_right(self._moments, moment) - 1
        if 0 <= place < len(self._moments) - 1:
            counts = self.counts.setdefault(key, [0] * (len(self._moments) - 1))
            counts[place] += jobs

    def kept(self) -> list[Any]:
        """Everything counted, by whole steps of the clock, as JSON can carry it; see `add_kept`."""
        steps = [iso(floor(moment, self._seconds)) for moment in self._moments[:-1]]
        return [
            (*key, [(step, jobs) for step, jobs in zip(steps, counts, strict=True) if jobs])
            for key, counts in self.counts.items()
        ]

    def add_kept(self, kept: Iterable[Any]) -> None:
        """Add what another count by pieces of the same length has kept; its window may begin at another time,
        but before all that was counted."""
        for component, code, counts in kept:
            for step, jobs in counts:
                self._add((component, code), max(datetime.fromisoformat(step), self._moments[0]), jobs)
