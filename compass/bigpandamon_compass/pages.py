"""What the pages of COMPASS have in common: their head, links to counted jobs, the chain matrix."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from bigpandamon_compass import steps
from bigpandamon_compass.places import Count, Matrix, Placed, Places
from bigpandamon_core.plugin import (
    NOT_SPECIFIED,
    Access,
    Parameter,
    Resource,
    data_links,
    job_group,
    list_link,
    request_shown,
)

Shape = Callable[[Any], Any]
TITLES = {step.name: step.title for step in steps.STEPS} | {NOT_SPECIFIED: "Other"}


def resource(
    name: str,
    path: str,
    help_text: str,
    build: type[Places],
    formats: Mapping[str, Shape],
    *parameters: Parameter,
) -> Resource:
    """A page of jobs, as JSON and as rows, too. path: below /compass/."""
    return Resource(
        name=f"compass-{name}",
        path=f"compass/{path}/",
        help=help_text,
        access=Access.READ,
        build=build,
        formats=formats,
        template="compass/chain.html",
        point="compass-chain",
        noun="jobs",
        parameters=parameters,
        answer={"type": "object"},
    )


def doubts(places: Places) -> dict[str, Any]:
    """What the answer lacks, for programs."""
    return {"truncated": places.truncated or None, "missing": places.jobs.lacking}


def head(places: Places, title: str, heading: str, api: str) -> dict[str, Any]:
    """Window, states and links. api: the same below /api/v1."""
    jobs = places.jobs
    shown = request_shown(jobs.selection, places.call)
    asked = [one for one in shown["conditions"] if f"{one['field']}.is" not in places.fixed]
    return {
        "title": title,
        "heading": heading,
        **shown,
        "conditions": asked,
        "states": states(places),
        "truncated": places.truncated,
        "ignored": jobs.without_effect,
        "notes": jobs.lacking,
        "source": "counted in the PanDA database",
        "links": data_links(jobs.selection, places.call, "csv", api=api),
    }


def states(places: Places) -> list[dict[str, Any]]:
    """Jobs by state, each a link to its rows."""
    counts = Counter(job.state for job in places.placed)
    return [
        {
            "state": state,
            "group": job_group(state),
            "short": state,
            "count": counts[state],
            "url": list_link(places.jobs, **{"jobstatus.is": state}),
        }
        for state in sorted(counts, key=lambda state: (-counts[state], state))
    ]


def core_root(places: Places) -> str:
    """Where core's own pages begin."""
    return places.call.root.removesuffix("compass/")


def production_url(places: Places, production: str, *beyond: str) -> str:
    """The page of a production, or of what is beyond it; "" where no address can hold the name."""
    if production == NOT_SPECIFIED or any("/" in part for part in (production, *beyond)):
        return ""
    path = "/".join(quote(part, safe="") for part in (production, *beyond))
    return f"{places.call.root}production/{path}/{same_window(places)}"


def same_window(places: Places) -> str:
    """The request without what its address says, or a page has of its own."""
    query = places.jobs.selection.query((*places.fixed, "compass_production", "offset"))
    return f"?{query}" if query else ""


def tape_url(places: Places, **conditions: str) -> str:
    """What waits for tape of the same jobs."""
    return list_link(places.jobs, **conditions).replace(
        f"{places.call.root}jobs/", f"{places.call.root}tape/", 1
    )


def heads(matrix: Matrix) -> list[str]:
    return [TITLES[name] for name in matrix.shown]


def cells(places: Places, matrix: Matrix, row: str, **conditions: str) -> list[dict[str, Any]]:
    """A row of the matrix. conditions: what its jobs are found by, beside the step."""
    return [_cell(places, matrix.rows[row].get(name), name, conditions) for name in matrix.shown]


def _cell(places: Places, cell: Count | None, step: str, conditions: dict[str, str]) -> dict[str, Any]:
    if cell is None:
        return {}
    return {
        "text": f"{cell.finished:,}/{cell.jobs:,}",
        "state": cell.worst,
        "group": job_group(cell.worst),
        "url": list_link(places.jobs, **{"compass_step.is": step} | conditions),
        "title": f"{cell.jobs:,} jobs, {cell.finished:,} finished; worst of those tried last: {cell.worst}",
    }


def last_change(jobs: Iterable[Placed]) -> Any:
    return max((job.changed for job in jobs if job.changed), default=None)
