"""Schedulers and submit hosts: their jobs by state, when they were heard of, how well cores were used."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Q, Sum

from bigpandamon_core.plugin import NOT_SPECIFIED, Cell, Column, Table, cell, table
from bigpandamon_htcondor.asking import Selection
from bigpandamon_htcondor.states import ORDER

SUMS = {
    "sum_cpu": Sum("cpu_s", filter=Q(cpu_core_s__gt=0)),
    "known_core": Sum("cpu_core_s", filter=Q(cpu_s__isnull=False)),
    "lost_of_core": Sum("core_s", filter=Q(committed_core_s__isnull=False)),
    "sum_committed": Sum("committed_core_s", filter=Q(core_s__isnull=False)),
    "sum_core": Sum("core_s"),
    "jobs": Count("pk"),
    "heard": Max("observed"),
}
"""A ratio is of jobs of which both of its sides are known."""
HOUR = 3600
UNKNOWN = "unknown"
STATES = (*ORDER, UNKNOWN)
GROUPS = {
    "schedd": "Schedulers",
    "host": "Submit hosts",
    "site": "Sites and gateways",
    "queue": "PanDA queues",
}
USE = (
    Column("core_h", "Core hours", "number"), Column("efficiency", "CPU efficiency", "percent"),
    Column("lost_h", "Bad put, core hours", "number"), Column("lost", "Bad put", "percent"),
)  # fmt: skip


class Pools(Selection):
    """Jobs of a selection by where they were submitted and where they ran."""

    @cached_property
    def by_state(self) -> list[dict[str, Any]]:
        """One row a scheduler, host, site, queue and state."""
        return list(self.jobs.values(*GROUPS, "state").annotate(**SUMS).order_by(*GROUPS, "state"))

    def grouped(self, column: str) -> list[dict[str, Any]]:
        """One row a value of a column, by name."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.by_state:
            found.setdefault(row[column] or "", []).append(row)
        return [{"name": name} | _together(rows) for name, rows in sorted(found.items()) if name]


def _together(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    parts = list(rows)
    states = {
        state: sum(one["jobs"] for one in parts if (one["state"] or UNKNOWN) == state) for state in STATES
    }
    core, cpu = _sum(parts, "known_core"), _sum(parts, "sum_cpu")
    whole, committed = _sum(parts, "lost_of_core"), _sum(parts, "sum_committed")
    return {
        "jobs": sum(one["jobs"] for one in parts),
        "states": states,
        "heard": max(one["heard"] for one in parts),
        "core_h": _hours(_sum(parts, "sum_core")),
        "efficiency": 100 * cpu / core if core and cpu is not None else None,
        "lost_h": None if whole is None else _hours(whole - (committed or 0)),
        "lost": 100 * (whole - (committed or 0)) / whole if whole else None,
    }


def _sum(parts: Iterable[dict[str, Any]], name: str) -> float | None:
    """None where nothing is known."""
    known = [one[name] for one in parts if one[name] is not None]
    return sum(known) if known else None


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / HOUR


def plain(pools: Pools) -> dict[str, Any]:
    """By kind of place, each with its numbers; ratios are in percent."""
    return {f"by_{column}": pools.grouped(column) for column in GROUPS}


def rows(pools: Pools) -> Table:
    """Schedulers."""
    told = [one | one["states"] for one in pools.grouped("schedd")]
    return Table(("name", "jobs", *STATES, "heard", *(one.name for one in USE)), told)


def page(pools: Pools) -> dict[str, Any]:
    """The context of the page."""
    hours = pools.hours
    text = (
        "all jobs there are"
        if hours is None
        else f"jobs in the queue, or in their state for at most {hours:,} hours"
    )
    schedulers = len(pools.grouped("schedd"))
    return {
        "title": "Schedulers",
        "heading": f"{schedulers:,} scheduler{'' if schedulers == 1 else 's'}",
        "tables": [_table(pools, column, GROUPS[column]) for column in _told(pools)],
        "notes": [f"Counted are {text}."],
        "source": "as schedulers told it",
        "links": {"json": pools.link(json=""), "csv": pools.link(format="csv"), "lasting": pools.link()},
    }


def _told(pools: Pools) -> list[str]:
    """Kinds of places that tell something: hosts do not where each has one scheduler of its name."""
    names = {column: [one["name"] for one in pools.grouped(column)] for column in GROUPS}
    further = [column for column in GROUPS if names[column] and column != "schedd"]
    return ["schedd", *(one for one in further if one != "host" or names["host"] != names["schedd"])]


def _table(pools: Pools, column: str, title: str) -> dict[str, Any]:
    found = pools.grouped(column)
    told = [state for state in STATES if any(one["states"][state] for one in found)]
    columns = (
        Column("name", title),
        Column("jobs", "Jobs", "number"),
        *(Column(state, state.capitalize(), "number") for state in told),
        Column("heard", "Heard of", "time"),
        *USE,
    )
    sub = "bad put: core time that evictions lost" if column == "schedd" else ""
    return table(
        column, title, columns, [_cells(pools, column, one) for one in found], sub=sub, empty="None is known."
    )


def _cells(pools: Pools, column: str, one: dict[str, Any]) -> dict[str, Any]:
    """Numbers of a place, each a link to the jobs it counts."""

    def count(value: int, **further: str) -> Cell:
        can_ask = value and not {"*", "|"} & set(one["name"])
        url = pools.link(f"{pools.call.root}jobs/", **{column: one["name"]}, **further)
        return cell("number", value, url if can_ask else "")

    counts = {
        state: count(many, state=NOT_SPECIFIED if state == UNKNOWN else state)
        for state, many in one["states"].items()
    }
    return one | counts | {"jobs": count(one["jobs"])}
