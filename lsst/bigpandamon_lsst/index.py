"""The index of data ids, kept by a periodic task: pieces of work by visit, detector, tract, patch."""

from collections import Counter
from itertools import islice
from typing import Any

from bigpandamon_core.plugin import Datasets, Files, PeriodicTask, Tasks, Turn, call_of, now
from bigpandamon_lsst.models import IndexedFile, IndexedTask
from bigpandamon_lsst.names import DIMENSIONS, TaskName, quantum, task_name
from bigpandamon_lsst.reading import within
from bigpandamon_lsst.workflows import INPUTS

BATCH = 1_000
LONGEST = {"text": 200, "label": 100}


def run(turn: Turn) -> str:
    """Take in the files of tasks that are not in the index as they are now."""
    days = str(turn.option("lsst.index.days"))
    rows = Tasks(call_of(turn, days=days)).rows(("jeditaskid", "taskname"), None)
    names = {row["jeditaskid"]: task_name(str(row["taskname"] or "")) for row in rows}
    wanted = {number: name for number, name in names.items() if name}
    totals = _totals(turn, wanted)
    known = dict(IndexedTask.objects.values_list("jeditaskid", "files"))
    tasks = files = 0
    for number in sorted(number for number in totals if known.get(number) != totals[number]):
        if turn.is_over():
            break
        files += _take_in(turn, number, wanted[number], totals[number])
        tasks += 1
    return f"{files} files of {tasks} tasks taken in"


def _totals(turn: Turn, numbers: dict[int, TaskName]) -> Counter[int]:
    """By task how many files its data sets have to read."""
    found: Counter[int] = Counter()
    for listed in within(numbers):
        datasets = Datasets(call_of(turn, jeditaskid=listed, type="|".join(INPUTS)))
        for row in datasets.rows(("jeditaskid", "nfiles"), None):
            found[row["jeditaskid"]] += row["nfiles"] or 0
    return found


def _take_in(turn: Turn, number: int, name: TaskName, total: int) -> int:
    """How many files of a task are new. The task is marked last, so that what was cut short begins anew."""
    asked = call_of(turn, jeditaskid=str(number), type=",".join(INPUTS))
    known = set(IndexedFile.objects.filter(jeditaskid=number).values_list("fileid", flat=True))
    rows = (row for row in Files(asked).rows(("fileid", "lfn"), None) if row["fileid"] not in known)
    taken = 0
    while batch := list(islice(rows, BATCH)):
        with turn.fenced():
            IndexedFile.objects.bulk_create([_file(number, name, row) for row in batch], BATCH)
        taken += len(batch)
    with turn.fenced():
        IndexedTask.objects.update_or_create(
            jeditaskid=number, defaults={"run": name.run, "files": total, "taken_in": now()}
        )
    return taken


def _file(number: int, name: TaskName, row: dict[str, Any]) -> IndexedFile:
    found = quantum(str(row["lfn"] or ""), name.label)
    return IndexedFile(
        jeditaskid=number,
        fileid=row["fileid"],
        run=name.run[:255],
        label=name.label[: LONGEST["label"]],
        text=found.text[: LONGEST["text"]],
        **{dimension: found.data_id.get(dimension, "") for dimension in DIMENSIONS},
    )


INDEX = PeriodicTask(
    name="lsst-index",
    help="Take the data ids of workflows' files into the index that searches across workflows.",
    every_seconds=600,
    run=run,
    limit_seconds=540,
)
