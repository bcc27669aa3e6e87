"""How many workers harvester services told last: by service, queue, resource and state.

Links keep the window in words of the request: a count is written over by the next report.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain import harvester as rules
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import MOST_VALUES, SHOWN
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.workers import STATES, worker_group
from bigpandamon_core.payloads import tabs
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.columns import Offered
from bigpandamon_core.payloads.harvester import instance_url
from bigpandamon_core.payloads.jobs_links import can_be_asked_for
from bigpandamon_core.payloads.records import Listing, Records, Row
from bigpandamon_core.payloads.sites import site_url
from bigpandamon_core.payloads.tables import state_cell, table
from bigpandamon_core.queries import harvester as queries

MOST_ROWS, MOST_READ = 500, queries.MOST_STATS
States = Counter[str]
_COLUMNS = (
    Column("harvesterid", "Harvester", "text", "harvesterid"),
    Column("computingsite", "Queue", "text", "computingsite"),
    Column("resourcetype", "Resource", "text", "resourcetype"),
    Column("jobtype", "Activity", "text", "jobtype"),
    Column("status", "State", "state", "status"),
    Column("nworkers", "Workers", "number", "nworkers"),
    Column("lastupdate", "Told", "time", "lastupdate"),
)
_ENDED = ("date_to", "earlierthan", "earlierthandays", "lastupdaterange")
"""What gives a window an end."""
_BY = (
    ("harvesterid", "Harvester"),
    ("computingsite", "Queue"),
    ("resourcetype", "Resource"),
    ("jobtype", "Activity"),
)
LISTING = Listing(
    title="Worker statistics",
    record="count",
    noun=lambda _call: rules.worker_stats(),
    source=queries.WORKER_STATS,
    columns=Offered(_COLUMNS),
    narrow=("harvesterid", "computingsite", "resourcetype", "status", "nworkers"),
)


class WorkerStats(Records):
    """The last counts of a selection. A window that reaches up to now has all that was told since it begins:
    of what was told within a grain of kept answers, or by a clock ahead of ours, there is no other row."""

    def __init__(self, call: Call):
        super().__init__(call, LISTING)
        window = self.selection.window
        if window and not self.selection.has(*_ENDED):
            self.selection = replace(self.selection, window=replace(window, end=call.now + rules.AHEAD))

    @cached_property
    def counts(self) -> list[Row]:
        """All of them, in order."""
        found = list(self.rows(tuple(column.name for column in _COLUMNS), MOST_READ))
        if len(found) == MOST_READ:
            self.truncated = f"the first {MOST_READ:,} counts: name a harvester or a queue"
        return found


def shape(stats: WorkerStats) -> Row:
    """The context of the page."""
    counts, selection = stats.counts, stats.selection
    totals = by_state(counts)
    services = len({row["harvesterid"] for row in counts})
    return {
        "title": "Worker statistics",
        **tabs.harvester(stats.call),
        "heading": f"{totals.total():,} workers told by {services:,} harvester{'' if services == 1 else 's'}",
        **request_shown(selection, stats.call, _period(stats)),
        "counted": "Workers",
        "states": _strip(stats, totals),
        "tables": [*(_table(stats, totals, *by) for by in _BY), _rows(stats)],
        "truncated": stats.truncated,
        "ignored": stats.without_effect,
        "notes": [*doubts(selection), *stats.lacking],
        "source": "as services told it last",
        "links": data_links(selection, stats.call, "csv", "ndjson", api="workerstats"),
    }


def _period(stats: WorkerStats) -> str:
    """A window without an end, in words; "" for others."""
    window = stats.selection.window
    if window is None or window.end <= stats.call.now:
        return ""
    return f"told since {window.begin:%d %b %Y %H:%M} UTC"


def link(stats: WorkerStats, **changes: str) -> str:
    """The same counts under more conditions; "" if no request may carry one of them."""
    if not all(map(can_be_asked_for, changes.values())):
        return ""
    return f"{stats.call.url}?{stats.selection.query(('sort', 'limit'), **changes)}"


def stats_url(call: Call, **conditions: str | tuple[str, ...]) -> str:
    """The page of the counts that fulfil conditions, each of one value or any of several, as told lately; ""
    if no request may carry one."""
    found = {name: (value,) if isinstance(value, str) else value for name, value in conditions.items()}
    if not all(
        0 < len(values) <= MOST_VALUES and all(map(can_be_asked_for, values)) for values in found.values()
    ):
        return ""
    asked = urlencode({name + SHOWN: values for name, values in found.items()}, doseq=True)
    return f"{call.root}harvester/stats/{'?' if asked else ''}{asked}"


def _strip(stats: WorkerStats, totals: States) -> list[Row]:
    return [
        {
            "state": state,
            "group": worker_group(state),
            "short": state,
            "count": totals[state],
            "url": link(stats, **{"status" + SHOWN: state}),
        }
        for state in in_order(totals)
    ]


def _table(stats: WorkerStats, totals: States, name: str, title: str) -> Row:
    """The workers by one column and their state."""
    by_value: dict[str, list[Row]] = {}
    for row in stats.counts:
        by_value.setdefault(row[name] or NOT_SPECIFIED, []).append(row)
    found = sorted(by_value.items(), key=lambda item: (-by_state(item[1]).total(), item[0]))
    columns = (
        Column(name, title),
        *state_columns(totals),
        Column("workers", "Workers", "number"),
        Column("lastupdate", "Told", "time"),
    )
    rows = [_row(stats, name, value, some) for value, some in found[:MOST_ROWS]]
    cut = f"the {MOST_ROWS} with most workers" if len(found) > MOST_ROWS else ""
    return table(f"by-{name}", f"By {title.lower()}", columns, rows, sub=cut, empty="Nothing was told.")


def _row(stats: WorkerStats, name: str, value: str, counts: list[Row]) -> Mapping[str, Any]:
    here, states = {name + SHOWN: value}, by_state(counts)
    urls = {state: link(stats, **here, **{"status" + SHOWN: state}) for state in states}
    return state_cells(states, urls) | {
        name: cell("text", value, _page_of(stats.call, name, value) or link(stats, **here)),
        "workers": cell("number", states.total(), link(stats, **here)),
        "lastupdate": max(row["lastupdate"] for row in counts),
    }


def _page_of(call: Call, name: str, value: str) -> str:
    """The page about a service or a queue."""
    pages = {"harvesterid": instance_url, "computingsite": site_url}
    return pages[name](call, value) if name in pages else ""


def _rows(stats: WorkerStats) -> Row:
    """Count by count, in the order of the request."""
    counts = stats.counts
    cut = f"the first {MOST_ROWS} of {len(counts):,}" if len(counts) > MOST_ROWS else ""
    rows = [_count(stats, row) for row in counts[:MOST_ROWS]]
    return table("counts", "As told", _COLUMNS, rows, sub=cut, empty="Nothing was told.")


def _count(stats: WorkerStats, row: Row) -> Mapping[str, Any]:
    state = row["status"]
    asked = {name + SHOWN: row[name] or NOT_SPECIFIED for name in ("harvesterid", "computingsite", "status")}
    workers = f"{stats.call.root}harvester/workers/?{urlencode(asked)}"
    return row | {
        "status": state_cell(state, worker_group(state)),
        "computingsite": cell("text", row["computingsite"], workers),
    }


def by_state(counts: Iterable[Row]) -> States:
    """How many workers are in each state."""
    found: States = Counter()
    for row in counts:
        found[row["status"]] += row["nworkers"] or 0
    return found


def in_order(states: Iterable[str]) -> list[str]:
    """States of workers in the order in which one may pass them."""
    place = {state: number for number, state in enumerate(STATES)}
    return sorted(states, key=lambda state: (place.get(state, len(place)), state))


def state_columns(totals: States) -> list[Column]:
    """A column for each state that occurs."""
    return [Column(state, state, "number") for state in in_order(totals)]


def state_cells(states: Mapping[str, int], urls: Mapping[str, str]) -> dict[str, Cell]:
    return {state: cell("number", count, urls.get(state, "")) for state, count in states.items()}
