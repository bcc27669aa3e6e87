"""Workflows as they are asked for: their tasks, the counters of these, and what failed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from bigpandamon_core.plugin import (
    CODE_COLUMNS,
    DIAG_COLUMNS,
    Call,
    Datasets,
    Jobs,
    Problem,
    Tasks,
    errors_of,
    not_found,
)
from bigpandamon_lsst.models import Tolerated
from bigpandamon_lsst.names import run_name
from bigpandamon_lsst.tolerance import Error, Failure, Judged, Pattern, judged, pieces, verdict
from bigpandamon_lsst.workflows import INPUTS, Task, Workflow, files_of, workflows

TASK_COLUMNS = tuple(
    "jeditaskid taskname status username creationdate modificationtime cloud site campaign tasktype".split()
)
JOB_COLUMNS = ("pandaid", "jeditaskid", *CODE_COLUMNS, *DIAG_COLUMNS)
DATASET_COLUMNS = tuple(
    """jeditaskid type status masterid datasetname nfiles nfilestobeused nfilesused nfilesfinished
    nfilesfailed nfilesmissing""".split()
)
Row = dict[str, Any]
BOUND = 500
"""Tasks that one statement names."""
SPECIAL = frozenset("*|,!%")
"""Characters of patterns, which no run has."""
MOST_TASKS = 5_000
MOST_DAYS = 366
MOST_FAILED = 10_000
"""Failed jobs that are judged at once."""


@dataclass
class Found:
    """Workflows, and what had to be left out or is not there, in words. others: tasks that are of no run."""

    workflows: list[Workflow]
    others: int = 0
    truncated: str = ""
    lacking: list[str] = field(default_factory=list)


def asked(call: Call, **parameters: str) -> Call:
    """The same call with other parameters."""
    return replace(call, parameters=tuple(parameters.items()), understood=frozenset())


def days_of(call: Call) -> int:
    """How far back a request looks.

    Raises:
        Problem: that is no number of days.
    """
    given = call.parameter("days") or str(call.option("lsst.days"))
    if not given.isdecimal() or not 0 < int(given) <= MOST_DAYS:
        raise Problem(
            f"Illegal value '{given[:40]}' for days", parameter="days", remedy=f"Give 1 to {MOST_DAYS}."
        )
    return int(given)


def recent(call: Call) -> Found:
    """Workflows of the last days, without their files, as far as the request wants them."""
    wanted = {"days": str(days_of(call))}
    if name := call.parameter("name"):
        wanted["taskname"] = name if "*" in name else f"*{name}*"
    if user := call.parameter("user"):
        wanted["username"] = user
    return _found(call, wanted)


def one(call: Call, run: str) -> Found:
    """The workflow of a run with its files.

    Raises:
        Problem: 404 where no task of the scope is so named.
    """
    told = run_name(run)
    since = (
        {"taskname": f"{run}_*", "days": str(max((call.now - told.submitted).days + 2, 1))} if told else {}
    )
    found = _found(call, since) if told and not set(run) & SPECIAL else Found([])
    found.workflows = [workflow for workflow in found.workflows if workflow.run == run]
    if not found.workflows:
        raise not_found(f"There is no workflow {run[:100]}.", f"They are listed at {call.root}workflows/.")
    return with_files(call, found)


def _found(call: Call, wanted: dict[str, str]) -> Found:
    tasks = Tasks(asked(call, **wanted))
    rows = list(tasks.rows(TASK_COLUMNS, MOST_TASKS + 1))
    made = workflows(rows[:MOST_TASKS])
    others = min(len(rows), MOST_TASKS) - sum(len(one.tasks) for one in made)
    cut = f"only the first {MOST_TASKS:,} tasks were looked at" if len(rows) > MOST_TASKS else ""
    return Found(made, others, cut, list(tasks.lacking))


def with_files(call: Call, found: Found) -> Found:
    """The same with the counters and names of data sets."""
    rows: dict[int, list[Row]] = {}
    for numbers in within(task.number for one in found.workflows for task in one.tasks):
        datasets = Datasets(asked(call, jeditaskid=numbers))
        for row in datasets.optional("data sets", partial(_rows, datasets), list[Row]()):
            rows.setdefault(row["jeditaskid"], []).append(row)
        found.lacking += [note for note in datasets.lacking if note not in found.lacking]
    found.workflows = [
        replace(one, tasks=tuple(_counted(task, rows.get(task.number, [])) for task in one.tasks))
        for one in found.workflows
    ]
    return found


def _rows(datasets: Datasets) -> list[Row]:
    return list(datasets.rows(DATASET_COLUMNS, None))


def _counted(task: Task, rows: list[Row]) -> Task:
    names = [(row["type"] in INPUTS, str(row["datasetname"])) for row in rows]
    return replace(
        task,
        files=files_of(rows),
        inputs=frozenset(name for is_input, name in names if is_input),
        outputs=frozenset(name for is_input, name in names if not is_input),
    )


def within(numbers: Iterable[int]) -> list[str]:
    """Numbers as lists of which one statement takes each."""
    listed = sorted(numbers)
    return ["|".join(map(str, listed[at : at + BOUND])) for at in range(0, len(listed), BOUND)]


@dataclass
class Judgement:
    """What failed in workflows, by run. cut: whether there was more than was looked at."""

    by_run: dict[str, list[Judged]]
    cut: bool
    lacking: list[str]

    def verdict(self, run: str) -> str:
        return "" if self.cut else verdict(self.by_run.get(run, []))


def judge(call: Call, found: list[Workflow], mode: str = "drop") -> Judgement:
    """Failed jobs against the table. mode: drop, without those that a retry replaced, or nodrop."""
    tasks = {task.number: (one, task) for one in found for task in one.tasks}
    days = max(((call.now - one.created).days + 2 for one in found if one.created), default=2)
    rows: list[Row] = []
    lacking: list[str] = []
    superseded: frozenset[int] = frozenset()
    for numbers in within(tasks):
        asks = {"jeditaskid": numbers, "jobstatus": "failed", "mode": "nodrop", "days": str(max(days, 1))}
        jobs = Jobs(asked(call, **asks))
        rows += jobs.rows(JOB_COLUMNS, MOST_FAILED + 1 - len(rows))
        lacking += [note for note in jobs.lacking if note not in lacking]
    if mode == "drop" and rows:
        superseded = Tasks(asked(call, days="1")).superseded({row["jeditaskid"] for row in rows})
    kept = [row for row in rows[:MOST_FAILED] if row["pandaid"] not in superseded]
    return Judgement(_by_run(kept, tasks), len(rows) > MOST_FAILED, lacking)


def _by_run(rows: list[Row], tasks: dict[int, tuple[Workflow, Task]]) -> dict[str, list[Judged]]:
    failures: dict[str, list[Failure]] = {}
    runs = {workflow.run: workflow for workflow, _ in tasks.values()}
    for row in rows:
        workflow, task = tasks[row["jeditaskid"]]
        failures.setdefault(workflow.run, []).append(failure(task.name.label, row))
    table = patterns() if failures else []
    totals = {run: {one.name: one.files.total for one in runs[run].labels} for run in failures}
    return {run: list(judged(failed, table, totals[run])) for run, failed in failures.items()}


def failure(label: str, row: Row) -> Failure:
    """What a failed job says. The payload's exit code has no text: it goes with those of the others."""
    found = [Error(one.component, one.code, one.diag) for one in errors_of(row)]
    said = " ".join(one.text for one in found if one.text)
    return Failure(row["pandaid"], label, tuple(replace(one, text=one.text or said) for one in found))


def patterns() -> list[Pattern]:
    """The operators' table."""
    return [
        Pattern(
            row.component,
            row.code,
            row.name,
            pieces(row.pattern),
            row.pipetask,
            row.tickets,
            row.resolved,
            row.rescue,
            row.intensity,
        )
        for row in Tolerated.objects.order_by("component", "code", "name")
    ]
