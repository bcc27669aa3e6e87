"""What the names of a job's task and input tell, beside the job's page: workflow, label and data ids."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.plugin import Call, Files, Panel, fact, fact_groups
from bigpandamon_lsst.hidden import address, shown
from bigpandamon_lsst.names import DIMENSIONS, Quantum, quantum, task_name
from bigpandamon_lsst.reading import asked
from bigpandamon_lsst.workflows import INPUTS

MOST = 5


def of_job(call: Call, row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Nothing of jobs of other tasks."""
    name = task_name(str(row["taskname"] or ""))
    if name is None:
        return ()
    pieces = [quantum(lfn, name.label) for lfn in _inputs(call, row)]
    run = [
        fact("Workflow", shown(call, name.run), address(call, "workflow", name.run, row["jeditaskid"])),
        fact("Label", name.label, note=f"chunk {name.chunk}" if name.chunk > 0 else ""),
    ]
    return fact_groups({"Workflow": run, "Data": [_piece(call, one) for one in pieces if one.text]})


def _inputs(call: Call, row: Mapping[str, Any]) -> list[str]:
    """As the job has them, else as its task gave them."""
    of_job = [str(one["lfn"]) for one in row["files"] if one["type"] in INPUTS and one["lfn"]]
    return of_job[:MOST] or _given(call, row)


def _given(call: Call, row: Mapping[str, Any]) -> list[str]:
    of_task = {"jeditaskid": str(row["jeditaskid"]), "pandaid": str(row["pandaid"])}
    files = Files(asked(call, **of_task, type=",".join(INPUTS)))

    def names() -> list[str]:
        return [str(one["lfn"] or "") for one in files.rows(("lfn",), MOST)]

    return files.optional("files of tasks", names, list[str]())


def _piece(call: Call, one: Quantum) -> dict[str, Any]:
    known = ", ".join(f"{name} {one.data_id[name]}" for name in DIMENSIONS if name in one.data_id)
    return fact("Data id", known or one.text, f"{call.root}data/?{urlencode(one.data_id)}" if known else "")


PANELS = {"jobs": (Panel("lsst-work", "In Rubin's production", of_job, "lsst"),)}
