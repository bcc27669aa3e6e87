"""Kinds of saved files that become rows of the plugin's tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bigpandamon_core.plugin import ANY, Outcome, Record, RecordKind, Unreadable, now
from bigpandamon_htcondor import reading
from bigpandamon_htcondor.dag_writing import DagWriter
from bigpandamon_htcondor.event_writing import EventWriter
from bigpandamon_htcondor.store import store

UNKNOWN = "unknown"
"""Scheduler of an ad that tells none."""


class AdWriter:
    """Stores ads as they would be if an agent handed them in."""

    def write(self, records: Sequence[Record]) -> Outcome:
        done = store([_named(record.values) for record in records], now())
        outcome = Outcome(done.added, done.changed, done.stored - done.added - done.changed)
        outcome.refused += [Unreadable(records[one.index].place, one.reason) for one in done.refused]
        return outcome


def _named(values: Any) -> dict[str, Any]:
    """An ad with a GlobalJobId, of its parts where it has none."""
    parts = [values.get(name) for name in ("ClusterId", "ProcId", "QDate")]
    if values.get("GlobalJobId") or None in parts:
        return dict(values)
    schedd = values.get("ScheddName") or UNKNOWN
    return dict(values) | {"GlobalJobId": f"{schedd}#{parts[0]}.{parts[1]}#{parts[2]}"}


def _is_ad(_path: Path, record: Record) -> bool:
    named = {name.lower() for name in record.values}
    return "globaljobid" in named or {"clusterid", "procid", "jobstatus"} <= named


KINDS = (
    RecordKind(
        name="htcondor-ads",
        help="batch jobs: condor_q and condor_history -json, history files, condor_submit -verbose (.ad)",
        readers={
            ".json": reading.json_records,
            ".jsonl": reading.json_records,
            ".ad": reading.submit_records,
            ANY: reading.history_records,
        },
        writer=lambda _path: AdWriter(),
        recognises=_is_ad,
    ),
    RecordKind(
        name="htcondor-events",
        help="job event logs, those of DAGMan's nodes too",
        readers={".log": reading.event_records},
        writer=EventWriter,
        recognises=lambda _path, record: "event" in record.values,
    ),
    RecordKind(
        name="htcondor-dag",
        help="DAGs: the file itself, *.node_status and *.dag.metrics",
        readers={
            ".dag": reading.dag_records,
            ".node_status": reading.status_records,
            ".metrics": reading.metrics_records,
        },
        writer=DagWriter,
        recognises=lambda _path, record: bool(record.values.keys() & {"node", "workflow", "metrics"}),
    ),
)
