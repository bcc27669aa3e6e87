"""Workflows as they are asked for: their tasks, the counters of these, and what failed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from bigpandamon_core.plugin import (
    CODE_COLUMNS,
    DIAG_COLUMNS,
    Call,
    Datasets,
    GroupedJobs,
    Jobs,
    Tasks,
    errors_of,
    not_found,
)
from bigpandamon_lsst.hidden import knowing, shown
from bigpandamon_lsst.models import Tolerated
from bigpandamon_lsst.names import run_name, task_name
from bigpandamon_lsst.service import requests
from bigpandamon_lsst.tolerance import Error, Failure, Judged, Pattern, judged, pieces, verdict
from bigpandamon_lsst.workflows import Task, Workflow, files_of, workflows

TASK_COLUMNS = tuple(
    """jeditaskid reqid taskname status username creationdate modificationtime cloud site campaign
    tasktype""".split()
)
JOB_COLUMNS = ("pandaid", "jeditaskid", *CODE_COLUMNS, *DIAG_COLUMNS)
DATASET_COLUMNS = tuple(
    """jeditaskid type status masterid datasetname nfiles nfilestobeused nfilesused nfilesfinished
    nfilesfailed nfilesmissing""".split()
)
Row = dict[str, Any]
KINDS = ("input", "output")
"""Data sets whose names tell what comes after what; those of pseudo files and logs are alike everywhere."""
BOUND = 500
"""Tasks that one statement names."""
SPECIAL = frozenset("*|,!%")
"""Characters of patterns, which no run has."""
MOST_TASKS = 5_000
DIGITS = 18
"""Of the number of a task at most."""
LIVE = ",".join(
    """pending defined waiting assigned throttled activated sent starting running holding transferring
    merging""".split()
)
MOST_DAYS = 3660


@dataclass
class Found:
    """Workflows, and what had to be left out or is not there, in words. others: tasks that are of no run.
    knows_service: whether the workflow service could be asked for their requests."""

    workflows: list[Workflow]
    others: int = 0
    truncated: str = ""
    lacking: list[str] = field(default_factory=list)
    knows_service: bool = False


def asked(call: Call, **parameters: str) -> Call:
    """The same call with other parameters."""
    return replace(call, parameters=tuple(parameters.items()), understood=frozenset())


def days_of(call: Call) -> int:
    """How far back a request looks.

    Raises:
        Problem: that is no number of days.
    """
    return call.number("days", call.option("lsst.days"), MOST_DAYS)


def recent(call: Call) -> Found:
    """Workflows of the last days, without their files, as far as the request wants them."""
    wanted = {"days": str(days_of(call))}
    if name := call.parameter("name"):
        wanted["taskname"] = name if "*" in name else f"*{name}*"
    if user := call.parameter("user"):
        wanted["username"] = user
    return _found(call, wanted)


def one(call: Call, run: str) -> Found:
    """The workflow of a run with its files. run: its name, or the number of a task of it.

    Raises:
        Problem: 404 where no task of the scope is so named, 403 for a name where names are hidden.
    """
    found = _beside(call, run) if run.isdecimal() else _named(call, run)
    if not found.workflows:
        raise not_found(f"There is no workflow {run[:100]}.", f"They are listed at {call.root}workflows/.")
    return with_files(call, found)


def _named(call: Call, run: str) -> Found:
    told = run_name(run)
    if told is None or set(run) & SPECIAL:
        return Found([])
    days = max((call.now - told.submitted).days + 2, 1)
    found = _found(call, {"taskname": f"{run}_*", "days": str(days)})
    found.workflows = [workflow for workflow in found.workflows if workflow.run == run]
    return found


def _beside(call: Call, number: str) -> Found:
    """The run of a task. Its name is looked up and not told; its tasks are asked for by their numbers."""
    if len(number) > DIGITS:
        return Found([])
    rows = list(Tasks(knowing(call, jeditaskid=number)).rows(("taskname",), 1))
    name = task_name(str(rows[0]["taskname"] or "")) if rows else None
    if name is None or not call.privacy.hides_names:
        return _named(call, name.run) if name else Found([])
    known = _named(knowing(call), name.run)
    listed = within(task.number for one in known.workflows for task in one.tasks)
    parts = [_found(call, {"jeditaskid": numbers}) for numbers in listed]
    tasks = [task for part in parts for one in part.workflows for task in one.tasks]
    return replace(known, workflows=[Workflow(shown(call, name.run), tuple(tasks))] if tasks else [])


def _found(call: Call, wanted: dict[str, str]) -> Found:
    tasks = Tasks(asked(call, **wanted))
    rows = [_hidden(call, row) for row in tasks.rows(TASK_COLUMNS, MOST_TASKS + 1)]
    made = workflows(rows[:MOST_TASKS])
    others = min(len(rows), MOST_TASKS) - sum(len(one.tasks) for one in made)
    cut = f"only the first {MOST_TASKS:,} tasks were looked at" if len(rows) > MOST_TASKS else ""
    return Found(made, others, cut, list(tasks.lacking))


def _hidden(call: Call, row: Row) -> Row:
    """A task whose name does not tell an operator whom the caller may not know."""
    name = task_name(str(row["taskname"] or "")) if call.privacy.hides_names else None
    if name is None:
        return row
    return row | {"taskname": shown(call, name.run) + row["taskname"][len(name.run) :]}


def with_files(call: Call, found: Found) -> Found:
    """The same with the counters and names of data sets."""
    rows: dict[int, list[Row]] = {}
    live: Counter[int] = Counter()
    for numbers in within(task.number for one in found.workflows for task in one.tasks):
        datasets = Datasets(asked(call, jeditaskid=numbers))
        for row in datasets.optional("data sets", partial(_rows, datasets), list[Row]()):
            rows.setdefault(row["jeditaskid"], []).append(row)
        jobs = GroupedJobs(asked(call, jeditaskid=numbers, jobstatus=LIVE))
        live.update({number: count for (number,), count in jobs.counted_by("jeditaskid").items()})
        found.lacking += [note for note in datasets.lacking if note not in found.lacking]
    found.workflows = [
        replace(
            one,
            tasks=tuple(_counted(task, rows.get(task.number, []), live[task.number]) for task in one.tasks),
        )
        for one in found.workflows
    ]
    return found


def with_requests(call: Call, found: Found) -> Found:
    """The same with what the workflow service knows of them, where it can be asked."""
    found.knows_service = call.has_family("idds")
    if found.knows_service:
        known = requests({one.reqid for one in found.workflows if one.reqid})
        found.workflows = [replace(one, request=known.get(one.reqid)) for one in found.workflows]
    return found


def _rows(datasets: Datasets) -> list[Row]:
    return list(datasets.rows(DATASET_COLUMNS, None))


def _counted(task: Task, rows: list[Row], live: int) -> Task:
    """live: jobs that have not ended. Of files no fewer run than these, whatever the counters say."""
    named = {
        kind: frozenset(str(row["datasetname"]) for row in rows if row["type"] == kind) for kind in KINDS
    }
    files = files_of(rows)
    files = replace(files, used=max(files.used, files.finished + files.failed + live))
    return replace(task, files=files, inputs=named["input"], outputs=named["output"])


def within(numbers: Iterable[int]) -> list[str]:
    """Numbers as lists of which one statement takes each."""
    listed = sorted(numbers)
    return ["|".join(map(str, listed[at : at + BOUND])) for at in range(0, len(listed), BOUND)]


@dataclass
class Judgement:
    """What failed in workflows, by run. truncated: what was not looked at; then there is no verdict."""

    by_run: dict[str, list[Judged]]
    truncated: str
    lacking: list[str]

    def verdict(self, run: str) -> str:
        return "" if self.truncated else verdict(self.by_run.get(run, []))


def attempts(call: Call, found: list[Workflow], **more: str) -> list[Jobs]:
    """All jobs of workflows, superseded attempts too, as questions that one statement takes each."""
    numbers = [task.number for one in found for task in one.tasks]
    days = max(((call.now - one.created).days + 2 for one in found if one.created), default=2)
    asks = {"mode": "nodrop", "days": str(max(days, 1)), **more}
    return [Jobs(asked(call, jeditaskid=listed, **asks)) for listed in within(numbers)]


def judge(call: Call, found: list[Workflow], mode: str = "drop") -> Judgement:
    """Failed jobs against the table. mode: drop, without those that a retry replaced, or nodrop."""
    questions = attempts(call, found, jobstatus="failed")
    rows = [row for jobs in questions for row in jobs.in_bulk(JOB_COLUMNS)]
    superseded: frozenset[int] = frozenset()
    if mode == "drop" and rows:
        superseded = Tasks(asked(call, days="1")).superseded({row["jeditaskid"] for row in rows})
    kept = [row for row in rows if row["pandaid"] not in superseded]
    lacking = [note for jobs in questions for note in jobs.lacking]
    clusters = tuple(call.option("lsst.clusters"))
    return Judgement(
        _by_run(kept, found, clusters), " ".join(jobs.truncated for jobs in questions).strip(), lacking
    )


def _by_run(rows: list[Row], found: list[Workflow], clusters: tuple[str, ...]) -> dict[str, list[Judged]]:
    of_task = {task.number: (one, task.name.label) for one in found for task in one.tasks}
    failures: dict[str, list[Failure]] = {}
    totals: dict[str, dict[str, int]] = {}
    for row in sorted(rows, key=lambda row: int(row["pandaid"])):
        workflow, label = of_task[row["jeditaskid"]]
        failures.setdefault(workflow.run, []).append(failure(label, row, clusters))
        if workflow.run not in totals:
            totals[workflow.run] = {one.name: one.files.total for one in workflow.labels}
    table = patterns() if failures else []
    return {run: list(judged(failed, table, totals[run])) for run, failed in failures.items()}


def failure(label: str, row: Row, clusters: tuple[str, ...]) -> Failure:
    """What a failed job says. The payload's exit code has no text: it goes with those of the others."""
    found = [Error(one.component, one.code, one.diag) for one in errors_of(row)]
    said = " ".join(one.text for one in found if one.text)
    errors = tuple(replace(one, text=one.text or said) for one in found)
    return Failure(row["pandaid"], label, errors, any(fnmatchcase(label, one) for one in clusters))


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
