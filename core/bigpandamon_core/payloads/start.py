"""The start page: is the system well? One sentence, what stands out, the states and why jobs fail."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.payloads import following, jobs_errors, jobs_page, scope, start_facts
from bigpandamon_core.payloads.asked import window_shown
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import link
from bigpandamon_core.payloads.jobs_trend import trend
from bigpandamon_core.payloads.standouts import MOST_SHOWN, counted, shown, standouts
from bigpandamon_core.summaries.blame import Suspect

SILENT_SECONDS = 900
"""A PanDA that works changes some job every few seconds; after so long without a change it is told first."""
HIGH_PERCENT = 10
"""A failing rate that needs somebody even where nothing stands out."""


class Start(Jobs):
    """The jobs of the usual window, whatever the request says."""

    def __init__(self, call: Call):
        super().__init__(replace(call, parameters=(), url=f"{call.root}jobs/", strict=False))
        self._without_effect = scope.ignored(call)

    @property
    def ignored(self) -> tuple[str, ...]:
        return self._without_effect

    @property
    def without_effect(self) -> list[str]:
        return list(self._without_effect)


def shape(jobs: Jobs) -> dict[str, Any]:
    found = standouts(jobs)
    newest = _newest_change(jobs)
    verdict = _verdict(jobs, found, newest["seconds"])
    return {
        "title": "Overview",
        "heading": verdict["sentence"],
        "verdict": verdict,
        "newest": newest,
        "total": jobs.tally.total,
        "window": window_shown(jobs.selection, jobs.call.url),
        "states": jobs_page.states(jobs),
        "trend": trend(jobs),
        "findings": shown(jobs, found),
        "more_findings": max(len(found) - MOST_SHOWN, 0),
        **jobs_errors.shown(jobs),
        "facts": start_facts.facts(jobs),
        "tables": start_facts.tables(jobs),
        "jobs_url": link(jobs),
        "failing_url": link(jobs, order="failing"),
        "truncated": jobs.truncated,
        "ignored": jobs.without_effect,
        "notes": jobs.lacking,
        "source": jobs.source.told,
        "following": following.told(jobs.call),
        "links": {"api": f"{jobs.call.api}jobs?{jobs.selection.query()}"},
    }


def _newest_change(jobs: Jobs) -> dict[str, Any]:
    """The moment of the last change of any job, and how long ago that was."""
    rows = jobs.page(("modificationtime",), 1)
    moment = rows[0]["modificationtime"] if rows else None
    seconds = max((jobs.call.now - moment) / timedelta(seconds=1), 0) if moment else None
    return {"time": moment, "seconds": seconds, "late": seconds is not None and seconds > SILENT_SECONDS}


def _verdict(jobs: Jobs, found: list[Suspect], silent_seconds: float | None) -> dict[str, str]:
    """group: how it is to be shown. sentence, detail: what it is."""
    group, sentence = _judged(jobs, found, silent_seconds)
    tally = jobs.tally
    rate = failing_percent(tally.failed, tally.finished)
    told = f"{tally.failed:,} of {tally.failed + tally.finished:,} jobs that ended failed"
    return {"group": group, "sentence": sentence, "detail": "" if rate is None else f"{told}: {rate:.1f} %."}


def _judged(jobs: Jobs, found: list[Suspect], silent_seconds: float | None) -> tuple[str, str]:
    tally = jobs.tally
    rate = failing_percent(tally.failed, tally.finished)
    if not tally.total:
        return "waiting", "There are no jobs in this window"
    if silent_seconds is not None and silent_seconds > SILENT_SECONDS:
        return "bad", f"No job has changed for {_long(silent_seconds)}"
    if found:
        return "bad", f"{counted(found)} {'fails' if len(found) == 1 else 'fail'} far above the rest"
    if rate is None:
        return "waiting", "No job has ended in this window"
    if rate >= HIGH_PERCENT:
        return "ended", f"{rate:.0f} % of jobs fail, everywhere alike"
    return "good", "Nothing stands out"


def _long(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60:,} hours"


def compatible(_jobs: Jobs) -> dict[str, Any]:
    """The start page has no JSON of its own in the BigPanDA API."""
    return {}
