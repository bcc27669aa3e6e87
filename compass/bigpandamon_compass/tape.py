"""What waits for tape: outputs whose copying runs, failed, or has not begun."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bigpandamon_compass import pages, steps
from bigpandamon_compass.places import FINISHED, OVER, Placed, Places, count, in_order
from bigpandamon_core.plugin import (
    NOT_SPECIFIED,
    Access,
    Call,
    Column,
    Resource,
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

    def __init__(self, step: str, copies: list[Placed], before: Iterable[Placed]):
        self.step, self.jobs = step, count(copies)
        tried = {(job.run, job.chunk) for job in self.jobs.newest.values()}
        ready = (job for job in before if job.state == FINISHED)
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

    scope: all steps that the production has where only a part of its jobs is given.
    """

    def __init__(self, jobs: list[Placed], seen: Iterable[str] = ()):
        by_step: dict[str, list[Placed]] = {}
        for job in jobs:
            by_step.setdefault(job.step, []).append(job)
        known = [name for name in steps.BY_NAME if name in (set(seen) or by_step)]
        self.steps = [
            Copying(name, by_step.get(name, []), _before(name, known, by_step))
            for name in known
            if name in steps.TAPE
        ]

    @property
    def waiting(self) -> int:
        return sum(step.waiting for step in self.steps)


def _before(step: str, known: list[str], by_step: dict[str, list[Placed]]) -> Iterable[Placed]:
    """The jobs tried last of the nearest step before that the production has."""
    earlier = known[: known.index(step)]
    return count(by_step.get(earlier[-1], [])).newest.values() if earlier else ()


class Tape:
    """What waits by production, run and step, the longest first. Raises as Places."""

    def __init__(self, call: Call):
        self.places = Places(call)
        self.ignored, self.truncated = self.places.ignored, self.places.truncated
        self.without: list[str] = []
        self.rows: list[dict[str, Any]] = []
        productions = self.places.grouped(lambda job: job.production)
        for production, jobs in productions.items():
            if production != NOT_SPECIFIED:
                self._add(production, jobs)
        self.rows.sort(key=lambda row: (row["since"] is None, row["since"] or call.now))

    def _add(self, production: str, jobs: list[Placed]) -> None:
        seen = {job.step for job in jobs}
        if not seen & set(steps.TAPE):
            self.without.append(production)
        runs: dict[str, list[Placed]] = {}
        for job in jobs:
            runs.setdefault(job.run, []).append(job)
        for run in sorted(runs, key=in_order):
            found = Backlog(runs[run], seen).steps
            self.rows += [{"production": production, "run": run, **step.told} for step in found]

    @property
    def waiting(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["waiting"]]

    @property
    def totals(self) -> list[dict[str, Any]]:
        """By production and step."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for row in self.rows:
            total = found.setdefault(
                (row["production"], row["step"]), dict.fromkeys(SUMMED, 0) | {"since": None}
            )
            for name in SUMMED:
                total[name] += row[name]
            total["since"] = min(filter(None, (total["since"], row["since"])), default=None)
        order = sorted(found, key=lambda key: (in_order(key[0]), steps.TAPE.index(key[1])))
        return [{"production": key[0], "step": key[1], **found[key]} for key in order]


SUMMED = ("waiting", "not_begun", "running", "failed", "jobs", "finished")


def page(tape: Tape) -> dict[str, Any]:
    places, waiting = tape.places, tape.waiting
    count_all = sum(row["waiting"] for row in waiting)
    shown = waiting[:MOST_RUNS]
    beyond = (
        f"the {MOST_RUNS} longest of {len(waiting):,}" if len(waiting) > MOST_RUNS else "the longest first"
    )
    head = pages.head(places, "Tape", f"{count_all:,} outputs wait for tape", "tape")
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
    return {"productions": tape.totals, "runs": tape.rows, "without_jobs_to_tape": tape.without}


def rows(tape: Tape) -> Table:
    return Table(tuple(column.name for column in COLUMNS), tape.rows)


TAPE = Resource(
    name="compass-tape",
    path="compass/tape/",
    help="What waits for tape, by production, run and step.",
    access=Access.READ,
    build=Tape,
    formats={"html": page, "json": plain, "csv": rows, "ndjson": rows},
    template="compass/chain.html",
    point="compass-chain",
    noun="jobs",
    answer={"type": "object"},
)
