"""What the names of a job's task and input tell, beside the job's page: workflow, label and data ids."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.plugin import Call, Files, Panel, Tasks, fact, fact_groups
from bigpandamon_lsst.hidden import address, shown
from bigpandamon_lsst.names import DIMENSIONS, Quantum, quantum, task_name
from bigpandamon_lsst.reading import asked
from bigpandamon_lsst.workflows import INPUTS

MOST = 5


def of_job(call: Call, row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Nothing of jobs of other tasks."""
    number = str(row.get("jeditaskid") or "")
    tasks = list(Tasks(asked(call, jeditaskid=number)).rows(("taskname",), 1)) if number else []
    name = task_name(str(tasks[0]["taskname"])) if tasks else None
    if name is None:
        return ()
    inputs = {"jeditaskid": number, "pandaid": str(row["pandaid"]), "type": ",".join(INPUTS)}
    files = Files(asked(call, **inputs))
    found = files.optional("files of tasks", partial(_rows, files), list[dict[str, Any]]())
    pieces = [quantum(str(one["lfn"] or ""), name.label) for one in found]
    run = [
        fact("Workflow", shown(call, name.run), address(call, "workflow", name.run, int(number))),
        fact("Label", name.label, note=f"chunk {name.chunk}" if name.chunk > 0 else ""),
    ]
    return fact_groups({"Workflow": run, "Data": [_piece(call, one) for one in pieces if one.text]})


def _rows(files: Files) -> list[dict[str, Any]]:
    return list(files.rows(("lfn",), MOST))


def _piece(call: Call, one: Quantum) -> dict[str, Any]:
    known = ", ".join(f"{name} {one.data_id[name]}" for name in DIMENSIONS if name in one.data_id)
    return fact("Data id", known or one.text, f"{call.root}data/?{urlencode(one.data_id)}" if known else "")


PANELS = {"jobs": (Panel("lsst-work", "In Rubin's production", of_job, "lsst"),)}
