"""Events of job logs into the plugin's tables: what each changes in its job, and the events themselves."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from bigpandamon_core.plugin import Outcome, Record, Unreadable, now
from bigpandamon_htcondor.dag_store import put_dag, put_nodes
from bigpandamon_htcondor.models import REASON_SIGNS, BatchEvent
from bigpandamon_htcondor.store import store
from bigpandamon_htcondor_agent.event_log import Event
from bigpandamon_htcondor_agent.folding import changes, global_job_id, of_job
from bigpandamon_htcondor_agent.values import Ad

NODES_LOG, MANAGER_LOG = ".dag.nodes.log", ".dag.dagman.log"
STATEMENT_ROWS = 500
SUBMITTED, STARTED, TERMINATED, ABORTED = 0, 1, 5, 9
_ALIAS = re.compile(r"[?&]alias=([!-~]+?)[&>]")
_ADDRESS = re.compile(r"<([^:?>]+)")
Key = tuple[str, Any, int, int]


def host_of(event: Event) -> str:
    """The submit host that an event names, "" where none is named."""
    told = str(event.details.get("Host") or "")
    found = _ALIAS.search(told) or _ADDRESS.match(told)
    return found[1] if found else ""


@dataclass
class _Batch:
    """What some events come to. told: changes by job. nodes: facts by node of the DAG. rows: the events."""

    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[Key, BatchEvent] = field(default_factory=dict)


class EventWriter:
    """Stores the events of one log; it remembers each job as its events have left it."""

    def __init__(self, path: Path):
        self.dag = path.name.removesuffix(NODES_LOG) if path.name.endswith(NODES_LOG) else ""
        self.manager = path.name.removesuffix(MANAGER_LOG) if path.name.endswith(MANAGER_LOG) else ""
        self.log = re.sub(r"[^!-~]|#", "_", path.stem)
        self.host = ""
        self.names: dict[tuple[int, int], str] = {}
        self.ads: dict[str, Ad] = {}
        self.places = Counter[tuple[str, Any, int]]()

    def write(self, records: Sequence[Record]) -> Outcome:
        """Every event counts once, as new, as known, or as one of no job, which changes nothing."""
        batch = _Batch()
        for event in filter(of_job, map(_event, records)):
            self._take(event, batch)
        done = store([*batch.told.values()], now())
        refused = {one.globaljobid: one.reason for one in done.refused}
        if self.dag and batch.nodes:
            put_nodes(self.dag, batch.nodes)
        if self.manager:
            put_dag(self.manager, now(), {"jobid": str(_event(records[-1]).cluster)}, {})
        known = _known(batch.rows)
        kept = [(key, row) for key, row in batch.rows.items() if key[0] not in refused]
        added = [row for key, row in kept if key not in known]
        BatchEvent.objects.bulk_create(added, batch_size=STATEMENT_ROWS)
        lost = [Unreadable(records[0].place, refused[key[0]]) for key in batch.rows if key[0] in refused]
        return Outcome(len(added), 0, len(records) - len(added) - len(lost), lost)

    def _take(self, event: Event, batch: "_Batch") -> None:
        name = self._name(event)
        batch.told.setdefault(name, {"GlobalJobId": name}).update(self._changes(event, name))
        if node := self.ads[name].get("DAGNodeName"):
            batch.nodes.setdefault(str(node), {}).update(_of_node(event, name))
        row = self._row(event, name)
        batch.rows[row.globaljobid, row.moment, row.number, row.place] = row

    def _name(self, event: Event) -> str:
        """The key of the job that an event is of; a number is used again when another job is submitted."""
        number = event.cluster, event.proc
        if event.number == SUBMITTED:
            self.host = host_of(event) or self.host
        if event.number == SUBMITTED or number not in self.names:
            self.names[number] = global_job_id(self.host or self.log, event)
            self.ads.setdefault(self.names[number], Ad())
        return self.names[number]

    def _changes(self, event: Event, name: str) -> Ad:
        """What an event changes."""
        ad = self.ads[name]
        found = changes(event, ad)
        found.pop("GlobalJobId")
        for attribute, value in found.items():
            if value is None:
                ad.pop(attribute)
            else:
                ad[attribute] = value
        return found

    def _row(self, event: Event, name: str) -> BatchEvent:
        """place: what happened more than once within a second is told apart by its order."""
        same = name, event.moment, event.number
        place = self.places[same]
        self.places[same] += 1
        said = str(event.details.get("Reason") or event.text)
        return BatchEvent(
            globaljobid=name, moment=event.moment, number=event.number, place=place, text=said[:REASON_SIGNS]
        )


def _event(record: Record) -> Event:
    found: Any = record.values["event"]
    return cast(Event, found)


def _of_node(event: Event, name: str) -> dict[str, Any]:
    """What an event tells of the DAG node that its job is of."""
    told: dict[str, Any] = {"globaljobid": name}
    if event.number == SUBMITTED:
        told |= {"began": None, "ended": None}
    elif event.number == STARTED:
        told |= {"began": event.moment, "ended": None}
    elif event.number in (TERMINATED, ABORTED):
        told["ended"] = event.moment
    return told


def _known(rows: Iterable[Key]) -> set[Key]:
    """Those that are in the tables already."""
    keys = list(rows)
    names = sorted({key[0] for key in keys})
    moments = [key[1] for key in keys]
    found: set[Key] = set()
    for begin in range(0, len(names), STATEMENT_ROWS):
        there = BatchEvent.objects.filter(
            globaljobid__in=names[begin : begin + STATEMENT_ROWS], moment__range=(min(moments), max(moments))
        )
        found.update(there.values_list("globaljobid", "moment", "number", "place"))
    return found
