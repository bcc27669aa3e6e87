"""How a selection's jobs fared over its window: when they ended, how, and how long they ran."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import FINAL, JOB_STATES, failing_percent
from bigpandamon_core.domain.window import Window, iso
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.payloads import trend_rollups
from bigpandamon_core.payloads.job_facets import FACETS
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import link
from bigpandamon_core.payloads.trend_rollups import CHANGED, ROLLUPS, Unanswered
from bigpandamon_core.summaries.trends import SECOND, Piece, Trend, edges, pieces, step_minutes

STATE, MODIFIED = "jobstatus", "modificationtime"
ENDED = ",".join(state for state in JOB_STATES if state in FINAL)


def trend(jobs: Jobs) -> dict[str, Any] | None:
    """Bars of equal length, each with a link to its jobs; None where there is nothing to tell."""
    jobs = ended(jobs)
    found = told(jobs)
    if found is None or (found.pieces and not any(piece.jobs for piece in found.pieces)):
        return None
    if not found.pieces:
        return {"bars": [], "why_not": found.why_not}
    return {
        "minutes": found.minutes,
        "bars": [bar(jobs, piece, found.column) for piece in found.pieces],
        "begin": found.pieces[0].begin,
        "end": found.pieces[-1].end,
        "ended": by_end(jobs),
        "source": found.source,
        "note": _note(found),
    }


def told(jobs: Jobs) -> Trend | None:
    """From facets where they reach, else from rollups; None without a window of times of change, or where
    nobody follows."""
    window = jobs.selection.window
    if window is None or window.column != MODIFIED:
        return None
    if jobs.facets:
        return _from_facets(jobs, jobs.facets, window)
    try:
        return trend_rollups.found(
            jobs.selection, window, jobs.call.now, jobs.call.option("schedule.keep_days")
        )
    except Unanswered as reason:
        return Trend(0, [], ROLLUPS, CHANGED, jobs.call.now, why_not=str(reason))


def _from_facets(jobs: Jobs, counted: Counted, window: Window) -> Trend:
    minutes = step_minutes(window.hours)
    found = pieces(edges(window.begin, window.end, timedelta(minutes=minutes)))
    counted.count_over_time(found)
    return Trend(minutes, found, FACETS, MODIFIED, jobs.source.as_of)


def ended(jobs: Jobs) -> Jobs:
    """Those of the jobs that ended; all of them where the request says itself in which states they are."""
    if jobs.selection.has(STATE, STATE + SHOWN):
        return jobs
    found = Jobs(replace(jobs.call, parameters=(*jobs.call.parameters, (STATE, ENDED))))
    if jobs.facets:
        found.facets, found.source = jobs.facets.in_states(FINAL), jobs.source
    return found


def by_end(jobs: Jobs) -> bool:
    """Whether jobs are counted when they ended: all of them did."""
    return jobs.selection.get(STATE) == ENDED


def numbers(piece: Piece) -> dict[str, Any]:
    """What is told of one."""
    return {
        "failed": piece.failed,
        "finished": piece.finished,
        "other": piece.other,
        "count": piece.jobs,
        "rate": failing_percent(piece.failed, piece.finished),
        "mean_minutes": piece.mean_minutes,
    }


def _note(found: Trend) -> str:
    """For people: where it is from, unless that is what the rest of the page is from."""
    if found.source != ROLLUPS:
        return ""
    since = f", complete since {found.complete_since:%d %b %Y %H:%M}" if found.complete_since else ""
    return f"from rollups, as of {found.as_of:%H:%M:%S} UTC{since}"


def bar(jobs: Jobs, piece: Piece, column: str) -> dict[str, Any]:
    """Its link asks by the time by which jobs are counted in it."""
    last = piece.end - SECOND
    period: dict[str, str | None] = {"date_from": iso(piece.begin), "date_to": iso(last), "active": None}
    if column != MODIFIED:
        period = dict.fromkeys(period) | {f"{column}range": f"{iso(piece.begin)}|{iso(last)}"}
    return {"begin": piece.begin, "end": last, "url": link(jobs, **period)} | numbers(piece)
