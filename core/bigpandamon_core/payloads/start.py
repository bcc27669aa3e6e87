"""The start page: is the system well? One sentence, what stands out, the states and why jobs fail."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.payloads import following, jobs_errors, jobs_page, scope, start_facts
from bigpandamon_core.payloads.asked import window_shown
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_attributes import common_rate, excess, may_be_cause
from bigpandamon_core.payloads.jobs_links import error_link, errors_url, link, link_to_value
from bigpandamon_core.payloads.jobs_trend import trend
from bigpandamon_core.summaries.jobs import ErrorCount, ValueCount, telling

CAUSES = {"computingsite": "queue", "jeditaskid": "task", "produsername": "user"}
MOST_FINDINGS = 8
SILENT_SECONDS = 900
"""A PanDA that works changes some job every few seconds; after so long without a change it is told first."""
HIGH_PERCENT = 10
"""A failing rate that needs somebody even where nothing stands out."""


@dataclass(frozen=True)
class Standout:
    """A value whose jobs fail far more often than the rest. excess: failures above the common rate."""

    field: str
    value: ValueCount
    excess: float


class Start(Jobs):
    """The jobs of the usual window, whatever the request says."""

    def __init__(self, call: Call):
        super().__init__(replace(call, parameters=(), url=f"{call.root}jobs/", strict=False))
        self._without_effect = scope.ignored(call)

    @property
    def ignored(self) -> tuple[str, ...]:
        return self._without_effect


def shape(jobs: Jobs) -> dict[str, Any]:
    found = sorted(_standouts(jobs), key=lambda one: -one.excess)
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
        "findings": [_finding(jobs, one) for one in found[:MOST_FINDINGS]],
        "errors": jobs_errors.errors(jobs),
        "errors_url": errors_url(jobs),
        "facts": start_facts.facts(jobs),
        "tables": start_facts.tables(jobs),
        "jobs_url": link(jobs),
        "failing_url": link(jobs, order="failing"),
        "truncated": jobs.truncated,
        "notes": jobs.lacking,
        "source": jobs.source.told,
        "following": following.told(jobs.call),
        "links": {"api": f"{jobs.call.api}jobs?{jobs.selection.query()}"},
    }


def _standouts(jobs: Jobs) -> Iterator[Standout]:
    tally = jobs.tally
    common = common_rate(jobs)
    for attribute in tally.attributes():
        name = attribute.field.name
        if name not in CAUSES or (name == "produsername" and jobs.call.privacy.hides_names):
            continue
        for value in attribute.values:
            if may_be_cause(name, value) and telling(value, tally.failed, tally.finished):
                yield Standout(name, value, excess(value, common))


def _newest_change(jobs: Jobs) -> dict[str, Any]:
    """The moment of the last change of any job, and how long ago that was."""
    rows = jobs.page(("modificationtime",), 1)
    moment = rows[0]["modificationtime"] if rows else None
    seconds = max((jobs.call.now - moment) / timedelta(seconds=1), 0) if moment else None
    return {"time": moment, "seconds": seconds, "late": seconds is not None and seconds > SILENT_SECONDS}


def _verdict(jobs: Jobs, found: list[Standout], silent_seconds: float | None) -> dict[str, str]:
    """group: how it is to be shown. sentence, detail: what it is."""
    group, sentence = _judged(jobs, found, silent_seconds)
    tally = jobs.tally
    rate = failing_percent(tally.failed, tally.finished)
    told = f"{tally.failed:,} of {tally.failed + tally.finished:,} jobs that ended failed"
    return {"group": group, "sentence": sentence, "detail": "" if rate is None else f"{told}: {rate:.1f} %."}


def _judged(jobs: Jobs, found: list[Standout], silent_seconds: float | None) -> tuple[str, str]:
    tally = jobs.tally
    rate = failing_percent(tally.failed, tally.finished)
    if not tally.total:
        return "waiting", "There are no jobs in this window"
    if silent_seconds is not None and silent_seconds > SILENT_SECONDS:
        return "bad", f"No job has changed for {_long(silent_seconds)}"
    if found:
        return "bad", f"{_counted(found)} {'fails' if len(found) == 1 else 'fail'} far above the rest"
    if rate is None:
        return "waiting", "No job has ended in this window"
    if rate >= HIGH_PERCENT:
        return "ended", f"{rate:.0f} % of jobs fail, everywhere alike"
    return "good", "Nothing stands out"


def _long(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60:,} hours"


def _counted(found: list[Standout]) -> str:
    """As in: 2 queues and 1 task."""
    counts = {word: sum(1 for one in found if one.field == field) for field, word in CAUSES.items()}
    told = [f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts.items() if count]
    return " and ".join((", ".join(told[:-1]), told[-1])) if len(told) > 1 else told[0]


def _finding(jobs: Jobs, one: Standout) -> dict[str, Any]:
    value = one.value
    asked = {one.field + SHOWN: str(value.value), "jobstatus" + SHOWN: "failed"}
    return {
        "what": CAUSES[one.field],
        "name": str(jobs.call.privacy.value(one.field, value.value)),
        "url": link_to_value(jobs, one.field, value.value),
        "failed": value.failed,
        "failed_url": link(jobs, **asked),
        "ended": value.ended,
        "rate": failing_percent(value.failed, value.finished),
        "excess": round(one.excess),
        "mostly": _mostly(jobs, one),
    }


def _mostly(jobs: Jobs, one: Standout) -> dict[str, Any] | None:
    """The error that most of these jobs had, where it is among the commonest of that error."""
    counted = [(dict(_places(error, one.field)).get(one.value.value, 0), error) for error in jobs.errors]
    count, error = max(counted, key=lambda pair: pair[0], default=(0, None))
    if not count or error is None:
        return None
    meaning = jobs.meanings.get((error.component, error.code)) or {}
    return {
        "text": meaning.get("description") or meaning.get("acronym") or error.key,
        "count": count,
        "url": error_link(jobs, error, **{one.field + SHOWN: str(one.value.value)}),
    }


def _places(error: ErrorCount, field: str) -> tuple[tuple[Any, int], ...]:
    return {"computingsite": error.sites, "jeditaskid": error.tasks, "produsername": error.users}[field]


def compatible(_jobs: Jobs) -> dict[str, Any]:
    """The start page has no JSON of its own in the BigPanDA API."""
    return {}
