"""Harvester services: what they are, when each was heard last, how many workers each told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.harvester import HEARTBEATS, heartbeat
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import tabs
from bigpandamon_core.payloads.call import Call, Table
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.harvester import Asked, age_text, instance_url, told_of_service, whole
from bigpandamon_core.payloads.tables import plain, state_cell, table
from bigpandamon_core.payloads.worker_stats import stats_url
from bigpandamon_core.queries import harvester as queries
from bigpandamon_core.queries import worker_counts

Row = dict[str, Any]
QUEUED, RUNNING = ("pending", "submitted", "ready"), ("running", "idle")
"""States of workers that wait for a slot, and of those that have one."""
COLUMNS = (
    Column("harvesterid", "Harvester"),
    Column("heartbeat", "Heartbeat", "state"),
    Column("age", "Heard", "text"),
    Column("workers_queued", "Queued", "number"),
    Column("workers_running", "Running", "number"),
    Column("lastupdate", "Last heard", "time"),
    Column("starttime", "Started", "time"),
    Column("hostname", "Host", "text"),
    Column("swversion", "Version", "text"),
    Column("commitstamp", "Commit", "text"),
    Column("description", "Description", "text"),
    Column("workers", "Workers", "text"),
    Column("jobs", "Jobs", "text"),
)


class Instances(Asked):
    """Services that submit workers, last heard first."""

    def __init__(self, call: Call):
        super().__init__(call)
        conditions = [*self.texts("harvesterid"), *self.period("lastupdate")]
        found = whole(queries.instances(*conditions), queries.MOST_INSTANCES)
        told = (told_of_service(call, row) for row in found)
        heard = call.parameter("heartbeat")
        self.rows = [row for row in told if heard in ("", heartbeat(row["lastupdate"], call.now))]


def compatible(found: Instances) -> dict[str, list[Row]]:
    return {"instances": found.told([dict(row) for row in found.rows])}


def data(found: Instances) -> Row:
    """The envelope of `/api/v1`."""
    rows = [
        {name: plain(value) for name, value in row.items()}
        | {"heartbeat": heartbeat(row["lastupdate"], found.call.now)}
        for row in found.rows
    ]
    meta = {"as_of": iso(found.call.now), "source": "sql", "total": len(rows)}
    return {"data": rows, "meta": meta, "links": {"self": found.call.url}}


def lines(found: Instances) -> Table:
    return Table(("harvesterid", "lastupdate", "hostname", "swversion"), found.rows)


def page(found: Instances) -> Row:
    """The context of the page."""
    url, many = found.call.url, len(found.rows)
    depth = depths(worker_counts.told(found.call.until, ("harvesterid", "status")).items())
    rows = [service_cells(found.call, row, depth.get(row["harvesterid"], Depth())) for row in found.rows]
    late = sum(HEARTBEATS[heartbeat(row["lastupdate"], found.call.now)] == "bad" for row in found.rows)
    return {
        "title": "Harvester instances",
        **tabs.harvester(found.call),
        "heading": f"{many:,} harvester instance{'' if many == 1 else 's'}"
        + (f", {late} late" if late else ""),
        "window": None,
        "tables": [table("instances", "Instances", COLUMNS, rows, empty="No instance reports.")],
        "ignored": found.ignored,
        "source": "read in the PanDA database",
        "links": {"json": f"{url}?json", "lasting": url, "api": f"{found.call.api}instances"},
    }


@dataclass
class Depth:
    """Workers that wait for a slot, and those that have one."""

    queued: int = 0
    running: int = 0


def depths(told: Iterable[tuple[tuple[str, ...], int]]) -> dict[str, Depth]:
    """By service or queue. told: how many workers, by that and their state."""
    found: dict[str, Depth] = {}
    for (name, state), workers in told:
        depth = found.setdefault(name, Depth())
        depth.queued += workers if state in QUEUED else 0
        depth.running += workers if state in RUNNING else 0
    return found


def depth_cells(call: Call, depth: Depth | None, **of_what: str | tuple[str, ...]) -> dict[str, Cell]:
    """Cells that lead to the counts they add up, none where these are not told. of_what: the services or the
    queues."""
    if depth is None:
        return {}
    url = stats_url(call, **of_what)
    return {
        name: cell("number", count, f"{url}&{urlencode({'status': '|'.join(states)})}" if url else "")
        for name, count, states in (
            ("workers_queued", depth.queued, QUEUED),
            ("workers_running", depth.running, RUNNING),
        )
    }


def service_cells(call: Call, row: Row, depth: Depth | None, **of_what: tuple[str, ...]) -> Row:
    """A service as a row of a table. of_what: of which of its workers the depth tells."""
    name = str(row["harvesterid"])
    named = urlencode({"harvesterid" + SHOWN: name})
    state, heard = heartbeat(row["lastupdate"], call.now), row["lastupdate"]
    silent = int((call.now - heard).total_seconds()) if heard else None
    return (
        row
        | depth_cells(call, depth, **of_what | {"harvesterid": name})
        | {
            "harvesterid": cell("mono", name, instance_url(call, name)),
            "heartbeat": state_cell(state, HEARTBEATS[state]),
            "age": f"{age_text(silent)} ago" if heard else "",
            "workers": cell("text", "workers", f"{call.root}harvester/workers/?{named}"),
            "jobs": cell("text", "jobs", f"{call.root}jobs/?{urlencode({'harvesterinstance': name})}"),
        }
    )
