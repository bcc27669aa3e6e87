"""Workflows rebuilt from PanDA alone: tasks that share the name of a run, and counters of their data sets.

Of the files of a task those are released that its data sets have to be used; those whose predecessor has not
ended are not yet.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from bigpandamon_lsst.names import RunName, TaskName, run_name, task_name
from bigpandamon_lsst.service import Request

Row = Mapping[str, Any]
INPUTS = ("input", "pseudo_input")
FAILED = frozenset({"failed", "aborted", "broken", "exhausted"})
FINAL = FAILED | {"done", "finished"}
FIRST, LAST = ("pipetaskInit", "build_task"), ("finalJob", "customJob")
"""Labels that are no part of the pipeline."""
BY_DATASETS = "from data sets that one writes and another reads"


@dataclass(frozen=True)
class Files:
    """Counters of data sets; they add up."""

    total: int = 0
    released: int = 0
    finished: int = 0
    failed: int = 0
    missing: int = 0
    used: int = 0

    def __add__(self, other: "Files") -> "Files":
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Files(*(mine + theirs for mine, theirs in pairs))

    @property
    def unreleased(self) -> int:
        return max(0, self.total - self.released)

    @property
    def running(self) -> int:
        """Given to jobs that have not ended."""
        return max(0, self.used - self.finished - self.failed)

    @property
    def remaining(self) -> int:
        return max(0, self.total - self.finished - self.failed - self.missing)


def files_of(datasets: Iterable[Row]) -> Files:
    """The files that count for the progress of a task: those of its primary inputs."""
    total = Files()
    for row in datasets:
        if row["type"] in INPUTS and row["masterid"] is None and row["status"] != "removed":
            nfiles = row["nfiles"] or 0
            released = nfiles if row["nfilestobeused"] is None else row["nfilestobeused"]
            ended = (row["nfilesfinished"] or 0, row["nfilesfailed"] or 0, row["nfilesmissing"] or 0)
            total += Files(nfiles, released, *ended, row["nfilesused"] or 0)
    return total


@dataclass(frozen=True)
class Task:
    """row: of the task. inputs, outputs: names of its data sets."""

    name: TaskName
    row: Row
    files: Files = Files()
    inputs: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        return int(self.row["jeditaskid"])

    @property
    def status(self) -> str:
        return str(self.row["status"] or "unknown")


@dataclass(frozen=True)
class Label:
    """The tasks of one label, told as one."""

    name: str
    tasks: tuple[Task, ...]

    @property
    def files(self) -> Files:
        return sum((task.files for task in self.tasks), Files())

    @property
    def order(self) -> tuple[int, int]:
        """Where it stands in its run: by the count in the names of its tasks, or by their numbers."""
        place = -1 if self.name in FIRST else int(self.name in LAST)
        counts = [task.name.number for task in self.tasks if task.name.number >= 0]
        return place, min(counts) if counts else min(task.number for task in self.tasks)

    @property
    def states(self) -> Counter[str]:
        return Counter(task.status for task in self.tasks)

    @property
    def worst(self) -> str:
        """The state of the task that needs somebody most: failed ones first, ended ones last."""
        return max(self.states, key=lambda state: (state in FAILED, state not in FINAL, state))


@dataclass(frozen=True)
class Workflow:
    """The tasks of one run, by number. request: of the workflow service, None where it knows none."""

    run: str
    tasks: tuple[Task, ...] = field(default_factory=tuple)
    request: Request | None = None

    @property
    def reqid(self) -> int:
        """The number of its request, 0 where none is told: a task without one has its own number there."""
        told = (task.row["reqid"] for task in self.tasks if task.row["reqid"] != task.number)
        return next(filter(None, told), 0)

    @property
    def told(self) -> RunName | None:
        return run_name(self.run)

    @property
    def created(self) -> datetime | None:
        """When its first task was; else what its name says."""
        found: list[datetime] = [task.row["creationdate"] for task in self.tasks if task.row["creationdate"]]
        if found:
            return min(found)
        return self.told.submitted if self.told else None

    @property
    def files(self) -> Files:
        return sum((task.files for task in self.tasks), Files())

    @property
    def states(self) -> Counter[str]:
        return Counter(task.status for task in self.tasks)

    @property
    def is_over(self) -> bool:
        return self.states.keys() <= FINAL

    @property
    def labels(self) -> list[Label]:
        """In the order of the run."""
        found: dict[str, list[Task]] = {}
        for task in self.tasks:
            found.setdefault(task.name.label, []).append(task)
        return sorted((Label(name, tuple(tasks)) for name, tasks in found.items()), key=lambda one: one.order)

    def first(self, column: str) -> Any:
        """The first value that any of its tasks has."""
        return next((task.row[column] for task in self.tasks if task.row[column]), None)


def workflows(rows: Iterable[Row]) -> list[Workflow]:
    """Tasks by run, the newest run first; what is no task of a run is left out."""
    found: dict[str, list[Task]] = {}
    for row in sorted(rows, key=lambda row: int(row["jeditaskid"])):
        if name := task_name(str(row["taskname"] or "")):
            found.setdefault(name.run, []).append(Task(name, row))
    made = [Workflow(run, tuple(tasks)) for run, tasks in found.items()]
    return sorted(made, key=lambda one: (one.created or datetime.min, one.run), reverse=True)


def edges(labels: list[Label]) -> tuple[list[tuple[str, str]], str]:
    """Which label comes before which, and how that is known: from data sets that one writes and another
    reads, or else from the order of the tasks."""
    written = [(one.name, frozenset[str]().union(*(task.outputs for task in one.tasks))) for one in labels]
    read = [(one.name, frozenset[str]().union(*(task.inputs for task in one.tasks))) for one in labels]
    found = [(a, b) for a, outputs in written for b, inputs in read if a != b and outputs & inputs]
    if found:
        return found, BY_DATASETS
    names = [one.name for one in labels]
    return list(pairwise(names)), "by the order of tasks: no data set of theirs tells more"
