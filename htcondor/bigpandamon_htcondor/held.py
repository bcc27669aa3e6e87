"""Held jobs: why, since when, and who else."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Max, Min
from django.db.models.functions import Coalesce

from bigpandamon_core.plugin import NOT_SPECIFIED, Call, Cell, Column, Table, cell, table
from bigpandamon_htcondor.asking import Selection
from bigpandamon_htcondor.jobs import jobs_table
from bigpandamon_htcondor.states import hold

MOST_ROWS, PAGE_ROWS = 1_000, 100
REASONS = (
    Column("jobs", "Jobs", "number"), Column("why", "Why"), Column("code", "Code", "mono"),
    Column("helps", "What usually helps"), Column("first", "Held since", "time"),
    Column("last", "Last one", "time"), Column("hosts", "Submit hosts", "number"),
    Column("sites", "Sites", "number"), Column("owners", "Owners", "number"),
)  # fmt: skip
LEFT_OUT = ("state", "queued", "started", "ended", "cpus", "wall_s", "used_mb")
LINKS: Mapping[str, Mapping[str, str | None]] = {
    "json": {"json": "", "state": None, "gone": None},
    "csv": {"format": "csv", "state": None, "gone": None},
    "lasting": {"state": None, "gone": None},
}


class Held(Selection):
    """Held jobs of a selection, by reason."""

    def __init__(self, call: Call):
        super().__init__(call)
        self.limit = call.number("limit", PAGE_ROWS, MOST_ROWS)
        self.conditions |= {"state": "held", "gone": "no"}
        self.found = self.jobs.filter(state="held", removed=None)

    @cached_property
    def reasons(self) -> list[dict[str, Any]]:
        """By code and subcode, the most frequent first."""
        subcode = Coalesce("reason_subcode", 0)
        grouped = self.found.values("reason_code", subcode=subcode).annotate(
            jobs=Count("pk"),
            first=Min("entered"),
            last=Max("entered"),
            hosts=Count("host", distinct=True),
            sites=Count("site", distinct=True),
            owners=Count("owner", distinct=True),
        )
        found = grouped.order_by("-jobs", "reason_code", "subcode")
        return [one | {"reason_subcode": one.pop("subcode")} for one in found]

    @property
    def total(self) -> int:
        return sum(one["jobs"] for one in self.reasons)

    @cached_property
    def longest(self) -> list[Any]:
        """Those that are held longest; of which that is not known come last."""
        return list(self.found.order_by(F("entered").asc(nulls_last=True), "pk")[: self.limit])


def _told(one: dict[str, Any]) -> dict[str, Any]:
    meaning, advice = hold(one["reason_code"], one["reason_subcode"])
    parts = [str(part) for part in (one["reason_code"], one["reason_subcode"]) if part]
    return {"why": meaning or "not told", "helps": advice, "code": ".".join(parts) or NOT_SPECIFIED}


def plain(held: Held) -> dict[str, Any]:
    return {"total": held.total, "reasons": [one | _told(one) for one in held.reasons]}


def rows(held: Held) -> Table:
    return Table(tuple(one.name for one in REASONS), [one | _told(one) for one in held.reasons])


def page(held: Held) -> dict[str, Any]:
    """The context of the page."""
    call = held.call
    title = f"Held longest, {len(held.longest):,} of {held.total:,}"
    more = {"more": "all of them", "more_url": held.link(f"{call.root}jobs/")}
    return {
        "title": "Held jobs",
        "heading": f"{held.total:,} held job{'' if held.total == 1 else 's'}",
        "tables": [
            table("reasons", "Why", REASONS, _reasons(held), empty="No job is held."),
            jobs_table(held.longest, call, "longest", title, LEFT_OUT, empty="No job is held.", **more),
        ],
        "source": "as schedulers told it",
        "links": {name: held.link("", **how) for name, how in LINKS.items()},
    }


def _reasons(held: Held) -> list[dict[str, Any]]:
    url = f"{held.call.root}jobs/"
    return [one | _told(one) | {"jobs": _count(held, one, url)} for one in held.reasons]


def _count(held: Held, one: dict[str, Any], url: str) -> Cell:
    """How many, a link to them where the reason has a code to ask for."""
    code, subcode = one["reason_code"], one["reason_subcode"]
    link = held.link(url, holdcode=str(code), holdsubcode=str(subcode)) if code is not None else ""
    return cell("number", one["jobs"], link)
