"""All attempts of a workflow's jobs, by number and by the memory asked for: the ladder of retries."""

from dataclasses import dataclass
from typing import Any

from bigpandamon_core.plugin import Access, Call, Column, Parameter, Resource, Table, Tasks, table
from bigpandamon_lsst.overview import workflow_url
from bigpandamon_lsst.reading import asked, attempts, one

READ = ("jobstatus", "attemptnr", "minramcount", "maxrss")
COLUMNS = (
    Column("attempt", "Attempt", "number"),
    Column("memory", "Memory asked for, MB", "number"),
    Column("jobs", "Jobs", "number"),
    Column("finished", "Finished", "number"),
    Column("failed", "Failed", "number"),
    Column("retried", "Of these retried", "number"),
    Column("used", "Most used, MB", "number"),
)
KB = 1024


@dataclass
class Step:
    """Jobs of one attempt with one size of memory. used: the most that any was seen to use, MB; None: nothing
    was told of any."""

    attempt: int
    memory: int
    jobs: int = 0
    finished: int = 0
    failed: int = 0
    retried: int = 0
    used: int | None = None


class Retries:
    """The ladder of a workflow.

    Raises:
        Problem: 404 where no task of the scope is of such a run.
    """

    def __init__(self, call: Call):
        self.call = call
        found = one(call, call.path["run"])
        [self.workflow] = found.workflows
        numbers = [task.number for task in self.workflow.tasks]
        superseded = Tasks(asked(call, days="1")).superseded(numbers)
        questions = attempts(call, found.workflows)
        steps: dict[tuple[int, int], Step] = {}
        for row in (row for jobs in questions for row in jobs.in_bulk(READ)):
            key = (row["attemptnr"] or 0, row["minramcount"] or 0)
            _count(steps.setdefault(key, Step(*key)), row, row["pandaid"] in superseded)
        self.steps = [vars(step) for _, step in sorted(steps.items())]
        self.truncated = " ".join(jobs.truncated for jobs in questions).strip() or found.truncated
        self.lacking = [*found.lacking, *(note for jobs in questions for note in jobs.lacking)]


def _count(step: Step, row: dict[str, Any], is_superseded: bool) -> None:
    step.jobs += 1
    step.finished += row["jobstatus"] == "finished"
    step.failed += row["jobstatus"] == "failed"
    step.retried += row["jobstatus"] == "failed" and is_superseded
    if row["maxrss"]:
        step.used = max(step.used or 0, row["maxrss"] // KB)


def page(retries: Retries) -> dict[str, Any]:
    call, run = retries.call, retries.workflow.run
    steps = table("ladder", "Attempts by memory", COLUMNS, retries.steps, empty="It has no job.")
    return {
        "title": f"Retries of {run}",
        "heading": "Retries",
        "name": run,
        "notes": retries.lacking,
        "truncated": retries.truncated,
        "tables": [steps | {"more": "the workflow", "more_url": workflow_url(call, retries.workflow)}],
        "source": "counted in the PanDA database",
    }


def plain(retries: Retries) -> dict[str, Any]:
    return {"run": retries.workflow.run, "steps": retries.steps, "truncated": retries.truncated}


def rows(retries: Retries) -> Table:
    return Table(tuple(column.name for column in COLUMNS), retries.steps, retries.truncated)


RETRIES = Resource(
    name="lsst-retries",
    path="lsst/retries/<str:run>/",
    help="All attempts of a workflow's jobs by number and memory.",
    access=Access.READ,
    build=Retries,
    formats={"html": page, "json": plain, "csv": rows},
    template="lsst/record.html",
    point="lsst-workflow",
    parameters=(Parameter("run", "Name of the run, or the number of a task of it.", where="path"),),
    answer={"type": "object"},
    needs=("jedi", "jobs"),
)
