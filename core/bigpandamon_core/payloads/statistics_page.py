"""Job statistics as a page, as data and as rows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.people import NAMES
from bigpandamon_core.domain.request_window import NAMES as WINDOW_NAMES
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import envelope
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown
from bigpandamon_core.payloads.call import Table
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import can_be_asked_for
from bigpandamon_core.payloads.jobs_trend import ENDED, trend
from bigpandamon_core.payloads.statistics import BY, COLUMNS, Statistics, Sum
from bigpandamon_core.payloads.tables import table
from bigpandamon_core.summaries.trends import SECOND

MOST_ROWS = 500
_ASKED_AS = {"node": "wn"}
"""Dimensions that jobs are asked by under another name."""
_COLUMNS = (
    Column("jobs", "Jobs", "number"),
    Column("finished", "Finished", "number"),
    Column("failed", "Failed", "number"),
    Column("other", "Closed, cancelled", "number"),
    Column("failing_percent", "Failing", "percent"),
    Column("wall_hours", "Wall time, h", "number"),
    Column("mean_minutes", "Mean, min", "number"),
    Column("cpu_hours", "CPU time, h", "number"),
)


def shape(statistics: Statistics) -> dict[str, Any]:
    """The context of the page."""
    selection, call = statistics.selection, statistics.call
    sums, many = statistics.sums, len(statistics.sums)
    total = sum(one.jobs for one in sums)
    by = BY[statistics.by]
    cut = f"the {MOST_ROWS} with most jobs of {many:,}" if many > MOST_ROWS else f"{many:,} in all"
    rows = [_row(statistics, one) for one in sums[:MOST_ROWS]]
    return {
        "title": "Statistics",
        "heading": f"{'Jobs that' if statistics.why_not else f'{total:,} jobs'} ended, by {by.lower()}",
        **request_shown(selection, call, _counted(statistics)),
        "said": []
        if not statistics.why_not
        else [{"title": "Not told", "text": f"Because {statistics.why_not}."}],
        "choices": _choices(statistics),
        "trend": trend(Jobs(replace(statistics.asked, url=f"{call.root}jobs/", strict=False))),
        "tables": [table("sums", by, (Column("value", by), *_COLUMNS), rows, sub=cut)] if rows else [],
        "ignored": statistics.without_effect,
        "notes": [*doubts(selection), *_partly(statistics)],
        "source": f"from rollups, as of {statistics.as_of:%d %b %H:%M:%S} UTC, in whole bins of time",
        "links": data_links(selection, call, "csv", api="statistics"),
    }


def _counted(statistics: Statistics) -> str:
    """From when to when jobs are counted that ended, in words; "" where nothing is told."""
    begin, end = statistics.bins or (None, None)
    return f"ended {begin:%d %b %Y %H:%M} to {end:%d %b %Y %H:%M} UTC" if begin else ""


def _partly(statistics: Statistics) -> list[str]:
    since = statistics.complete_since
    return [f"Complete since {since:%d %b %Y %H:%M} UTC: before that nothing is counted."] if since else []


def _choices(statistics: Statistics) -> list[dict[str, Any]]:
    """Links that tell the same jobs by another of their dimensions."""
    url, query = statistics.call.url, statistics.selection.query(("by",))
    return [
        {"text": text.lower(), "url": f"{url}?{query}&by={name}", "current": name == statistics.by}
        for name, text in BY.items()
        if name not in NAMES or not statistics.call.privacy.hides_names
    ]


def _row(statistics: Statistics, one: Sum) -> dict[str, Any]:
    """The value narrows the page to it, the counts open their jobs."""
    value = one.value or NOT_SPECIFIED
    narrowed = _narrowed(statistics, value)
    told = one.told
    counts = {
        name: cell("number", told[name], _jobs(statistics, value, states))
        for name, states in (("jobs", ENDED), ("failed", "failed"))
    }
    return told | counts | {"value": cell("text", value, narrowed)}


def _narrowed(statistics: Statistics, value: str) -> str:
    name = _ASKED_AS.get(statistics.by, statistics.by) + SHOWN
    if statistics.by == "node" or not can_be_asked_for(value):
        return ""
    return f"{statistics.call.url}?{statistics.selection.query(**{name: value})}"


def _jobs(statistics: Statistics, value: str, states: str) -> str:
    """The list of a value's jobs that ended in the bins that were counted."""
    period = statistics.bins
    if period is None or not can_be_asked_for(value):
        return ""
    changes: dict[str, str | None] = dict.fromkeys((*WINDOW_NAMES, "by"))
    changes |= {
        _ASKED_AS.get(statistics.by, statistics.by) + SHOWN: value,
        "jobstatus" + ("" if "," in states else SHOWN): states,
        "statechangetimerange": f"{iso(period[0])}|{iso(period[1] - SECOND)}",
    }
    return f"{statistics.call.root}jobs/?{statistics.selection.query(**changes)}"


def data(statistics: Statistics) -> dict[str, Any]:
    """The envelope of `/api/v1`, also at the page's own address: no program knew another shape."""
    bins: Mapping[str, datetime] = dict(zip(("from", "to"), statistics.bins or (), strict=False))
    return {
        "data": [one.told | {"value": one.value or None} for one in statistics.sums],
        "meta": envelope.meta(
            statistics,
            source="rollups",
            as_of=iso(statistics.as_of),
            total=len(statistics.sums),
            by=statistics.by,
            bins={name: iso(moment) for name, moment in bins.items()} or None,
            complete_since=iso(statistics.complete_since),
            why_not=statistics.why_not or None,
        ),
        "links": {"self": f"{statistics.call.url}?{statistics.selection.query()}"},
    }


def rows(statistics: Statistics) -> Table:
    return Table(COLUMNS, (one.told for one in statistics.sums), statistics.why_not)
