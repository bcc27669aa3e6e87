"""One production as a matrix of runs and steps, one run as a matrix of chunks and steps."""

from functools import cached_property
from typing import Any

from bigpandamon_compass import pages, steps
from bigpandamon_compass.places import FINISHED, Matrix, Placed, Places
from bigpandamon_compass.productions import summary
from bigpandamon_core.plugin import (
    Call,
    Column,
    Parameter,
    Table,
    cell,
    fact,
    fact_groups,
    list_link,
    not_found,
    table,
)

RUNS_SHOWN = 60
TASKS = (
    Column("task", "Task", "number"),
    Column("type", "Type"),
    Column("runs", "Runs", "number"),
    Column("jobs", "Jobs", "number"),
    Column("finished", "Finished", "number"),
)
CELLS = ("step", "jobs", "finished", "worst")


class Chain(Places):
    """The jobs of a production or of one of its runs, told apart by `of`: run or chunk.

    Raises:
        Problem: the request cannot be read; 404 from the first use where the window has no such job.
    """

    def __init__(self, call: Call):
        self.production, self.run = call.path["production"], call.path.get("run", "")
        fixed = {"compass_production.is": self.production}
        super().__init__(call, **fixed | ({"compass_run.is": self.run} if self.run else {}))
        self.of = "chunk" if self.run else "run"
        self.first = call.number("offset", 0, 10**9, least=0)

    @cached_property
    def matrix(self) -> Matrix:
        if not self.placed:
            raise not_found(
                f"No job of {self.title[:80]} is in this window.", "Ask for more days, as in ?days=90."
            )
        return Matrix(self.grouped(_chunk if self.run else _run))

    @property
    def title(self) -> str:
        return f"{self.production} run {self.run}" if self.run else self.production

    @property
    def summary(self) -> dict[str, Any]:
        return summary(self.production, self.placed, self.matrix.by_step)

    @property
    def rows_shown(self) -> tuple[str, ...]:
        """The rows of this page."""
        return tuple(self.matrix.rows)[self.first : self.first + RUNS_SHOWN]


def _run(job: Placed) -> str:
    return job.run


def _chunk(job: Placed) -> str:
    return job.chunk


def page(chain: Chain) -> dict[str, Any]:
    api = f"production/{chain.production}"
    head = pages.head(chain, "Production", chain.title, f"{api}/run/{chain.run}" if chain.run else api)
    return {
        **head,
        "facts": fact_groups(_facts(chain)),
        "chain": {
            "title": f"The chain by {chain.of}: finished of all jobs",
            "of": chain.of.capitalize(),
            "heads": pages.heads(chain.matrix),
            "rows": [_row(chain, name) for name in chain.rows_shown],
        },
        "pages": _pages(chain),
        "tables": [] if chain.run else [_tasks(chain)],
    }


def _facts(chain: Chain) -> dict[str, list[dict[str, Any]]]:
    told, places = chain.summary, chain
    changed = told["changed"]
    up = pages.production_url(places, chain.production) if chain.run else ""
    seen = [pages.TITLES[name] for name in steps.BY_NAME if name not in chain.matrix.seen]
    return {
        "Extent": [
            fact("Production", chain.production, up),
            fact("Runs", f"{told['runs']:,}"),
            fact("Chunks", f"{told['chunks']:,}"),
            fact("Jobs", f"{told['jobs']:,}", list_link(places.jobs)),
        ],
        "Progress": [
            fact("Done", f"{told['places_done']:,}", note=f"of {told['places']:,} places that have a job"),
            fact("Waiting for tape", f"{told['backlog']:,}", pages.tape_url(places)),
            fact("Last change", f"{changed:%d %b %Y %H:%M} UTC" if changed else ""),
            fact("No job of", ", ".join(seen)),
        ],
    }


def _row(chain: Chain, name: str) -> dict[str, Any]:
    """A run leads to its page; a chunk to its jobs."""
    places, field = chain, f"compass_{chain.of}.is"
    to_run = "" if chain.run else pages.production_url(places, chain.production, "run", name)
    return {
        "title": name,
        "url": to_run or list_link(places.jobs, **{field: name}),
        "cells": pages.cells(places, chain.matrix, name, **{field: name}),
    }


def _pages(chain: Chain) -> list[dict[str, Any]]:
    """Links to further rows."""
    total = len(chain.matrix.rows)
    if total <= RUNS_SHOWN:
        return []
    selection, url = chain.jobs.selection, chain.call.url
    return [
        {
            "text": f"{tuple(chain.matrix.rows)[first]} …",
            "url": f"{url}?{selection.query(PATH_FIELDS, offset=str(first) if first else None)}",
            "current": first == chain.first,
        }
        for first in range(0, total, RUNS_SHOWN)
    ]


PATH_FIELDS = ("compass_production.is", "compass_run.is")


def _tasks(places: Places) -> dict[str, Any]:
    """The tasks of the production system that jobs say they belong to."""
    found = places.grouped(lambda job: str(job.row["taskid"] or ""))
    return table("tasks", "Tasks", TASKS, [_task(places, name, jobs) for name, jobs in found.items()])


def _task(places: Places, name: str, jobs: list[Placed]) -> dict[str, Any]:
    types = sorted({job.row["transformation"] for job in jobs if job.step == steps.FIRST})
    url = list_link(places.jobs, taskid=name) if name else ""
    return {
        "task": cell("number", int(name), url) if name else None,
        "type": ", ".join(types),
        "runs": len({job.run for job in jobs}),
        "jobs": cell("number", len(jobs), url),
        "finished": sum(job.state == FINISHED for job in jobs),
    }


def plain(chain: Chain) -> dict[str, Any]:
    """All rows, whatever page was asked for."""
    matrix = chain.matrix
    return {
        "production": chain.production,
        **({"run": chain.run} if chain.run else {}),
        "summary": chain.summary,
        f"{chain.of}s": [{chain.of: name, "steps": matrix.plain(name)} for name in matrix.rows],
        **chain.cut,
    }


def rows(chain: Chain) -> Table:
    matrix = chain.matrix
    told = ({chain.of: name, **one} for name in matrix.rows for one in matrix.plain(name))
    return Table((chain.of, *CELLS), ({name: row[name] for name in (chain.of, *CELLS)} for row in told))


FORMS = {"html": page, "json": plain, "csv": rows, "ndjson": rows}
NAME = Parameter("production", "Name of the production.", where="path")
NUMBER = Parameter("run", "Number of the run.", where="path")
OFFSET = Parameter("offset", "Rows before those shown.", "count")
PRODUCTION = pages.resource(
    "production",
    "production/<str:production>",
    "A production by run and step.",
    Chain,
    FORMS,
    NAME,
    OFFSET,
)
RUN = pages.resource(
    "run",
    "production/<str:production>/run/<str:run>",
    "A run of a production by chunk and step.",
    Chain,
    FORMS,
    NAME,
    NUMBER,
    OFFSET,
)
