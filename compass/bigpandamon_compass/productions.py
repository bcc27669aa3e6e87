"""Productions: how many jobs each has by step and state, how far it has come, what waits for tape."""

from collections import Counter
from functools import cached_property
from typing import Any

from bigpandamon_compass import pages, steps
from bigpandamon_compass.places import WORST_FIRST, Count, Matrix, Placed, Places, joined
from bigpandamon_compass.tape import Backlog
from bigpandamon_core.plugin import (
    NOT_SPECIFIED,
    Cell,
    Column,
    Table,
    cell,
    job_group,
    list_link,
    table,
)

COLUMNS = (
    Column("production", "Production"),
    Column("tasks", "Tasks", "number"),
    Column("runs", "Runs", "number"),
    Column("chunks", "Chunks", "number"),
    Column("jobs", "Jobs", "number"),
    Column("done", "Done", "percent"),
    Column("backlog", "Waiting for tape", "number"),
    Column("changed", "Last change", "time"),
)


class Productions(Places):
    """Every production that has a job in the window, and what belongs to none. Raises as Places."""

    @cached_property
    def by_name(self) -> dict[str, list[Placed]]:
        return self.grouped(lambda job: job.production)

    @cached_property
    def matrix(self) -> Matrix:
        return Matrix(self.by_name)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [summary(name, jobs, self.matrix.rows[name]) for name, jobs in self.by_name.items()]


def summary(name: str, jobs: list[Placed], cells: dict[str, Count]) -> dict[str, Any]:
    """A production in numbers. places: in the chain, that have a job; done: the share of those whose
    newest job finished."""
    counted, named = joined(cells.values()), name != NOT_SPECIFIED
    return {
        "production": name,
        "tasks": len({job.row["taskid"] for job in jobs if job.row["taskid"]}),
        "runs": len({job.run for job in jobs}) if named else 0,
        "chunks": len({(job.run, job.chunk) for job in jobs if job.step == steps.FIRST}) if named else 0,
        "jobs": counted.jobs,
        "places": len(counted.newest),
        "places_done": counted.done,
        "done": counted.done / len(counted.newest),
        "backlog": Backlog(cells).waiting if named else 0,
        "changed": pages.last_change(jobs),
    }


def page(productions: Productions) -> dict[str, Any]:
    places, matrix, told = productions, productions.matrix, productions.rows
    known = sum(row["production"] != NOT_SPECIFIED for row in told)
    chain = [
        {
            "title": name,
            "url": pages.production_url(places, name),
            "cells": pages.cells(places, matrix, name, **{"compass_production.is": name}),
        }
        for name in matrix.rows
    ]
    return {
        **pages.head(
            places, "Productions", f"{known:,} production{'' if known == 1 else 's'}", "productions"
        ),
        "tables": [
            table("productions", "How far they are", COLUMNS, [_told(places, row) for row in told]),
            _by_state(productions),
        ],
        "chain": {
            "title": "Finished of all jobs",
            "of": "Production",
            "heads": pages.heads(matrix),
            "rows": chain,
        },
    }


def _told(places: Places, row: dict[str, Any]) -> dict[str, Any]:
    name = row["production"]
    found = list_link(places.jobs, **{"compass_production.is": name})
    tape = pages.tape_url(places, **{"compass_production.is": name}) if row["backlog"] else ""
    return row | {
        "production": cell("text", name, pages.production_url(places, name) or found),
        "jobs": cell("number", row["jobs"], found),
        "done": 100 * row["done"],
        "backlog": cell("number", row["backlog"], tape),
    }


def _by_state(places: Productions) -> dict[str, Any]:
    """Steps against states."""
    counts = Counter((job.step, job.state) for job in places.placed)
    found = {state for _, state in counts}
    states = sorted(found, key=lambda state: (-WORST_FIRST.index(job_group(state)), state))
    columns = (Column("step", "Step"), *(Column(state, state.capitalize(), "number") for state in states))
    rows = [
        {"step": pages.TITLES[step], **{one: _jobs(places, step, one, counts[step, one]) for one in states}}
        for step in places.matrix.shown
    ]
    return table("states", "Jobs by step and state", columns, rows)


def _jobs(places: Places, step: str, state: str, number: int) -> Cell:
    found = list_link(places.jobs, **{"compass_step.is": step, "jobstatus.is": state})
    return cell("number", number or None, found)


def plain(productions: Productions) -> dict[str, Any]:
    matrix = productions.matrix
    told = [row | {"steps": matrix.plain(row["production"])} for row in productions.rows]
    return {"productions": told, **productions.cut}


def rows(productions: Productions) -> Table:
    return Table(tuple(column.name for column in COLUMNS), productions.rows)


PRODUCTIONS = pages.resource(
    "productions",
    "productions",
    "Productions with their jobs by step and state, progress and what waits for tape.",
    Productions,
    {"html": page, "json": plain, "csv": rows, "ndjson": rows},
)
