"""Job statistics as a page."""

from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import SHOWN, together
from bigpandamon_core.domain.people import NAMES
from bigpandamon_core.domain.request_window import NAMES as WINDOW_NAMES
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.jobs_links import can_be_asked_for
from bigpandamon_core.payloads.jobs_trend import ENDED
from bigpandamon_core.payloads.statistics import BY, LEVELS, Statistics
from bigpandamon_core.payloads.statistics_rows import cut
from bigpandamon_core.payloads.statistics_sum import Sum
from bigpandamon_core.payloads.statistics_times import times
from bigpandamon_core.payloads.statistics_trend import trend
from bigpandamon_core.payloads.tables import table
from bigpandamon_core.summaries.trends import SECOND

USUAL_LEVEL = "details"
MOST_ROWS = LEVELS[USUAL_LEVEL]
"""On one page, where all are asked for."""
MOST_OTHERS = 30
OF_THE_PAGE = ("by", "level", "integrate", "offset")
"""Parameters that say how jobs are told, not which."""
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
_OF_FAILURES = ("failed", "wall_hours", "mean_minutes", "cpu_hours")
_SEVERAL = "A job with several failures counts once for each."


def shape(statistics: Statistics) -> dict[str, Any]:
    """The context of the page."""
    selection, call = statistics.selection, statistics.call
    by, shown = BY[statistics.by], _shown(statistics)
    rows = [_row(statistics, one) for one in shown]
    return {
        "title": "Statistics",
        "heading": _heading(statistics),
        **request_shown(selection, call, _counted(statistics)),
        "said": []
        if not statistics.why_not
        else [{"title": "Not told", "text": f"Because {statistics.why_not}."}],
        "choices": _choices(statistics),
        "levels": _levels(statistics),
        "others": _others(statistics),
        "by": by.lower(),
        "trend": trend(statistics),
        "integration": _integration(statistics),
        "tables": [_table(statistics, rows), *times(by, rows)] if rows else [],
        "rows_title": _rows_title(statistics, len(shown)),
        **_paging(statistics, len(shown)),
        "ignored": statistics.without_effect,
        "notes": [*doubts(selection), *_partly(statistics), *([] if statistics.counts_once else [_SEVERAL])],
        "source": f"from rollups, as of {statistics.as_of:%d %b %H:%M:%S} UTC, in whole bins of time",
        "links": data_links(selection, call, "csv", api="statistics") | _dump(statistics),
    }


def _shown(statistics: Statistics) -> list[Sum]:
    """The values of this page."""
    return statistics.of_level(USUAL_LEVEL)[statistics.offset :][:MOST_ROWS]


def _heading(statistics: Statistics) -> str:
    by = BY[statistics.by].lower()
    if statistics.why_not:
        return f"Jobs that ended, by {by}"
    total = sum(one.jobs for one in statistics.sums)
    counted = "failures of jobs" if not statistics.counts_once else "jobs"
    return f"{total:,} {counted} that {'failed' if statistics.is_of_failures else 'ended'}, by {by}"


def _counted(statistics: Statistics) -> str:
    """From when to when jobs are counted that ended, in words; "" where nothing is told."""
    begin, end = statistics.bins or (None, None)
    return f"ended {begin:%d %b %Y %H:%M} to {end:%d %b %Y %H:%M} UTC" if begin else ""


def _partly(statistics: Statistics) -> list[str]:
    since = statistics.complete_since
    return [f"Complete since {since:%d %b %Y %H:%M} UTC: before that nothing is counted."] if since else []


def _choices(statistics: Statistics) -> list[dict[str, Any]]:
    """Links that tell the same jobs by another of their dimensions."""
    return [
        _choice(statistics, text.lower(), name == statistics.by, by=name, offset=None)
        for name, text in BY.items()
        if name not in NAMES or not statistics.call.privacy.hides_names
    ]


def _choice(statistics: Statistics, text: str, current: bool, **changes: str | None) -> dict[str, Any]:
    url = f"{statistics.call.url}?{statistics.selection.query(**changes)}"
    return {"text": text, "url": url, "current": current}


def _levels(statistics: Statistics) -> list[dict[str, Any]]:
    """How much is told."""
    told = statistics.level(USUAL_LEVEL)
    return [_choice(statistics, name, name == told, level=name, offset=None) for name in LEVELS]


def _integration(statistics: Statistics) -> list[dict[str, Any]]:
    adds_up = statistics.integrates
    return [
        _choice(statistics, "each", not adds_up, integrate=None),
        _choice(statistics, "added up", adds_up, integrate="1"),
    ]


def _table(statistics: Statistics, rows: list[dict[str, Any]]) -> dict[str, Any]:
    by, total, most = BY[statistics.by], len(statistics.sums), len(rows)
    columns = [one for one in _COLUMNS if one.name in _OF_FAILURES or not statistics.is_of_failures]
    sub = cut(most, total) if not statistics.offset else ""
    return table("sums", by, (Column("value", by), *columns), rows, sub=sub or f"{total:,} in all")


def _rows_title(statistics: Statistics, count: int) -> str:
    first = statistics.offset + 1
    return f"{first:,} to {statistics.offset + count:,} of {len(statistics.sums):,}"


def _paging(statistics: Statistics, count: int) -> dict[str, str]:
    """Where all are asked for."""
    begin, left = statistics.offset, len(statistics.of_level(USUAL_LEVEL)) - statistics.offset - count
    before = str(begin - MOST_ROWS) if begin > MOST_ROWS else None
    return {
        "next_url": _choice(statistics, "", False, offset=str(begin + count))["url"] if left > 0 else "",
        "previous_url": _choice(statistics, "", False, offset=before)["url"] if begin else "",
    }


def _dump(statistics: Statistics) -> dict[str, str]:
    """Each bin of each value."""
    selection = statistics.selection
    query = selection.query(("level", "offset"), **selection.absolute)
    return {"dump": f"{statistics.call.api}statistics/series?{query}&format=csv"}


def _others(statistics: Statistics) -> list[dict[str, Any]]:
    """Values that are not asked for, each with a link that asks for it, too."""
    name, found = statistics.asked_as, statistics.others
    asked = statistics.selection.values(name)
    told = ((value or NOT_SPECIFIED, jobs) for value, jobs in found)
    return [
        _choice(statistics, value, False, offset=None, **{name: together([*asked, value])}) | {"count": jobs}
        for value, jobs in told
        if can_be_asked_for(value)
    ][:MOST_OTHERS]


def _row(statistics: Statistics, one: Sum) -> dict[str, Any]:
    """The value narrows the page to it, the counts open their jobs."""
    value = one.value or NOT_SPECIFIED
    told = statistics.sum_told(one)
    counts = {
        name: cell("number", told[name], _jobs(statistics, value, states))
        for name, states in (("jobs", ENDED), ("failed", "failed"))
    }
    return told | counts | {"value": cell("text", value, _narrowed(statistics, value))}


def _narrowed(statistics: Statistics, value: str) -> str:
    if not can_be_asked_for(value):
        return ""
    changes: dict[str, str | None] = {"offset": None, statistics.asked_as: value}
    return f"{statistics.call.url}?{statistics.selection.query(**changes)}"


def _jobs(statistics: Statistics, value: str, states: str) -> str:
    """The list of a value's jobs that ended in the bins that were counted."""
    period = statistics.bins
    if period is None or not can_be_asked_for(value) or not statistics.rows_are_jobs:
        return ""
    changes: dict[str, str | None] = dict.fromkeys((*WINDOW_NAMES, *OF_THE_PAGE))
    changes |= {
        statistics.asked_as: value,
        "jobstatus" + ("" if "," in states else SHOWN): states,
        "statechangetimerange": f"{iso(period[0])}|{iso(period[1] - SECOND)}",
    }
    return f"{statistics.call.root}jobs/?{statistics.selection.query(**changes)}"
