"""`/dash/region/` as a page: a table of regions, and one of queues."""

from collections.abc import Mapping
from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import JOB_STATES, SHORT
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads import tabs
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import link
from bigpandamon_core.payloads.jobs_page import state_strip
from bigpandamon_core.payloads.regions import JOBTYPE, SPLITS, Regions
from bigpandamon_core.payloads.sites import site_url
from bigpandamon_core.payloads.tables import table
from bigpandamon_core.summaries.regions import ALL, Place, States, failing_of

MOST_QUEUES = 200
ORDER = (*JOB_STATES[:12], "subfinished", *JOB_STATES[12:])
Where = dict[str, str | None]


def shape(regions: Regions) -> dict[str, Any]:
    """The context of the page; from its old addresses, some of which name an activity, the way to its own."""
    selection, call = regions.shown, regions.asked
    home = call.root + regions.home
    if call.url != home:
        return {"location": f"{home}?{selection.query()}".rstrip("?")}
    states = _all_states(regions)
    return {
        "title": "Regions",
        "heading": f"{states.total():,} jobs in {len(regions.by_region):,} regions",
        **tabs.dashboards(call),
        **request_shown(selection, call),
        "counted": "Jobs",
        "states": state_strip(regions, states),
        "tables": _tables(regions, states),
        "truncated": regions.truncated,
        "ignored": regions.without_effect,
        "notes": [*doubts(selection), *regions.added, *regions.lacking],
        "source": regions.source.told,
        "links": data_links(selection, call),
    }


def _tables(regions: Regions, states: States) -> list[dict[str, Any]]:
    many = len(regions.by_queue)
    cut = f"the {MOST_QUEUES} with most jobs" if many > MOST_QUEUES else ""
    columns = _columns(regions, states, "Queue")
    return [
        table(
            "regions", "Regions", _columns(regions, states, "Region"), _regions(regions), **_splits(regions)
        ),
        table("queues", f"{many:,} queue{'' if many == 1 else 's'}", columns, _queues(regions), sub=cut),
    ]


def _all_states(regions: Regions) -> States:
    total = States()
    for place in regions.by_region.values():
        total += place.states
    return total


def _splits(regions: Regions) -> dict[str, str]:
    """A link to the next way to split the table, and in words what it is split by."""
    url, query = regions.asked.url, regions.shown.query(("splitby",))
    words = {"": "jobtype", "jobtype": "resourcetype", "resourcetype": ""}
    following = words.get(regions.split, "jobtype")
    told = {"jobtype": "split by activity", "resourcetype": "split by resource", "": "together"}
    asked = f"&splitby={following}" if following else ""
    return {"more": told[following], "more_url": f"{url}?{query}{asked}", "sub": "by the cloud of the queue"}


def _columns(regions: Regions, states: States, what: str) -> tuple[Column, ...]:
    """States that occur."""
    split = {"jobtype": (Column("split", "Activity"),), "resourcetype": (Column("split", "Resource"),)}
    of_queue = (Column("region", "Region"), Column("status", "Status"))
    return (
        Column("name", what),
        *(of_queue if what == "Queue" else split.get(regions.split, ())),
        Column("failing", "Failing", "percent"),
        *state_columns(states),
        Column("cores", "Cores", "number"),
    )


def state_columns(states: States) -> list[Column]:
    """A column for each state that occurs."""
    return [Column(state, SHORT.get(state, state), "number") for state in ORDER if states[state]]


def state_cells(jobs: Jobs, states: States, where: Where | None) -> dict[str, Cell]:
    """How many are in each state. where: what else asks for them, None where no request can."""
    return {
        state: cell(
            "number", count, "" if where is None else link(jobs, **where, **{"jobstatus" + SHOWN: state})
        )
        for state, count in states.items()
    }


def _regions(regions: Regions) -> list[dict[str, Any]]:
    return [row for name, place in regions.by_region.items() for row in _region(regions, name, place)]


def _region(regions: Regions, name: str, place: Place) -> list[dict[str, Any]]:
    """One row, or one for each part that the table is split into."""
    where: Where | None = {"region": name} if name != NOT_SPECIFIED else None
    url = link(regions, **where) if where else ""
    if regions.split not in SPLITS:
        return [_row(regions, cell("text", name, url), place.states, where, place)]
    parts = _parts(regions, place)
    return [
        _row(regions, cell("text", name, url), states, where and where | asked, None) | {"split": part}
        for part, (states, asked) in parts.items()
    ]


def _parts(regions: Regions, place: Place) -> Mapping[str, tuple[States, Where]]:
    if regions.split == "jobtype":
        return {
            activity: (cells[ALL], {"activity": activity})
            for activity, cells in sorted(place.cells.items())
            if activity in JOBTYPE
        }
    return {
        resource: (states, {"resourcetype" + SHOWN: resource})
        for resource, states in sorted(place.cells[ALL].items())
        if resource != ALL
    }


def _queues(regions: Regions) -> list[dict[str, Any]]:
    largest = sorted(regions.by_queue.items(), key=lambda item: -item[1].jobs)[:MOST_QUEUES]
    return [_queue(regions, name, place) for name, place in largest]


def _queue(regions: Regions, name: str, place: Place) -> dict[str, Any]:
    where: Where = {"computingsite" + SHOWN: name}
    defined = regions.queues.get(name, {})
    told = {"region": regions.region_of(name), "status": defined.get("status") or ""}
    url = (site_url(regions.asked, name) if defined else "") or link(regions, **where)
    return _row(regions, cell("text", name, url), place.states, where, place) | told


def _row(
    regions: Regions, name: dict[str, Any], states: States, where: Where | None, place: Place | None
) -> dict[str, Any]:
    counts = state_cells(regions, states, where)
    cores = {"cores": place.cores} if place else {}
    return {"name": name} | counts | cores | {"failing": failing_of(states)}
