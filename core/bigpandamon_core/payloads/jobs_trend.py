"""How a selection's jobs fared over its window: when they ended, and how."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import FINAL, JOB_STATES, failing_percent
from bigpandamon_core.domain.window import floor, iso
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import link

MOST_BARS = 48
STEPS_MIN = (5, 10, 15, 30, 60, 120, 180, 360, 720)
SECOND = timedelta(seconds=1)
STATE = "jobstatus"
ENDED = ",".join(state for state in JOB_STATES if state in FINAL)


def trend(jobs: Jobs) -> dict[str, Any] | None:
    """Bars of equal length, each with a link to its jobs; None where jobs are not counted in facets, or not
    by the time of their last change."""
    jobs = _ended(jobs)
    tally, window = jobs.tally, jobs.selection.window
    if not isinstance(tally, Counted) or window is None or window.column != "modificationtime":
        return None
    minutes = _step(window.hours)
    edges = _edges(window.begin, window.end, timedelta(minutes=minutes))
    counts = tally.changed_between(edges)
    bars = [_bar(jobs, *piece) for piece in zip(pairwise(edges), counts, strict=True)]
    if not any(bar["count"] for bar in bars):
        return None
    ended = jobs.selection.get(STATE) == ENDED
    return {"minutes": minutes, "bars": bars, "begin": edges[0], "end": edges[-1], "ended": ended}


def _ended(jobs: Jobs) -> Jobs:
    """Those of the jobs that ended; all of them where the request says itself in which states they are."""
    if jobs.selection.has(STATE, STATE + SHOWN):
        return jobs
    return Jobs(replace(jobs.call, parameters=(*jobs.call.parameters, (STATE, ENDED))))


def _step(hours: float) -> int:
    """Minutes of a bar."""
    return next((step for step in STEPS_MIN if hours * 60 / step <= MOST_BARS), STEPS_MIN[-1])


def _edges(begin: datetime, end: datetime, step: timedelta) -> list[datetime]:
    """Whole steps of the clock inside the window, and its two ends."""
    first = floor(begin, int(step.total_seconds())) + step
    count = max(int((end - first) / step) + 1, 0)
    inside = [first + step * place for place in range(count)]
    return [begin, *(edge for edge in inside if edge < end), end + SECOND]


def _bar(jobs: Jobs, ends: tuple[datetime, datetime], counts: tuple[int, int, int]) -> dict[str, Any]:
    (begin, end), (failed, finished, other) = ends, counts
    last = end - SECOND
    return {
        "begin": begin,
        "end": last,
        "failed": failed,
        "finished": finished,
        "other": other,
        "count": failed + finished + other,
        "rate": failing_percent(failed, finished),
        "url": link(jobs, date_from=iso(begin), date_to=iso(last), active=None),
    }
