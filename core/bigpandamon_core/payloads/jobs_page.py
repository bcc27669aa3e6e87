"""`/jobs/` as a page: states, attributes, errors and one page of rows, every count a link to its rows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bigpandamon_core.domain import request_window
from bigpandamon_core.domain.job_fields import incomplete
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import JOB_STATES, SHORT, failing_percent, job_group
from bigpandamon_core.domain.text import NOT_SPECIFIED, cut
from bigpandamon_core.domain.vocabulary import Doubt
from bigpandamon_core.domain.window import Window
from bigpandamon_core.payloads import jobs_columns
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_attributes import attributes, orders
from bigpandamon_core.payloads.jobs_errors import errors
from bigpandamon_core.payloads.jobs_links import link_to_value, links
from bigpandamon_core.payloads.jobs_meant import meant
from bigpandamon_core.payloads.jobs_rows import cells, next_url, rows_title, sources
from bigpandamon_core.payloads.jobs_trend import trend
from bigpandamon_core.queries import job_counts
from bigpandamon_core.sources.reading import snapshot

MOST_ROWS = 500
SWITCH_HOURS = ((1, "1 h"), (6, "6 h"), (12, "12 h"), (24, "24 h"), (72, "3 d"), (168, "7 d"))


def shape(jobs: Jobs) -> dict[str, Any]:
    """The context of the page."""
    selection, tally = jobs.selection, jobs.tally
    jobs.note_unknown_fields({column.name for column in jobs_columns.offered(jobs)})
    rows = jobs.page(sources(jobs), _limit(jobs) + 1)
    shown = rows[: _limit(jobs)]
    return {
        "title": "Jobs",
        "heading": f"{tally.total:,} jobs" if tally.total != 1 else "1 job",
        "total": tally.total,
        "window": window_shown(selection, jobs.call.url),
        "conditions": _conditions(selection, jobs.call.url),
        "condition_choice": _condition_choice(jobs),
        "states": states(jobs),
        "failing": failing_percent(tally.failed, tally.finished),
        "trend": trend(jobs),
        "attributes": attributes(jobs),
        "attribute_order": orders(selection, jobs.call.url),
        "errors": errors(jobs),
        "columns": [jobs_columns.head(one, selection, jobs.call.url) for one in jobs_columns.shown(jobs)],
        "column_choice": jobs_columns.choice(jobs),
        "rows": cells(jobs, shown),
        "rows_title": rows_title(len(shown), tally.total, selection),
        "next_url": next_url(jobs, shown) if len(rows) > len(shown) else "",
        "previous_url": f"{jobs.call.url}?{selection.query()}" if selection.after else "",
        "incomplete": _incomplete(jobs),
        "truncated": jobs.truncated,
        "ignored": [*selection.ignored, *(f"{name} of fields" for name in jobs.unknown_fields)],
        "notes": [*map(_doubt, selection.doubts), *meant(jobs), *_fewer_rows(selection), *jobs.lacking],
        "source": jobs.source.told,
        "links": links(jobs),
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


def _fewer_rows(selection: Selection) -> list[str]:
    """That a page has fewer rows than were asked for."""
    if (selection.limit or 0) <= MOST_ROWS:
        return []
    return [f"A page has at most {MOST_ROWS} rows; as JSON, CSV or NDJSON you get all that limit allows."]


def window_shown(selection: Selection, url: str) -> dict[str, Any]:
    """The period in words and the buttons that change it."""
    window = selection.window
    return {
        "text": _window_text(window) if window else "all times",
        "from": window.begin if window else None,
        "to": window.end if window else None,
        "bounds_active": bool(window and window.bounds_active),
        "switch": [
            {
                "text": text,
                "url": f"{url}?{selection.query(request_window.NAMES, hours=str(hours))}",
                "current": _is_hours(selection, window, hours),
            }
            for hours, text in SWITCH_HOURS
        ],
    }


def _window_text(window: Window) -> str:
    column = "modified" if window.column == "modificationtime" else window.column
    live = "" if window.bounds_active else ", and all live ones"
    begin, end = f"{window.begin:%d %b %Y %H:%M}", f"{window.end:%d %b %Y %H:%M}"
    if window.begin.date() == window.end.date():
        end = f"{window.end:%H:%M}"
    elif window.begin.year == window.end.year:
        begin = f"{window.begin:%d %b %H:%M}"
    return f"{column} {begin} to {end} UTC{live}"


def _is_hours(selection: Selection, window: Window | None, hours: int) -> bool:
    return window is not None and not selection.has("date_from", "date_to") and round(window.hours) == hours


def _conditions(selection: Selection, url: str) -> list[dict[str, Any]]:
    return [
        {
            "field": asked.parameter.removesuffix(SHOWN),
            "text": asked.text,
            "remove_url": f"{url}?{selection.query(asked.parameters, **_without_mode(asked.parameter))}",
        }
        for asked in selection.asked
    ]


def _doubt(doubt: Doubt) -> str:
    meant = f" Did you mean {doubt.instead}?" if doubt.instead else ""
    return f"No job can have the {doubt.parameter.removesuffix(SHOWN)} {cut(doubt.value, 60)}.{meant}"


def _condition_choice(jobs: Jobs) -> dict[str, Any]:
    """What a form needs to add a condition: the fields, counted ones first, and all else the request says."""
    fields = sorted(jobs.selection.noun.fields, key=lambda field: field.name)
    return {
        "groups": [
            {"title": title, "names": [field.name for field in fields if field.counted is counted]}
            for title, counted in (("Attributes", True), ("Other fields", False))
        ],
        "kept": jobs.selection.pairs(),
        "url": jobs.call.url,
        "help_url": f"{jobs.call.api}#jobs",
    }


def _without_mode(parameter: str) -> dict[str, str | None]:
    return {"mode": "nodrop"} if parameter == "mode" else {}


def states(jobs: Jobs) -> list[dict[str, Any]]:
    """Jobs by state, in the order in which a job may pass them."""
    return [_state(jobs, state, count) for state, count in _in_order(jobs.tally.states())]


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
