"""The nodes of a queue, or one of them, as a page and for `/api/v1`."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import envelope, jobs_errors
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.jobs_links import can_be_asked_for, link
from bigpandamon_core.payloads.jobs_page import state_strip
from bigpandamon_core.payloads.nodes import FAST, NodesOfQueue
from bigpandamon_core.payloads.regions_page import state_cells, state_columns
from bigpandamon_core.payloads.tables import Row, fact, table
from bigpandamon_core.summaries.nodes import FAST_MINUTES, Node

MOST_ROWS = 500


def shape(asked: NodesOfQueue) -> dict[str, Any]:
    """The context of the page."""
    every, many = asked.nodes.every, len(asked.nodes.by_name)
    name = f"{asked.node} of {asked.queue}" if asked.node else f"{many:,} nodes of {asked.queue}"
    return {
        "title": f"{asked.node or 'Nodes'} · {asked.queue}",
        "heading": name,
        **request_shown(asked.shown, asked.asked),
        "counted": "Jobs",
        "states": state_strip(asked, every.states),
        "facts": [{"title": "Node", "rows": _hardware(asked)}] if asked.node else [],
        **jobs_errors.shown(asked),
        "tables": _tables(asked),
        "truncated": asked.truncated,
        "ignored": asked.without_effect,
        "notes": [*_unknown(asked), *doubts(asked.shown), *asked.lacking],
        "source": asked.source.told,
        "links": data_links(asked.shown, asked.asked),
    }


def _unknown(asked: NodesOfQueue) -> list[str]:
    """That nothing tells of such a node."""
    if not asked.node or asked.nodes.every.jobs or asked.hardware or asked.lacking:
        return []
    return [f"Nothing tells of a node {asked.node}: no job of this window ran there."]


def _hardware(asked: NodesOfQueue) -> list[dict[str, Any]]:
    url = f"{asked.call.root}wns/{quote(asked.queue, safe='')}/"
    told = [fact("Queue", asked.queue, url)]
    for one in asked.hardware[:3]:
        told += [
            fact("Processor", one["cpu_model"], note=one["cpu_architecture_level"] or ""),
            fact("Logical cores", one["n_logical_cpus"]),
            fact("Memory, MB", one["total_memory"]),
            fact("Seen by a pilot", iso(one["last_seen"])),
        ]
    return told


def _tables(asked: NodesOfQueue) -> list[dict[str, Any]]:
    found = asked.in_order()
    standing_out = [one for one in found if one.swallows_jobs or asked.nodes.outlier(one)]
    told = []
    if standing_out and not asked.node:
        ranked = sorted(standing_out, key=lambda one: -one.failed)
        columns = (Column("why", "Why"), *_columns(asked))
        sub = "failing at least twice as often as the rest, or nearly everything at once"
        rows = [_row(asked, one) | {"why": _why(asked, one)} for one in ranked]
        told.append(table("standing-out", "What stands out", columns, rows, sub=sub))
    cut = f"the first {MOST_ROWS}" if len(found) > MOST_ROWS else ""
    rows = [_row(asked, one) for one in found[:MOST_ROWS]]
    title = "Jobs" if asked.node else "Nodes"
    return [*told, table("nodes", title, _columns(asked), rows, sub=cut, empty="No job ran in this window.")]


def _why(asked: NodesOfQueue, one: Node) -> str:
    if one.swallows_jobs:
        return "swallows jobs"
    return "fails very often" if "Very" in asked.nodes.outlier(one) else "fails often"


def _columns(asked: NodesOfQueue) -> tuple[Column, ...]:
    return (
        Column("name", "Node"),
        Column("failing", "Failing", "percent"),
        *state_columns(asked.nodes.every.states),
        Column("fast", f"Failed within {FAST_MINUTES} min", "number"),
        Column("cores", "Cores busy", "number"),
        Column("memory", "Memory asked for, GB", "number"),
        Column("slots", "Slots", "number"),
    )


def _row(asked: NodesOfQueue, one: Node) -> dict[str, Any]:
    where = {"wn" + SHOWN: one.name} if can_be_asked_for(one.name) else None
    url = f"{asked.call.root}wn/{quote(asked.queue, safe='')}/{quote(one.name, safe='')}/" if where else ""
    return state_cells(asked, one.states, dict(where) if where else None) | {
        "name": cell("text", one.name, f"{url}?{asked.shown.query()}" if url else ""),
        "failing": one.failing,
        "fast": cell("number", one.fast, link(asked, **where, **FAST) if where and one.fast else ""),
        "cores": one.cores,
        "memory": one.memory_gb,
        "slots": len(one.slots),
    }


def data(asked: NodesOfQueue) -> dict[str, Any]:
    """The envelope of `/api/v1`."""
    rows: Iterable[Row] = (
        {
            "name": one.name,
            "jobs": one.jobs,
            "states": dict(one.states),
            "failing_percent": one.failing,
            "failed_at_once": one.fast,
            "swallows_jobs": one.swallows_jobs,
            "outlier": asked.nodes.outlier(one).strip() or None,
            "running_cores": one.cores,
            "running_memory_gb": one.memory_gb,
            "slots": len(one.slots),
        }
        for one in asked.in_order()
    )
    return {
        "data": list(rows),
        "meta": envelope.meta(
            asked,
            as_of=iso(asked.source.as_of),
            source=asked.source.name,
            total=len(asked.nodes.by_name),
            computingsite=asked.queue,
        ),
        "links": {"self": asked.own_url},
    }
