"""What DAGMan tells of a workflow: the status file of its nodes, and its metrics.

Forms: https://htcondor.readthedocs.io/en/latest/automated-workflows/dagman-information-files.html
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from bigpandamon_htcondor_agent.classads import dag_status
from bigpandamon_htcondor_agent.values import Ad, Unreadable

NODE_STATES = (
    "not ready", "ready", "pre-script", "submitted", "post-script", "done", "error", "futile",
)  # fmt: skip
"""By number; futile: an ancestor failed."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """A DAG at a moment (Unix seconds). state: as that of a node. totals: by what the file calls them."""

    files: tuple[str, ...]
    moment: int
    state: str
    totals: Ad


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    state: str
    why: str
    retries: int
    queued: int
    held: int


def nodes(stream: TextIO) -> Iterator[tuple[str, Workflow | Node | Unreadable]]:
    """The workflow, then its nodes, of a `*.node_status`; each with its place."""
    for place, found in dag_status(stream):
        if isinstance(found, Unreadable):
            yield place, found
        elif found.get("Type") == "DagStatus":
            yield place, _workflow(found)
        elif found.get("Type") == "NodeStatus":
            yield place, _node(found)


def metrics(stream: TextIO) -> Ad:
    """The figures of a `*.dag.metrics`; Unreadable when it is no JSON object."""
    try:
        found = json.load(stream)
    except (ValueError, RecursionError) as reason:
        raise Unreadable(f"no JSON: {reason}") from reason
    if not isinstance(found, dict):
        raise Unreadable("no JSON object")
    return Ad(found.items())


def _workflow(ad: Ad) -> Workflow:
    files = ad.get("DagFiles")
    totals = Ad((name, count) for name, count in ad.items() if name.startswith(("Nodes", "JobProcs")))
    return Workflow(
        tuple(map(str, files if isinstance(files, list) else ())),
        _count(ad, "Timestamp"),
        _state(ad.get("DagStatus")),
        totals,
    )


def _node(ad: Ad) -> Node | Unreadable:
    if not ad.get("Node"):
        return Unreadable("a node without a name")
    counts = (_count(ad, name) for name in ("RetryCount", "JobProcsQueued", "JobProcsHeld"))
    return Node(str(ad["Node"]), _state(ad.get("NodeStatus")), str(ad.get("StatusDetails") or ""), *counts)


def _count(ad: Ad, name: str) -> int:
    found = ad.get(name)
    return found if isinstance(found, int) else 0


def _state(number: object) -> str:
    return dict(enumerate(NODE_STATES)).get(number, str(number)) if isinstance(number, int) else ""
