"""`/harvester/pilots/` as a page."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads import tabs
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.harvester_instances import COLUMNS, depth_cells, service_cells
from bigpandamon_core.payloads.jobs_links import errors_url, link
from bigpandamon_core.payloads.jobs_page import state_strip
from bigpandamon_core.payloads.jobs_trend import trend
from bigpandamon_core.payloads.pilots import Pilots
from bigpandamon_core.payloads.regions_page import Where, state_cells, state_columns
from bigpandamon_core.payloads.sites import site_url
from bigpandamon_core.payloads.tables import fact, table
from bigpandamon_core.payloads.worker_stats import stats_url
from bigpandamon_core.summaries.pilots import States
from bigpandamon_core.summaries.regions import failing_of

Row = dict[str, Any]
MOST_ROWS = 200
_DEPTH = (
    Column("workers_queued", "Workers queued", "number"),
    Column("workers_running", "Workers running", "number"),
)
Cells = dict[str, Cell]


def shape(pilots: Pilots) -> Row:
    """The context of the page."""
    shown, versions = pilots.shown, len(pilots.by_version)
    jobs = pilots.states.total()
    return {
        "title": "Pilots",
        **tabs.harvester(pilots.call),
        "heading": f"{jobs:,} jobs that pilots of {versions:,} version{'' if versions == 1 else 's'} took",
        **request_shown(shown, pilots.asked),
        "counted": "Jobs",
        "states": state_strip(pilots, pilots.states),
        "trend": trend(pilots),
        "facts": _facts(pilots),
        "tables": _tables(pilots),
        "truncated": pilots.truncated,
        "ignored": pilots.without_effect,
        "notes": [*doubts(shown), *filter(None, [pilots.untold]), *pilots.lacking],
        "source": pilots.source.told,
        "links": data_links(shown, pilots.asked, api="pilots"),
    }


def _facts(pilots: Pilots) -> list[Row]:
    depth = pilots.depth
    stats = stats_url(pilots.call, **_told_of(pilots)) if pilots.workers else ""
    failing = failing_of(pilots.states)
    now = [
        fact("Workers queued", f"{depth.queued:,}" if depth else "", stats, "as services told lately"),
        fact("Workers running", f"{depth.running:,}" if depth else "", stats),
        fact("Jobs failing", "" if failing is None else f"{failing:.1f} %", errors_url(pilots)),
    ]
    return [{"title": "Now", "rows": now}]


def _tables(pilots: Pilots) -> list[Row]:
    queues = (Column("region", "Region"), *_DEPTH)
    of_service = partial(_of_service, pilots)
    return [
        _table(pilots, "Version", "pilotversion", pilots.by_version),
        _services(pilots),
        _table(pilots, "Region", "region", pilots.by_region),
        _table(pilots, "Queue", "computingsite", pilots.by_queue, queues, partial(_of_queue, pilots)),
        _table(pilots, "Harvester", "harvesterinstance", pilots.by_instance, _DEPTH, of_service),
        _table(pilots, "Gateway", "computingelement", pilots.by_gateway),
    ]


def _services(pilots: Pilots) -> Row:
    """The services themselves, those too whose pilots took nothing."""
    rows = [
        service_cells(pilots.call, row, pilots.depth_of_service(name), **_told_of(pilots, harvesterid=name))
        for name, row in pilots.services.items()
    ]
    url = f"{pilots.call.root}harvester/instances/"
    told = {"empty": "No service reports.", "more": "all about them", "more_url": url}
    return table("services", "Services", COLUMNS[:8], rows, **told)


def _nothing(_name: str) -> Cells:
    return {}


def _table(
    pilots: Pilots,
    title: str,
    field: str,
    found: Mapping[str, States],
    more: tuple[Column, ...] = (),
    beside: Callable[[str], Cells] = _nothing,
) -> Row:
    """The jobs by one field and their state. more, beside: further columns, and their cells."""
    columns = (
        Column("name", title),
        Column("jobs", "Jobs", "number"),
        Column("failing", "Failing", "percent"),
        *more,
        *state_columns(pilots.states),
    )
    rows = [
        _row(pilots, field, value, states) | beside(value) for value, states in [*found.items()][:MOST_ROWS]
    ]
    cut = f"the {MOST_ROWS} with most jobs" if len(found) > MOST_ROWS else ""
    return table(f"by-{field}", f"By {title.lower()}", columns, rows, sub=cut, empty="No pilot took a job.")


def _row(pilots: Pilots, field: str, value: str, states: States) -> Row:
    where = _asked(field, value)
    return state_cells(pilots, states, where) | {
        "name": cell("text", value, link(pilots, **where) if where else ""),
        "jobs": cell("number", states.total(), link(pilots, **where) if where else ""),
        "failing": failing_of(states),
    }


def _asked(field: str, value: str) -> Where | None:
    """What asks for the jobs of a value; None of queues that tell no region: nothing can."""
    if field != "region":
        return {field + SHOWN: value}
    return {field: value} if value != NOT_SPECIFIED else None


def _of_queue(pilots: Pilots, name: str) -> Cells:
    known = name in pilots.queues
    page = {"name": cell("text", name, site_url(pilots.call, name))} if known else {}
    region = {"region": cell("text", pilots.region_of(name))}
    depth = pilots.depth_of_queue(name)
    of_what = _told_of(pilots, computingsite=name) | {"computingsite": (name,)}
    return page | region | depth_cells(pilots.call, depth, **of_what)


def _of_service(pilots: Pilots, name: str) -> Cells:
    of_what = _told_of(pilots, harvesterid=name) | {"harvesterid": (name,)}
    return depth_cells(pilots.call, pilots.depth_of_service(name), **of_what)


def _told_of(pilots: Pilots, harvesterid: str = "", computingsite: str = "") -> dict[str, tuple[str, ...]]:
    """Of which services and queues workers are told, where not of all. harvesterid, computingsite: whose."""
    if not pilots.narrows_workers:
        return {}
    told = [
        (service or NOT_SPECIFIED, queue or NOT_SPECIFIED)
        for service, queue, _ in pilots.workers
        if harvesterid in ("", service) and computingsite in ("", queue)
    ]
    return {
        "harvesterid": tuple(sorted({service for service, _ in told})),
        "computingsite": tuple(sorted({queue for _, queue in told})),
    }
