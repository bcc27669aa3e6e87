"""The page of the shift crew: how jobs in each ring fared during a shift."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from bigpandamon_core.plugin import (
    CODE_COLUMNS,
    DIAG_COLUMNS,
    Access,
    Call,
    Jobs,
    Parameter,
    Problem,
    Resource,
    Table,
    at_v1,
    data_links,
    errors_of,
    graph,
    job_group,
    list_link,
    not_found,
    now,
    request_shown,
    shown_state,
)
from bigpandamon_demo_vo.fields import RING, RINGS

COLUMNS = ("ring", "jobs", "failed", "finished")


class Shift:
    """The jobs of the shift that ends now, of one ring or of all.

    Raises:
        Problem: 400 for a length that is none, 404 for a ring that does not exist.
    """

    def __init__(self, call: Call):
        self.call = call
        self.ring = call.path.get("ring", "")
        if self.ring and self.ring not in RINGS:
            raise not_found(f"There is no ring {self.ring[:40]}.", f"Rings are {' and '.join(RINGS)}.")
        self.hours = _hours(call)
        conditions = (("demo_vo_ring.is", self.ring),) if self.ring else ()
        self.jobs = Jobs(replace(call, parameters=(("hours", str(self.hours)), *conditions)))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Counts by ring, most jobs first."""
        (rings,) = (one for one in self.jobs.tally.attributes() if one.field == RING)
        counts = ((one.value, one.count, one.failed, one.finished) for one in rings.values)
        return [dict(zip(COLUMNS, told, strict=True)) for told in counts]


def _hours(call: Call) -> int:
    asked = call.parameter("length") or str(call.option("demo_vo.shift_hours"))
    if not asked.isdecimal() or not 0 < int(asked) <= 48:
        raise Problem(f"No shift lasts {asked[:40]} hours", parameter="length", remedy="Give 1 to 48.")
    return int(asked)


def states(jobs: Jobs) -> dict[str, dict[str, int]]:
    """By group of states and queue, how many jobs."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in jobs.in_bulk(("jobstatus", "jobsubstatus", "computingsite")):
        group = job_group(shown_state(row["jobstatus"], row["jobsubstatus"]))
        found[group][row["computingsite"]] += 1
    return {group: dict(queues) for group, queues in found.items()}


def page(shift: Shift) -> dict[str, Any]:
    begin = now() - timedelta(hours=shift.hours)
    return {
        "title": "Shift",
        "heading": f"{shift.jobs.tally.total:,} jobs since {begin:%H:%M}",
        "rows": shift.rows,
        "graph": graph("Where wind goes", [{"name": ring} for ring in RINGS], pairwise(RINGS)),
        "jobs_url": list_link(shift.jobs),
        "window": request_shown(shift.jobs.selection, shift.call)["window"],
        "links": {"lasting": data_links(shift.jobs.selection, shift.call)["lasting"]},
        "source": "counted in the PanDA database",
    }


def said(jobs: Jobs) -> dict[str, int]:
    """By component, how many errors of jobs say why."""
    rows = jobs.in_bulk((*CODE_COLUMNS, *DIAG_COLUMNS))
    return dict(Counter(error.component for row in rows for error in errors_of(row) if error.diag))


def plain(shift: Shift) -> dict[str, Any]:
    jobs = shift.jobs
    return {"hours": shift.hours, "rings": shift.rows, "states": states(jobs), "said": said(jobs)}


def table(shift: Shift) -> Table:
    return Table(COLUMNS, shift.rows)


SHIFT = Resource(
    name="demo_vo-shift",
    path="demo_vo/shift/",
    also_at=("zephyr/shiftlist/",),
    help="Jobs of the running shift by ring.",
    access=Access.READ,
    build=Shift,
    formats={"html": page, "json": plain, "csv": table, "ndjson": table, "text": table},
    template="demo_vo/shift.html",
    point="demo_vo-shift",
    parameters=(Parameter("length", "Hours of the shift.", "count"),),
    answer={"type": "object"},
    needs=("jobs",),
)
V1_RING = at_v1(
    SHIFT,
    "demo_vo/shift/<str:ring>",
    meta=lambda shift: {"ring": shift.ring},
    name="demo_vo-v1-ring",
    help="Jobs of the running shift in one ring.",
    parameters=(Parameter("ring", "inner or outer.", where="path"), Parameter("length", "Hours.", "count")),
)
