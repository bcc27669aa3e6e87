"""Jobs over time: pieces of a period, each with how its jobs ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bigpandamon_core.domain.window import floor
from bigpandamon_core.summaries.outcomes import Outcomes

MOST_BARS = 48
STEPS_MIN = (5, 10, 15, 30, 60, 120, 180, 360, 720)
LONG_STEPS_DAYS = (1, 2, 7, 14, 28, 91, 364)
MINUTES_OF_A_DAY = 1440
EVERY_STEP_MIN = (*STEPS_MIN, *(days * MINUTES_OF_A_DAY for days in LONG_STEPS_DAYS))
SECOND = timedelta(seconds=1)


@dataclass
class Piece(Outcomes):
    """Jobs from one moment to before another."""

    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Trend:
    """minutes: of a piece. column: the time by which jobs are in one. as_of: what changed up to there is in.
    complete_since: since when all is counted, None for the whole window. why_not: why there are no pieces.
    """

    minutes: int
    pieces: list[Piece]
    source: str
    column: str
    as_of: datetime
    complete_since: datetime | None = None
    why_not: str = ""


def step_minutes(hours: float, steps: Sequence[int] = STEPS_MIN) -> int:
    """Minutes of a piece, so that a period has not many."""
    return next((step for step in steps if hours * 60 / step <= MOST_BARS), steps[-1])


def edges(begin: datetime, end: datetime, step: timedelta) -> list[datetime]:
    """Whole steps of the clock inside a window, and its two ends."""
    first = floor(begin, int(step.total_seconds())) + step
    count = max(int((end - first) / step) + 1, 0)
    inside = [first + step * place for place in range(count)]
    return [begin, *(edge for edge in inside if edge < end), end + SECOND]


def whole_edges(begin: datetime, end: datetime, step: timedelta) -> list[datetime]:
    """Whole steps of the clock that cover a window."""
    first = floor(begin, int(step.total_seconds()))
    return [first + step * place for place in range(-int((first - end) // step) + 1)]


def pieces(moments: Iterable[datetime]) -> list[Piece]:
    """Empty ones, from each moment to the next."""
    return [Piece(*ends) for ends in pairwise(moments)]
