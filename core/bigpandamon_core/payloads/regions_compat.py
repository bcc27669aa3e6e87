"""`/dash/region/` as the BigPanDA JSON API gives it."""

from collections.abc import Mapping
from typing import Any

from bigpandamon_core.domain.parameters import SHOWN, together
from bigpandamon_core.domain.states import ENDED_WELL, JOB_STATES
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads.jobs_links import link
from bigpandamon_core.payloads.regions import JOBTYPE, Regions
from bigpandamon_core.summaries.regions import ALL, Place, States

BUSY = ("sent", "starting", "running")
"""States of jobs that a pilot has."""
Where = dict[str, str | None]


def shape(regions: Regions) -> dict[str, Any]:
    with_links = "links" in regions.call.parameter("extra").split(",")
    by_place = {"regions": ("region", regions.by_region), "sites": ("site", regions.by_site)}
    told: dict[str, Any] = {
        key: {
            name: _cells(regions, place, {field: name} if with_links and name != NOT_SPECIFIED else None)
            for name, place in found.items()
        }
        for key, (field, found) in by_place.items()
    }
    queues = {
        name: _queue(regions, name, place, {"computingsite" + SHOWN: name} if with_links else None)
        for name, place in regions.by_queue.items()
    }
    return told | {"queues": queues}


def _queue(regions: Regions, name: str, place: Place, where: Where | None) -> dict[str, Any]:
    defined, pilots = regions.queues.get(name, {}), regions.pilots.get(name, 0)
    busy = sum(place.states[state] for state in BUSY)
    return {
        "pqtype": defined.get("type") or "",
        "region": defined.get("cloud") or "",
        "atlas_site": defined.get("atlas_site") or "",
        "status": defined.get("status") or "",
        "n_pilots_total": pilots,
        "n_pilots_nojob": max(pilots - busy, 0),
        "n_running_cores": place.cores,
        "failed_percentage": round(place.failing or 0),
        "n_jobs": place.jobs,
        "job_summary": _cells(regions, place, where),
    }


def _cells(regions: Regions, place: Place, where: Where | None) -> Mapping[str, Any]:
    """By type of jobs and resource; where: what asks for the place's jobs, None without links."""
    return {
        JOBTYPE.get(activity, activity): {
            resource: _states(regions, states, _narrowed(where, activity, resource))
            for resource, states in cells.items()
        }
        for activity, cells in place.cells.items()
    }


def _narrowed(where: Where | None, activity: str, resource: str) -> Where | None:
    if where is None:
        return None
    more = {"activity": activity, "resourcetype" + SHOWN: resource}
    return where | {name: value for name, value in more.items() if value != ALL}


def _states(regions: Regions, states: States, where: Where | None) -> list[dict[str, Any]]:
    """All sixteen, in their order; those told otherwise count as what they stand for."""
    told: list[dict[str, Any]] = []
    for state in JOB_STATES:
        shown = sorted(ENDED_WELL) if state == "finished" else [state]
        one: dict[str, Any] = {"jobstatus": state, "count": sum(states[each] for each in shown)}
        if where is not None:
            one["job_link"] = link(regions, **where, **{"jobstatus" + SHOWN: together(shown)})
        told.append(one)
    return told
