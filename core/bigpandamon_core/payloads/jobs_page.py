"""`/jobs/` as a page: states, attributes, errors and one page of rows, every count a link to its rows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bigpandamon_core.domain.job_fields import incomplete
from bigpandamon_core.domain.states import JOB_STATES, SHORT, failing_percent, job_group
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads import jobs_columns, jobs_errors
from bigpandamon_core.payloads.asked import data_links, doubts, fewer_rows, request_shown
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_attributes import attributes, orders
from bigpandamon_core.payloads.jobs_links import link_to_value
from bigpandamon_core.payloads.jobs_meant import meant
from bigpandamon_core.payloads.jobs_rows import cells, next_url, rows_title, sources
from bigpandamon_core.payloads.jobs_trend import trend
from bigpandamon_core.queries import job_counts
from bigpandamon_core.sources.reading import snapshot

MOST_ROWS = 500


def shape(jobs: Jobs) -> dict[str, Any]:
    """The context of the page."""
    selection, tally = jobs.selection, jobs.tally
    jobs.note_unknown_fields({column.name for column in jobs_columns.OFFERED.all(jobs.call)})
    rows = jobs.page(sources(jobs), _limit(jobs) + 1)
    shown = rows[: _limit(jobs)]
    return {
        "title": "Jobs",
        "heading": f"{tally.total:,} jobs" if tally.total != 1 else "1 job",
        "total": tally.total,
        **request_shown(selection, jobs.call),
        "states": states(jobs),
        "failing": failing_percent(tally.failed, tally.finished),
        "trend": trend(jobs),
        "attributes": attributes(jobs),
        "attribute_order": orders(selection, jobs.call.url),
        **jobs_errors.shown(jobs),
        "columns": jobs_columns.OFFERED.heads(selection, jobs.call),
        "column_choice": jobs_columns.OFFERED.choice(selection, jobs.call),
        "rows": cells(jobs, shown),
        "rows_title": rows_title(len(shown), tally.total, selection),
        "next_url": next_url(jobs, shown) if len(rows) > len(shown) else "",
        "previous_url": f"{jobs.call.url}?{selection.query()}" if selection.after else "",
        "incomplete": _incomplete(jobs),
        "truncated": jobs.truncated,
        "ignored": jobs.without_effect,
        "notes": [*doubts(selection), *meant(jobs), *fewer_rows(selection, MOST_ROWS), *jobs.lacking],
        "source": jobs.source.told,
        "links": data_links(selection, jobs.call, "csv", "ndjson", api="jobs"),
    }


def _incomplete(jobs: Jobs) -> int:
    """Jobs that came without a state or times; inside a window all have the time it is about."""
    selection = jobs.selection
    if selection.window:
        return jobs.tally.states().get(NOT_SPECIFIED, 0)
    narrowed = replace(selection, extra=(*selection.extra, incomplete()))
    with snapshot():
        return job_counts.states(narrowed, jobs.call.now).total()


def _limit(jobs: Jobs) -> int:
    asked = jobs.selection.limit
    rows = int(jobs.call.option("jobs.page_rows")) if asked is None else asked
    return min(rows, MOST_ROWS)


def states(jobs: Jobs) -> list[dict[str, Any]]:
    """Jobs by state, in the order in which a job may pass them."""
    return state_strip(jobs, jobs.tally.states())


def state_strip(jobs: Jobs, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Counts of jobs by state in that order, each a link to its jobs."""
    return [_state(jobs, state, count) for state, count in _in_order(counts)]


def _in_order(states: Mapping[str, int]) -> list[tuple[str, int]]:
    rank = {state: place for place, state in enumerate((*JOB_STATES[:12], "subfinished", *JOB_STATES[12:]))}
    return sorted(states.items(), key=lambda item: (rank.get(item[0], len(rank)), item[0]))


def _state(jobs: Jobs, state: str, count: int) -> dict[str, Any]:
    return {
        "state": state,
        "group": job_group(state),
        "short": SHORT.get(state, state),
        "count": count,
        "url": link_to_value(jobs, "jobstatus", state),
    }
