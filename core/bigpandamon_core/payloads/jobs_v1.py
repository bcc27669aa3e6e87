"""Jobs for `/api/v1`: the envelope of data, what it is about, and where to go on."""

from typing import Any

from bigpandamon_core.domain.job_requests import drops_retries
from bigpandamon_core.domain.people import NAMES
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import envelope, jobs_trend
from bigpandamon_core.payloads.envelope import limit_of, links, plain
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import link_to_value
from bigpandamon_core.payloads.jobs_table import COLUMNS, stored, told
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries.jobs import Attribute

DROPPED = "superseded attempts of the task; mode=nodrop keeps them"


def meta(jobs: Jobs, **more: Any) -> dict[str, Any]:
    """As of every noun; where the numbers come from, and what was left out."""
    source = jobs.source
    dropped = DROPPED if drops_retries(dict(jobs.selection.parameters)) else None
    found = envelope.meta(jobs, as_of=iso(source.as_of), source=source.name, dropped=dropped)
    return found | more


def shape(jobs: Jobs) -> dict[str, Any]:
    """One page of rows with the total and the next page's address.

    Raises:
        Problem: a page of more than MOST_ROWS is asked for.
    """
    columns, limit = jobs.columns_of(COLUMNS), limit_of(jobs.selection)
    with snapshot():
        rows = jobs.page(stored(columns), limit + 1) if limit else []
        total = jobs.count()
    shown = rows[:limit]
    return {
        "data": [plain(told(row, columns)) for row in shown],
        "meta": meta(jobs, total=total),
        "links": links(jobs, shown[-1]["_cursor"] if len(rows) > limit > 0 else ""),
    }


def over_time(jobs: Jobs) -> dict[str, Any]:
    """Jobs over time, as the page's bars."""
    counted = jobs_trend.ended(jobs)
    found = jobs_trend.told(counted)
    pieces = found.pieces if found else []
    told = {
        "total": sum(piece.jobs for piece in pieces) if pieces else None,
        "by": "end" if jobs_trend.by_end(counted) else "last change",
        "source": found.source if found else None,
        "as_of": iso(found.as_of if found else jobs.call.now),
        "complete_since": iso(found.complete_since) if found else None,
        "why_not": found.why_not or None if found else "nothing is followed there",
    }
    return {
        "data": {
            "minutes": found.minutes if pieces and found else None,
            "pieces": [
                {"from": iso(piece.begin), "to": iso(piece.end)} | jobs_trend.numbers(piece)
                for piece in pieces
            ],
        },
        "meta": meta(jobs, **told),
        "links": links(jobs),
    }


def summary(jobs: Jobs) -> dict[str, Any]:
    """Counts by attribute, state and error over all jobs of the selection."""
    tally = jobs.tally
    return {
        "data": {
            "jobs": tally.total,
            "failing_percent": failing_percent(tally.failed, tally.finished),
            "states": tally.states(),
            "attributes": [_attribute(jobs, attribute) for attribute in jobs.attributes],
            "errors": [
                {
                    "component": error.component,
                    "code": error.code,
                    "count": error.count,
                    "example_pandaid": error.example_pandaid,
                    "diag": jobs.examples.get(error.key),
                    "sites": dict(error.sites),
                    "tasks": {str(task): count for task, count in error.tasks},
                }
                for error in jobs.errors
            ],
        },
        "meta": meta(jobs, total=tally.total),
        "links": {"self": f"{jobs.call.url}?{jobs.selection.query()}"},
    }


def _attribute(jobs: Jobs, attribute: Attribute) -> dict[str, Any]:
    personal = attribute.field.name in NAMES
    return {
        "field": attribute.field.name,
        "total": attribute.total,
        "values": [
            {"value": v.value, "count": v.count, "failed": v.failed, "finished": v.finished}
            | ({} if personal else {"link": link_to_value(jobs, attribute.field.name, v.value) or None})
            for v in attribute.values
        ],
    }
