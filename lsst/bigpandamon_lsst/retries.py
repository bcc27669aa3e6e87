"""All attempts of a workflow's jobs, by number and by the memory asked for: the ladder of retries."""

from dataclasses import dataclass
from typing import Any

from bigpandamon_core.plugin import Access, Call, Column, Jobs, Parameter, Resource, Table, Tasks, table
from bigpandamon_lsst.reading import asked, one, within

MOST_JOBS = 100_000
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
    """Jobs of one attempt with one size of memory. used: the most that any was seen to use, MB."""

    attempt: int
    memory: int
    jobs: int = 0
    finished: int = 0
    failed: int = 0
    retried: int = 0
    used: int = 0


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
        self.truncated, self.lacking = found.truncated, found.lacking
        superseded = Tasks(asked(call, days="1")).superseded(numbers)
        steps: dict[tuple[int, int], Step] = {}
        for row in self._rows(numbers):
            key = (row["attemptnr"] or 0, row["minramcount"] or 0)
            _count(steps.setdefault(key, Step(*key)), row, row["pandaid"] in superseded)
        self.steps = [vars(step) for _, step in sorted(steps.items())]

    def _rows(self, numbers: list[int]) -> list[dict[str, Any]]:
        columns = ("pandaid", "jobstatus", "attemptnr", "minramcount", "maxrss")
        found: list[dict[str, Any]] = []
        for listed in within(numbers):
            since = _days(self.call, self.workflow.created)
            jobs = Jobs(asked(self.call, jeditaskid=listed, mode="nodrop", days=since))
            found += jobs.rows(columns, MOST_JOBS + 1 - len(found))
            self.lacking += [note for note in jobs.lacking if note not in self.lacking]
        if len(found) > MOST_JOBS:
            self.truncated = f"only {MOST_JOBS:,} jobs were counted"
        return found[:MOST_JOBS]


def _days(call: Call, created: Any) -> str:
    return str(max((call.now - created).days + 2, 1)) if created else "30"


def _count(step: Step, row: dict[str, Any], is_superseded: bool) -> None:
    step.jobs += 1
    step.finished += row["jobstatus"] == "finished"
    step.failed += row["jobstatus"] == "failed"
    step.retried += row["jobstatus"] == "failed" and is_superseded
    step.used = max(step.used, (row["maxrss"] or 0) // KB)


def page(retries: Retries) -> dict[str, Any]:
    call, run = retries.call, retries.workflow.run
    steps = table("ladder", "Attempts by memory", COLUMNS, retries.steps, empty="It has no job.")
    return {
        "title": f"Retries of {run}",
        "heading": "Retries",
        "name": run,
        "as_of": call.now,
        "notes": retries.lacking,
        "truncated": retries.truncated,
        "tables": [steps | {"more": "the workflow", "more_url": f"{call.root}workflow/{run}/"}],
        "links": {"json": f"{call.url}?json", "csv": f"{call.url}?format=csv"},
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
    template="bigpandamon/record.html",
    point="lsst-workflow",
    parameters=(Parameter("run", "Name of the run.", where="path"),),
    answer={"type": "object"},
    needs=("jedi", "jobs"),
)
