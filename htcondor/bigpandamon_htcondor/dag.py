"""One DAG: its nodes, how far it is, what failed, and what decides how long it takes."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from bigpandamon_core.plugin import (
    Call,
    Cell,
    Column,
    cell,
    fact,
    fact_groups,
    graph,
    not_found,
    state_cell,
    table,
)
from bigpandamon_htcondor.dag_paths import critical_path
from bigpandamon_htcondor.dags import facts_of, refuse_hidden
from bigpandamon_htcondor.hiding import said
from bigpandamon_htcondor.jobs import job_url
from bigpandamon_htcondor.models import Dag, DagNode
from bigpandamon_htcondor.states import NODES

Facts = Mapping[str, Any]
MOST_NODES, SHOWN_NODES = 20_000, 1_000
NODE_COLUMNS = (
    Column("name", "Node"), Column("state", "State", "state"), Column("kind", "Kind"),
    Column("retries", "Retries", "number"), Column("began", "Began", "time"),
    Column("seconds", "Lasted", "duration"), Column("after", "After"), Column("job", "Batch job", "mono"),
    Column("detail", "What DAGMan says", "error"),
)  # fmt: skip
SHOWN_PARENTS = 3
BESIDE = {"SERVICE", "PROVISIONER"}
LEAD = ("error", "futile", "submitted", "pre-script", "post-script", "ready", "not ready", "", "done")
"""The order of rows: what needs somebody first."""


class OneDag:
    """A DAG by its name, and its nodes.

    Raises:
        Problem: from the constructor: 404, there is none.
    """

    def __init__(self, call: Call):
        self.call = call
        refuse_hidden(call)
        self.state = call.parameter("state")
        name = call.path.get("name", "")[:255]
        self.dag = Dag.objects.filter(pk=name).first()
        found = list(DagNode.objects.filter(dag=name).order_by("name")[: MOST_NODES + 1])
        self.nodes = found[:MOST_NODES]
        self.truncated = f"only {MOST_NODES:,} nodes were looked at" if len(found) > MOST_NODES else ""
        if self.dag is None and not self.nodes:
            raise not_found(f"There is no DAG {name[:80]}.", "Those there are are listed at /htcondor/dags/.")
        self.name = name
        self.parents = {one.name: list(json.loads(one.parents)) for one in self.nodes}

    def seconds(self, node: DagNode) -> float | None:
        """How long its last job ran, so far where that still runs; None where none ran."""
        until = node.ended or (self.call.now if node.state == "submitted" else None)
        return max((until - node.began).total_seconds(), 0) if node.began and until else None

    @cached_property
    def path(self) -> list[str]:
        """The critical path; services run beside it all."""
        seconds = {one.name: self.seconds(one) or 0 for one in self.nodes if one.kind not in BESIDE}
        return critical_path(seconds, {name: self.parents[name] for name in seconds})

    @property
    def states(self) -> dict[str, int]:
        """Nodes by state, in the order in which one may pass them."""
        counts = Counter(one.state for one in self.nodes)
        return {state: counts[state] for state in (*NODES, "") if counts[state]}

    @cached_property
    def told(self) -> dict[str, Any]:
        """The numbers of its status file, and below `metrics` those that it left at its end."""
        found: dict[str, Any] = json.loads(self.dag.attributes) if self.dag else {}
        metrics = found.get("metrics")
        return _numbers(found) | {"metrics": _numbers(metrics if isinstance(metrics, dict) else {})}


def _numbers(told: Facts) -> dict[str, Any]:
    """DAGMan's files may hold anything."""
    return {name: one for name, one in told.items() if isinstance(one, int | float)}


def plain(dag: OneDag) -> dict[str, Any]:
    """The DAG with its nodes, edges by node, and the critical path."""
    nodes = [
        {
            "name": one.name,
            "kind": one.kind or None,
            "state": one.state or None,
            "retries": one.retries,
            "began": one.began,
            "ended": one.ended,
            "parents": dag.parents[one.name],
            "GlobalJobId": one.globaljobid or None,
        }
        for one in dag.nodes
    ]
    told = facts_of(dag.dag) if dag.dag else {"name": dag.name}
    more = {"critical_path": dag.path, "nodes": nodes, "truncated": dag.truncated}
    return told | {"states": dag.states} | more


def page(dag: OneDag) -> dict[str, Any]:
    """The context of the page of one."""
    state = dag.dag.state if dag.dag else ""
    return {
        "title": f"DAG {dag.name}",
        "heading": "DAG",
        "name": dag.name,
        "conditions": _conditions(dag),
        "state": {"state": state or "unknown", "group": NODES.get(state, "waiting")},
        "states": _states(dag),
        "counted": "Nodes",
        "facts": _facts(dag),
        "graph": _graph(dag),
        "tables": [_nodes(dag), *_path(dag)],
        "truncated": dag.truncated,
        "notes": _notes(dag),
        "source": "as DAGMan told it",
    }


def _conditions(dag: OneDag) -> list[dict[str, str]]:
    return [{"field": "state", "text": dag.state, "remove_url": dag.call.url}] if dag.state else []


def _states(dag: OneDag) -> list[dict[str, Any]]:
    return [
        {
            "state": state or "unknown",
            "group": NODES.get(state, "waiting"),
            "count": count,
            "url": f"{dag.call.url}?state={quote(state)}" if state else "",
        }
        for state, count in dag.states.items()
    ]


def _facts(dag: OneDag) -> list[dict[str, Any]]:
    figures = dag.told["metrics"]
    return fact_groups(
        {"Progress": _progress(dag, dag.told), "When": _times(dag, figures), "DAGMan": _manager(dag, figures)}
    )


def _progress(dag: OneDag, totals: Facts) -> list[dict[str, Any]]:
    failed, futile, held = (totals.get(name) for name in ("NodesFailed", "NodesFutile", "JobProcsHeld"))
    of = f" of {totals['NodesTotal']:,}" if "NodesTotal" in totals else ""
    done = f"{totals['NodesDone']:,}{of}" if "NodesDone" in totals else ""
    return [
        fact("Nodes done", done),
        fact("Failed", failed, bad=bool(failed)),
        fact("Futile", futile, note="one before failed" if futile else "", bad=bool(futile)),
        fact("Jobs held", held, bad=bool(held)),
        fact("Nodes that were retried", sum(bool(one.retries) for one in dag.nodes) or ""),
    ]


def _times(dag: OneDag, figures: Facts) -> list[dict[str, Any]]:
    begins = [one.began for one in dag.nodes if one.began]
    ends = [one.ended for one in dag.nodes if one.ended]
    return [
        fact("First job began", _moment(min(begins, default=None))),
        fact("Last job ended", _moment(max(ends, default=None))),
        fact("Told of", _moment(dag.dag.observed if dag.dag else None)),
        fact("DAGMan ran", f"{figures['duration']:,.0f} s" if "duration" in figures else ""),
    ]


def _moment(moment: datetime | None) -> str:
    return f"{moment:%d %b %Y %H:%M:%S} UTC" if moment else ""


def _manager(dag: OneDag, figures: Facts) -> list[dict[str, Any]]:
    number = dag.dag.jobid if dag.dag else ""
    return [
        fact("Its job", number, f"{dag.call.root}jobs/?batchid={quote(number)}.0"),
        fact("Exit code", figures.get("exitcode"), bad=bool(figures.get("exitcode"))),
        fact("Rescue DAG", figures.get("rescue_dag_number") or ""),
    ]


def _notes(dag: OneDag) -> list[str]:
    lacking = not any(dag.parents.values())
    notes = ["Its .dag file was not imported: which node comes after which is not known."] if lacking else []
    if len(dag.nodes) > SHOWN_NODES:
        notes.append(f"Of {len(dag.nodes):,} nodes the table shows {SHOWN_NODES:,}; JSON has all.")
    return notes


def _nodes(dag: OneDag) -> dict[str, Any]:
    shown = [one for one in dag.nodes if not dag.state or one.state == dag.state]
    place = {state: number for number, state in enumerate(LEAD)}
    shown.sort(key=lambda one: (place.get(one.state, len(place)), one.name))
    rows = [_node(dag, one) for one in shown[:SHOWN_NODES]]
    many = f"{len(shown):,} node{'' if len(shown) == 1 else 's'}"
    return table("nodes", many, NODE_COLUMNS, rows, empty="No node is in this state.")


def _node(dag: OneDag, one: DagNode) -> dict[str, Any]:
    number = one.globaljobid.partition("#")[2].partition("#")[0]
    job: Cell = cell("mono", number, job_url(dag.call.root, one.globaljobid) if number else "")
    parents = dag.parents[one.name]
    more = f" and {len(parents) - SHOWN_PARENTS:,} more" if len(parents) > SHOWN_PARENTS else ""
    return {
        "name": one.name,
        "state": state_cell(one.state, NODES.get(one.state, "waiting")),
        "kind": one.kind.lower(),
        "retries": one.retries,
        "began": one.began,
        "seconds": dag.seconds(one),
        "after": ", ".join(parents[:SHOWN_PARENTS]) + more,
        "job": job,
        "detail": said(one.detail, "", dag.call),
    }


def _graph(dag: OneDag) -> dict[str, Any] | None:
    """The nodes, the critical path thicker."""
    nodes = [
        {
            "name": one.name,
            "note": (one.state or "unknown") + (f", retry {one.retries}" if one.retries else ""),
            "group": NODES.get(one.state, "waiting"),
            "url": job_url(dag.call.root, one.globaljobid) if one.globaljobid else "",
        }
        for one in dag.nodes
    ]
    pairs = [(before, after) for after, parents in dag.parents.items() for before in parents]
    sub = "the critical path is drawn thicker" if len(dag.path) > 1 else ""
    return graph("Graph of nodes", nodes, pairs, sub=sub, marked=set(pairwise(dag.path)))


def _path(dag: OneDag) -> list[dict[str, Any]]:
    """The critical path, where it is known which node comes after which."""
    if not any(dag.parents.values()):
        return []
    by_name = {one.name: one for one in dag.nodes}
    rows = [_node(dag, by_name[name]) for name in dag.path]
    seconds = sum(dag.seconds(by_name[name]) or 0 for name in dag.path)
    columns = tuple(one for one in NODE_COLUMNS if one.name in ("name", "state", "began", "seconds", "job"))
    sub = f"the chain that took longest: its jobs ran {seconds:,.0f} s"
    return [table("path", "Critical path", columns, rows, sub=sub)]
