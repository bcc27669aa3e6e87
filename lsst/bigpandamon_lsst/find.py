"""Pieces of work by their data id: inside one workflow from its files, across workflows from the index."""

from typing import Any

from bigpandamon_core.plugin import (
    Access,
    Call,
    Column,
    Files,
    Parameter,
    Problem,
    Resource,
    Table,
    cell,
    table,
)
from bigpandamon_lsst.hidden import address, knowing, shown
from bigpandamon_lsst.models import IndexedFile, IndexedTask
from bigpandamon_lsst.names import DIMENSIONS, quantum
from bigpandamon_lsst.reading import one, within
from bigpandamon_lsst.workflows import INPUTS, Workflow

MOST = 500
MOST_READ = 100_000
"""Files of a workflow that are looked at."""
READ = ("jeditaskid", "fileid", "lfn", "status", "pandaid")
COLUMNS = (
    Column("label", "Label", "text"),
    *(Column(name, name.capitalize(), "text") for name in DIMENSIONS),
    Column("jeditaskid", "Task", "mono"),
    Column("fileid", "File", "mono"),
    Column("status", "State", "text"),
    Column("pandaid", "Last job", "mono"),
    Column("run", "Workflow", "text"),
)
CONDITIONS = (*DIMENSIONS, "label")
FORMS = {"band": str.isalpha, "label": str.isidentifier}
"""What some of them are told by; the others are numbers."""
LONGEST = 100


class Pieces:
    """Pieces of work whose data id has all the values asked for.

    Raises:
        Problem: nothing or no value is asked for, or 404 for a workflow that is not there.
    """

    def __init__(self, call: Call):
        self.call = call
        self.run = call.parameter("run")
        self.wanted = {name: call.parameter(name) for name in CONDITIONS if call.parameter(name)}
        self.truncated = ""
        self.lacking: list[str] = []
        _look_at(self.wanted)
        self.is_asked = bool(self.wanted.keys() & (set(CONDITIONS) if self.run else set(DIMENSIONS)))
        self.rows: list[dict[str, Any]] = []
        self.workflow = one(call, self.run).workflows[0] if self.run else None
        if self.is_asked:
            self.rows = self._inside(self.workflow) if self.workflow else self._across()
        if len(self.rows) > MOST:
            self.rows, self.truncated = self.rows[:MOST], f"only the first {MOST} are shown"

    def _across(self) -> list[dict[str, Any]]:
        if not IndexedTask.objects.exists():
            self.lacking.append(
                "The index is empty: the periodic task lsst-index has not taken anything in yet."
            )
        names = ("run", "label", *DIMENSIONS, "jeditaskid", "fileid")
        found = IndexedFile.objects.filter(**self.wanted).order_by("-jeditaskid", "fileid")
        rows = [dict(zip(names, row, strict=True)) for row in found.values_list(*names)[: MOST + 1]]
        return [row | {"run": shown(self.call, row["run"])} for row in rows]

    def _inside(self, workflow: Workflow) -> list[dict[str, Any]]:
        labels = {task.number: task.name.label for task in workflow.tasks}
        if "label" in self.wanted:
            labels = {number: label for number, label in labels.items() if label == self.wanted["label"]}
        found: list[dict[str, Any]] = []
        # a name holds the value somewhere; what it means there is looked at below
        wanted = [value for name, value in self.wanted.items() if name in DIMENSIONS]
        for listed in within(labels):
            narrowed = {"lfn": f"*_{wanted[0]}*"} if wanted else {}
            files = Files(knowing(self.call, jeditaskid=listed, type=",".join(INPUTS), **narrowed))
            for read, row in enumerate(files.rows(READ, MOST_READ), 1):
                if read == MOST_READ:
                    self.truncated = f"only {MOST_READ:,} files of some tasks were looked at: ask for a label"
                label = labels[row["jeditaskid"]]
                told = {"label": label, **quantum(str(row["lfn"]), label).data_id}
                if self.wanted.items() <= told.items():
                    found.append({"run": workflow.run, **row, **told})
            self.lacking += [note for note in files.lacking if note not in self.lacking]
        return found


def _look_at(wanted: dict[str, str]) -> None:
    for name, value in wanted.items():
        if len(value) > LONGEST or not value.isascii() or not FORMS.get(name, str.isdecimal)(value):
            told = {"band": "a letter", "label": "one label"}.get(name, "a number")
            raise Problem(f"Illegal value '{value[:40]}' for {name}", parameter=name, remedy=f"Give {told}.")


def page(pieces: Pieces) -> dict[str, Any]:
    call, count = pieces.call, len(pieces.rows)
    return {
        "title": "Rubin data ids",
        "heading": f"{count:,} piece{'' if count == 1 else 's'} of work"
        if pieces.is_asked
        else "Work by data id",
        "notes": pieces.lacking,
        "truncated": pieces.truncated,
        "url": call.url,
        "fields": [{"name": name, "value": pieces.wanted.get(name, "")} for name in CONDITIONS],
        "run": pieces.run,
        "is_asked": pieces.is_asked,
        "tables": [_table(pieces)],
        "source": "read from files of its tasks" if pieces.run else "read from the index",
    }


def _table(pieces: Pieces) -> dict[str, Any]:
    where = pieces.workflow.run if pieces.workflow else "all workflows in the index"
    empty = "Nothing matched." if pieces.run else "Nothing matched, as far as the index knows."
    found = [_row(pieces.call, row) for row in pieces.rows]
    return table("pieces", "Pieces of work", COLUMNS, found, sub=f"in {where}", empty=empty)


def _row(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    task, job = row["jeditaskid"], row.get("pandaid")
    return row | {
        "run": cell("text", row["run"], address(call, "workflow", row["run"], task)),
        "jeditaskid": cell("mono", task, f"{call.root}task/{task}/"),
        "pandaid": cell("mono", job, f"{call.root}job/{job}/"),
    }


def _flat(pieces: Pieces) -> list[dict[str, Any]]:
    return [{column.name: row.get(column.name) for column in COLUMNS} for row in pieces.rows]


def plain(pieces: Pieces) -> dict[str, Any]:
    return {"pieces": _flat(pieces), "truncated": pieces.truncated, "notes": pieces.lacking}


def rows(pieces: Pieces) -> Table:
    return Table(tuple(column.name for column in COLUMNS), _flat(pieces), pieces.truncated)


FIND = Resource(
    name="lsst-data",
    path="lsst/data/",
    help="Pieces of work by visit, detector, tract, patch, band or exposure.",
    access=Access.READ,
    build=Pieces,
    formats={"html": page, "json": plain, "csv": rows},
    template="lsst/data.html",
    point="lsst-data",
    parameters=(
        *(Parameter(name, f"The {name}.") for name in CONDITIONS),
        Parameter(
            "run",
            "Inside this workflow (name, or number of a task) only: from its files, not the index.",
        ),
    ),
    answer={"type": "object"},
    needs=("jedi",),
)
