"""The table of jobs on a page: its rows, what it is called and where it goes on."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from bigpandamon_core.domain.job_requests import link_changes
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_cells import MADE_OF, cell_of
from bigpandamon_core.payloads.jobs_columns import OFFERED


def rows_title(count: int, total: int, selection: Selection) -> str:
    """count: rows on this page."""
    if not total:
        return "No jobs"
    if selection.after:
        return f"The next {count:,} of {total:,} jobs"
    if count == total:
        return f"All {total:,} jobs" if total != 1 else "The job"
    newest = selection.sort == selection.noun.default_sort
    return f"{'Newest' if newest else 'First'} {count:,} of {total:,} jobs"


def next_url(jobs: Jobs, rows: list[dict[str, Any]]) -> str:
    """The page after these rows, "" when their order has no place to continue from."""
    if not rows:
        return ""
    absolute = link_changes(jobs.selection) | {"limit": jobs.selection.get("limit") or None}
    return f"{jobs.call.url}?{jobs.selection.query(**absolute)}&after={rows[-1]['_cursor']}"


def sources(jobs: Jobs) -> tuple[str, ...]:
    """What is read of a job for the cells of the columns shown."""
    by_name = {**{field.name: field.sources for field in jobs.selection.noun.fields}, **MADE_OF}
    columns = OFFERED.shown(jobs.selection, jobs.call)
    found = (by_name.get(column.name, (column.name,)) for column in columns)
    return tuple(dict.fromkeys(chain.from_iterable(found)))


def cells(jobs: Jobs, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each job as the cells of the columns shown."""
    fields = {field.name: field for field in jobs.selection.noun.fields}
    columns = [(one, fields.get(one.name)) for one in OFFERED.shown(jobs.selection, jobs.call)]
    return [
        {
            "url": f"{jobs.call.root}job/{row['pandaid']}/",
            "cells": [cell_of(jobs, column, field, row) for column, field in columns],
        }
        for row in rows
    ]
