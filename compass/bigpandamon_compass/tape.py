"""What waits for tape: outputs whose copying runs, failed, or has not begun."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from bigpandamon_compass import pages, steps
from bigpandamon_compass.places import FINISHED, OVER, Count, Matrix, Places, by
from bigpandamon_core.plugin import (
    NOT_SPECIFIED,
    Column,
    Table,
    cell,
    job_group,
    list_link,
    table,
)

COLUMNS = (
    Column("production", "Production"),
    Column("run", "Run"),
    Column("step", "Step"),
    Column("waiting", "Waiting", "number"),
    Column("not_begun", "Not begun", "number"),
    Column("running", "Under way", "number"),
    Column("failed", "Failed last", "number"),
    Column("jobs", "Jobs", "number"),
    Column("finished", "Finished", "number"),
    Column("since", "Since", "time"),
)
MOST_RUNS = 100


class Copying:
    """One step to tape. Chunks wait whose step before has finished: `not_begun` have no job of this one,
    `running` have one that is not over, of `failed` the job tried last ended otherwise than finished.
    """

    def __init__(self, step: str, copies: Count, before: Count):
        self.step, self.jobs = step, copies
        tried = {(job.run, job.chunk) for job in self.jobs.newest.values()}
        ready = (job for job in before.newest.values() if job.state == FINISHED)
        self.not_begun = [job for job in ready if (job.run, job.chunk) not in tried]
        open_jobs = [job for job in self.jobs.newest.values() if job.state != FINISHED]
        self.running = [job for job in open_jobs if job_group(job.state) not in OVER]
        self.failed = [job for job in open_jobs if job_group(job.state) in OVER]

    @property
    def waiting(self) -> int:
        return len(self.not_begun) + len(self.running) + len(self.failed)

    @property
    def since(self) -> datetime | None:
        """When the first of what waits began to: its job before ended, or it was defined."""
        ended = (job.changed for job in self.not_begun)
        defined = (job.row["creationtime"] for job in (*self.running, *self.failed))
        return min((moment for moment in (*ended, *defined) if moment), default=None)

    @property
    def told(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "waiting": self.waiting,
            "not_begun": len(self.not_begun),
            "running": len(self.running),
            "failed": len(self.failed),
            "jobs": self.jobs.jobs,
            "finished": self.jobs.finished,
            "since": self.since,
        }


class Backlog:
    """The steps to tape that some jobs of a production have; of others PanDA knows nothing.

    cells: its jobs by step. known: the steps that it has, where the jobs are but a part of all.
    """

    def __init__(self, cells: Mapping[str, Count], known: Sequence[str] = ()):
        self.known = known or [name for name in steps.BY_NAME if name in cells]
        self.steps = [
            Copying(name, cells.get(name, Count()), cells.get(before, Count()))
            for before, name in pairwise(("", *self.known))
            if name in steps.TAPE
        ]

    @property
    def waiting(self) -> int:
        return sum(step.waiting for step in self.steps)


class Tape(Places):
    """What waits by production, and by run, the longest first. without: productions of which PanDA has no job
    that copies anything. Raises as Places."""

    @cached_property
    def _by_run(self) -> dict[str, tuple[Matrix, Backlog]]:
        """Each production's runs and steps, and all its runs as one."""
        found = self.grouped(lambda job: job.production)
        matrices = {
            name: Matrix(by(lambda job: job.run, jobs))
            for name, jobs in found.items()
            if name != NOT_SPECIFIED
        }
        return {name: (matrix, Backlog(matrix.by_step)) for name, matrix in matrices.items()}

    @cached_property
    def without(self) -> list[str]:
        return [name for name, (_, whole) in self._by_run.items() if not whole.steps]

    @cached_property
    def totals(self) -> list[dict[str, Any]]:
        return [
            {"production": name} | step.told
            for name, (_, whole) in self._by_run.items()
            for step in whole.steps
        ]

    @cached_property
    def runs(self) -> list[dict[str, Any]]:
        found = [
            {"production": name, "run": run} | step.told
            for name, (matrix, whole) in self._by_run.items()
            for run, cells in matrix.rows.items()
            for step in Backlog(cells, whole.known).steps
        ]
        return sorted(found, key=lambda row: (row["since"] is None, row["since"] or self.call.now))


def page(tape: Tape) -> dict[str, Any]:
    places, waiting = tape, [row for row in tape.runs if row["waiting"]]
    total = sum(row["waiting"] for row in waiting)
    shown = waiting[:MOST_RUNS]
    beyond = (
        f"the {MOST_RUNS} longest of {len(waiting):,}" if len(waiting) > MOST_RUNS else "the longest first"
    )
    head = pages.head(places, "Tape", f"{total:,} outputs wait for tape", "tape")
    totals = tuple(column for column in COLUMNS if column.name != "run")
    return {
        **head,
        "states": [],
        "notes": [*head["notes"], *_without(tape)],
        "tables": [
            table("totals", "By production", totals, [_told(places, row) for row in tape.totals]),
            table("runs", "Runs that wait", COLUMNS, [_told(places, row) for row in shown], sub=beyond),
        ],
    }


def _without(tape: Tape) -> list[str]:
    return [f"PanDA has no job that copies {name} to tape in this window." for name in tape.without]


def _told(places: Places, row: dict[str, Any]) -> dict[str, Any]:
    """A row whose counts of jobs lead to these, and whose names to their pages."""
    name, run = row["production"], row.get("run", "")
    asked = {"compass_production.is": name, "compass_step.is": row["step"]}
    asked |= {"compass_run.is": run} if run else {}
    finished = list_link(places.jobs, **asked, **{"jobstatus.is": FINISHED})
    return row | {
        "production": cell("text", name, pages.production_url(places, name)),
        "run": cell("text", run, pages.production_url(places, name, "run", run) if run else ""),
        "step": pages.TITLES[row["step"]],
        "jobs": cell("number", row["jobs"], list_link(places.jobs, **asked)),
        "finished": cell("number", row["finished"], finished if row["finished"] else ""),
    }


def plain(tape: Tape) -> dict[str, Any]:
    told = {"productions": tape.totals, "runs": tape.runs, "without_jobs_to_tape": tape.without}
    return told | tape.cut


def rows(tape: Tape) -> Table:
    return Table(tuple(column.name for column in COLUMNS), tape.runs)


TAPE = pages.resource(
    "tape",
    "tape",
    "What waits for tape, by production, run and step.",
    Tape,
    {"html": page, "json": plain, "csv": rows, "ndjson": rows},
)
