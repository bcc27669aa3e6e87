"""Files of DAGMan into the plugin's tables: the DAG itself, the states of its nodes, its metrics."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bigpandamon_core.plugin import Outcome, Record, now
from bigpandamon_htcondor.attributes import moment
from bigpandamon_htcondor.dag_store import put_dag, put_nodes
from bigpandamon_htcondor.models import Dag
from bigpandamon_htcondor_agent.dagman import Node, Workflow

ENDINGS = (".dag.nodes.log", ".dag.dagman.log", ".dag.metrics", ".node_status", ".dag")


def dag_name(path: Path) -> str:
    """What all files of one DAG have in common."""
    ending = next((one for one in ENDINGS if path.name.endswith(one)), "")
    return path.name.removesuffix(ending)[:255]


class DagWriter:
    """Stores what one file tells of a DAG; a status that is older than the known one changes no node."""

    def __init__(self, path: Path):
        self.name = dag_name(path)
        self.is_older = False

    def write(self, records: Sequence[Record]) -> Outcome:
        """The DAG and its nodes; every record counts once."""
        values = [record.values for record in records]
        is_new = not Dag.objects.filter(pk=self.name).exists()
        changed = self._put_dag(values)
        told: dict[str, dict[str, Any]] = {}
        for one in values:
            self._collect(one, told)
        nodes_added, nodes_changed = put_nodes(self.name, told) if told else (0, 0)
        added = min(nodes_added + is_new, len(records))
        completed = min(nodes_changed + (changed and not is_new), len(records) - added)
        return Outcome(added, completed, len(records) - added - completed)

    def _put_dag(self, values: Sequence[Mapping[str, Any]]) -> bool:
        """The DAG itself, as far as the records tell of it; whether that is new."""
        told: dict[str, Any] = {}
        attributes: dict[str, Any] = {}
        for one in values:
            workflow, figures = one.get("workflow"), one.get("metrics")
            if isinstance(workflow, Workflow):
                told |= {"state": workflow.state, "observed": moment(workflow.moment)}
                attributes |= {**workflow.totals, "DagFiles": list(workflow.files)}
            if figures:
                told["jobid"] = str(figures.get("dagman_id") or "")[:60]
                attributes["metrics"] = dict(figures)
        known = Dag.objects.filter(pk=self.name).first()
        seen = told.get("observed")
        self.is_older = self.is_older or bool(known and seen and known.observed and seen < known.observed)
        return put_dag(self.name, now(), told, attributes)

    def _collect(self, one: Mapping[str, Any], told: dict[str, dict[str, Any]]) -> None:
        """Facts of one record, by node."""
        node = one.get("node")
        if isinstance(node, Node):
            facts = {"state": node.state, "retries": node.retries, "detail": node.why[:500]}
            told.setdefault(node.name[:255], {}).update({} if self.is_older else facts)
        elif node:
            told.setdefault(str(node)[:255], {})["kind"] = one["kind"]
        for child in one.get("children", ()):
            told.setdefault(child[:255], {}).setdefault("parents", set()).update(one["parents"])
