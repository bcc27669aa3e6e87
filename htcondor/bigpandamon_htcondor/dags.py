"""DAGs: which there are, with their nodes by state."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.db.models import Count, QuerySet

from bigpandamon_core.plugin import Call, Column, Problem, Table, cell, state_cell, table
from bigpandamon_htcondor.models import Dag, DagNode
from bigpandamon_htcondor.states import NODES

MOST_DAGS = 500
DAG_COLUMNS = (
    Column("name", "DAG"), Column("state", "State", "state"), Column("nodes", "Nodes", "number"),
    *(Column(state, state.capitalize(), "number") for state in NODES), Column("", "Unknown", "number"),
    Column("observed", "Told of", "time"),
)  # fmt: skip


class Dags:
    """The DAGs that were heard of last, with their nodes by state."""

    def __init__(self, call: Call):
        self.call = call
        refuse_hidden(call)
        self.limit = call.number("limit", 100, MOST_DAGS)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return self._told(list(self._ordered()[: self.limit]))

    @property
    def truncated(self) -> str:
        is_cut = len(self.rows) == self.limit and self._ordered()[self.limit :].exists()
        return f"the {self.limit} DAGs heard of last: raise limit, or ask for CSV" if is_cut else ""

    def every(self) -> Iterator[dict[str, Any]]:
        """All of them, some at a time."""
        names = list(self._ordered().values_list("pk", flat=True))
        for begin in range(0, len(names), MOST_DAGS):
            some = Dag.objects.in_bulk(names[begin : begin + MOST_DAGS])
            yield from self._told([some[name] for name in names[begin : begin + MOST_DAGS] if name in some])

    def _ordered(self) -> "QuerySet[Dag]":
        return Dag.objects.order_by("-received", "pk")

    def _told(self, found: list[Dag]) -> list[dict[str, Any]]:
        """With their nodes by state."""
        counts: dict[str, Counter[str]] = {one.name: Counter() for one in found}
        tallied = (
            DagNode.objects.filter(dag__in=list(counts)).values_list("dag", "state").annotate(Count("pk"))
        )
        for name, state, count in tallied.order_by("dag", "state"):
            counts[name][state or ""] = count
        return [
            facts_of(one) | {"nodes": counts[one.name].total(), "states": dict(counts[one.name])}
            for one in found
        ]


def refuse_hidden(call: Call) -> None:
    """Raises Problem: names of DAGs are often those of people, and names are hidden from the caller."""
    if call.privacy.hides_names:
        raise Problem("Names of DAGs are not shown here", status=403, code="forbidden", remedy="Sign in.")


def facts_of(row: Dag) -> dict[str, Any]:
    return {"name": row.name, "state": row.state, "jobid": row.jobid, "observed": row.observed}


def dag_url(root: str, name: str) -> str:
    return f"{root}dag/{quote(name, safe='')}/"


def plain(dags: Dags) -> dict[str, Any]:
    return {"dags": dags.rows, "truncated": dags.truncated}


def table_of(dags: Dags) -> Table:
    columns = ("name", "state", "jobid", "observed", "nodes", *NODES)
    told = dags.rows if dags.call.parameter("limit") else dags.every()
    return Table(columns, (dict.fromkeys(NODES, 0) | one | one["states"] for one in told))


def page(dags: Dags) -> dict[str, Any]:
    """The context of the page of all."""
    told = [
        one
        | one["states"]
        | {
            "name": cell("text", one["name"], dag_url(dags.call.root, one["name"])),
            "state": state_cell(one["state"], NODES.get(one["state"], "waiting")),
        }
        for one in dags.rows
    ]
    nobodys = {state for state in (*NODES, "") if not any(one["states"].get(state) for one in dags.rows)}
    columns = tuple(one for one in DAG_COLUMNS if one.name not in nobodys)
    return {
        "title": "DAGs",
        "heading": f"{len(told):,} DAG{'' if len(told) == 1 else 's'}",
        "tables": [table("dags", "Heard of last", columns, told, empty="No DAG is known.")],
        "truncated": dags.truncated,
        "source": "as DAGMan told it",
    }
