"""Job statistics as bars over time."""

from bisect import bisect_right
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from bigpandamon_core.payloads import trend_rollups
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_trend import bar, ended
from bigpandamon_core.payloads.statistics import Statistics
from bigpandamon_core.payloads.trend_rollups import CHANGED, ROLLUPS, Period
from bigpandamon_core.summaries.trends import SECOND, Piece, edges, pieces


def trend(statistics: Statistics) -> dict[str, Any] | None:
    """Bars of whole bins, each with a link to its jobs; None where there is nothing to tell."""
    if statistics.period is None or statistics.bins is None or not statistics.told:
        return None
    minutes, made = _pieces(statistics, statistics.period, *statistics.bins)
    jobs = ended(Jobs(replace(statistics.asked, url=f"{statistics.call.root}jobs/", strict=False)))
    bars = [bar(jobs, piece, CHANGED) for piece in made]
    if not (statistics.counts_once and statistics.has_rows):
        bars = [one | {"url": ""} for one in bars]
    return {
        "minutes": minutes,
        "bars": bars,
        "begin": made[0].begin,
        "end": made[-1].end,
        "ended": True,
        "source": ROLLUPS,
        "note": "added up from the left" if statistics.integrates else "",
    }


def _pieces(
    statistics: Statistics, period: Period, begin: datetime, end: datetime
) -> tuple[int, list[Piece]]:
    minutes, _ = trend_rollups.step([period.level], period.window)
    made = pieces(edges(begin, end - SECOND, timedelta(minutes=minutes)))
    starts = [piece.begin for piece in made]
    for one in statistics.told:
        jobs, timed, wall, *_ = one.counted
        made[bisect_right(starts, one.begin) - 1].add(trend_rollups.shown(one.values[1:]), jobs, timed, wall)
    return minutes, list(accumulate(made, _joined)) if statistics.integrates else made


def _joined(before: Piece, piece: Piece) -> Piece:
    """Both, as one piece from the first begin on."""
    both = replace(copy(piece), begin=before.begin)
    both.join(before)
    return both
