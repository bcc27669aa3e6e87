"""Errors of jobs over time, counted row by row."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.job_errors import CODE_COLUMNS, errors_of
from bigpandamon_core.summaries.errors import STATE_COLUMNS, ErrorsOfRows, Key

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
    """moments: as of ErrorTimes."""

    columns = ("pandaid", *STATE_COLUMNS, CHANGED, *CODE_COLUMNS)

    def __init__(self, moments: Sequence[datetime], all_states: bool = False):
        super().__init__(all_states)
        self._moments = moments
        self.counts: dict[Key, list[int]] = {}

    def add_told(self, sign: int, row: Mapping[str, Any]) -> None:
        place = bisect_right(self._moments, row[CHANGED]) - 1 if row[CHANGED] else -1
        if not 0 <= place < len(self._moments) - 1:
            return
        for error in errors_of(row):
            counts = self.counts.setdefault((error.component, error.code), [0] * (len(self._moments) - 1))
            counts[place] += sign
