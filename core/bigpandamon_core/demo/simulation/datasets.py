"""Datasets of a task, their contents and their counters."""

from typing import TYPE_CHECKING

from bigpandamon_core.demo.simulation import naming
from bigpandamon_core.demo.simulation.files import content_row
from bigpandamon_core.demo.simulation.jobs import Part
from bigpandamon_core.demo.simulation.records import Record
from bigpandamon_core.demo.simulation.world import World

if TYPE_CHECKING:
    from bigpandamon_core.demo.simulation.tasks import Task


def declare(world: World, task: "Task", files: int) -> None:
    """The task's datasets, with `files` files of input."""
    work, taskid = task.work, task.jeditaskid
    stem = task.row["taskname"].rstrip("/")
    events = files * work.events
    task.inputs = _add(world, task, f"{work.project}:{stem}.{work.input_type}", "input", "IN")
    task.inputs.values |= {
        "status": "ready",
        "state": "closed",
        "nfiles": files,
        "nfilestobeused": files,
        "nevents": events,
        "neventstobeused": events,
    }
    task.outputs = [
        _add(world, task, f"{task.scope}:{stem}.{kind}_tid{taskid}_00", "output", kind)
        for kind in work.output_types
    ]
    task.log = _add(world, task, f"{task.scope}:{stem}.log_tid{taskid}_00", "log", "LOG")
    if work.build:
        task.library = _add(world, task, f"{task.scope}:{stem}.lib", "lib", "LIB")


def _add(world: World, task: "Task", name: str, kind: str, stream: str) -> Record:
    dataset = world.changes.add(
        "jedi_datasets",
        {
            "jeditaskid": task.jeditaskid,
            "datasetid": world.number("datasetid"),
            "datasetname": name[:255],
            "containername": name[:255] if kind == "input" else None,
            "type": kind,
            "streamname": stream,
            "creationtime": world.moment,
            "modificationtime": world.moment,
            "vo": task.row["vo"],
            "cloud": task.row["cloud"],
            "status": "registered",
            "state": "open",
            "storagetoken": task.nucleus.storage if kind != "input" else None,
            "destination": task.nucleus.site.name if kind != "input" else None,
            **dict.fromkeys(_COUNTERS, 0),
        },
    )
    task.datasets[dataset.values["datasetid"]] = dataset
    return dataset


_COUNTERS = (
    "nfiles", "nfilestobeused", "nfilesused", "nfilesfinished", "nfilesfailed", "nfilesonhold",
    "nfileswaiting", "nfilesmissing", "nevents", "neventstobeused", "neventsused",
)  # fmt: skip


def fill(world: World, task: "Task", files: int) -> None:
    """The contents of the input, shared out among the jobs to come."""
    work, size = task.work, task.work.input_mb * 1_000_000
    contents: list[Record] = []
    for number in range(files):
        lfn = naming.file_name(work, task.jeditaskid, number)
        row = content_row(world, task.inputs, lfn, int(world.spread(size, 0.15)))
        row |= {
            "status": "ready",
            "proc_status": "ready",
            "nevents": work.events,
            "maxattempt": work.maxattempt,
        }
        contents.append(world.changes.add("jedi_dataset_contents", row))
    per_job = work.inputs_per_job
    task.todo.extend(
        Part(place // per_job, contents[place : place + per_job]) for place in range(0, files, per_job)
    )


def hand_out(world: World, task: "Task", part: Part) -> None:
    """A job takes its inputs and will write outputs."""
    if part.step != "main":
        return
    if part.attempt == 1:
        _count(world, task.inputs, nfilesused=len(part.inputs))
    for dataset in (*task.outputs, task.log):
        _count(world, dataset, nfiles=1, nfilestobeused=1, nfilesused=1)


def settle(world: World, task: "Task", part: Part, outcome: str) -> None:
    """A job of the part has ended. outcome: finished, failed for good (`lost`), or to be tried again."""
    if part.step != "main":
        return
    files, events = len(part.inputs), len(part.inputs) * task.work.events
    if outcome == "finished":
        _count(world, task.inputs, nfilesfinished=files, neventsused=events)
    elif outcome == "lost":
        _count(world, task.inputs, nfilesfailed=files)
    for dataset in (*task.outputs, task.log):
        if outcome == "finished":
            _count(world, dataset, nfilesfinished=1, nevents=task.work.events)
        else:
            _count(world, dataset, nfilesfailed=1)


def _count(world: World, dataset: Record, **more: int) -> None:
    for name, number in more.items():
        dataset.values[name] += number
    dataset.values["modificationtime"] = world.moment
    world.changes.touch(dataset)


def conclude(world: World, task: "Task", status: str) -> None:
    for dataset in task.datasets.values():
        dataset.values |= {"status": status, "state": "closed", "modificationtime": world.moment}
        world.changes.touch(dataset)
