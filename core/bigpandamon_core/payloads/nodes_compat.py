"""`/wns/` and `/wn/` as the BigPanDA JSON API gives them."""

from collections.abc import Mapping
from typing import Any

from bigpandamon_core.domain.states import JOB_STATES
from bigpandamon_core.payloads.nodes import NodesOfQueue
from bigpandamon_core.summaries.nodes import Node


def shape(asked: NodesOfQueue) -> dict[str, Any]:
    found = asked.in_order()
    window = asked.selection.window
    return {
        "url": asked.own_url,
        "site": asked.queue,
        "wnname": asked.node or "All",
        "user": None,
        "summary": [_every(asked), _average(asked), *(_node(asked, one) for one in found)],
        "wnPlotFailed": [[one.name, one.failed] for one in found if one.failed],
        "wnPlotFinished": [[one.name, one.finished] for one in found if one.finished],
        "hours": round(window.hours) if window else 0,
        "built": f"{asked.call.now:%H:%M:%S}",
    }


def _counts(one: Node) -> Mapping[str, int]:
    """All states; those told otherwise count as what they stand for."""
    return {state: one.states[state] for state in JOB_STATES} | {"finished": one.finished}


def _base(one: Node) -> dict[str, Any]:
    return {
        "name": one.name,
        "count": one.jobs,
        "rcores": one.cores,
        "rminramcount": one.memory_gb,
        "slotd": dict(one.slots),
        "slotcount": len(one.slots),
        "pctfail": round(one.failing or 0),
    }


def _listed(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"name": state, "count": count} for state, count in counts.items()]


def _every(asked: NodesOfQueue) -> dict[str, Any]:
    counts = _counts(asked.nodes.every)
    return _base(asked.nodes.every) | {"states": counts, "statelist": _listed(counts)}


def _average(asked: NodesOfQueue) -> dict[str, Any]:
    """Of the nodes; counts are texts with two decimals."""
    many, every = max(len(asked.nodes.by_name), 1), asked.nodes.every
    counts = {state: f"{count / many:.2f}" for state, count in _counts(every).items()}
    states = {state: {"name": state, "count": count} for state, count in counts.items()}
    return _base(every) | {
        "name": "Average",
        "count": f"{every.jobs / many:.2f}",
        "rcores": round(every.cores / many, 2),
        "rminramcount": round(every.memory_gb / many, 2),
        "slotcount": f"{len(every.slots) / many:.2f}",
        "states": states,
        "statelist": _listed(counts),
    }


def _node(asked: NodesOfQueue, one: Node) -> dict[str, Any]:
    counts = _counts(one)
    return _base(one) | {
        "states": {state: {"name": state, "count": count} for state, count in counts.items()},
        "statelist": _listed(counts),
        "outlier": asked.nodes.outlier(one),
    }
