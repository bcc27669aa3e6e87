"""The table of jobs on a page: its columns, its rows and where it goes on."""

from collections.abc import Iterator, Mapping
from typing import Any

from bigpandamon_core.domain import jobs as job_rules
from bigpandamon_core.domain.cursors import write_cursor
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.job_errors import errors_of
from bigpandamon_core.domain.job_requests import link_changes
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import job_group, shown_state, tells_errors
from bigpandamon_core.domain.text import NOT_SPECIFIED, cut
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import link_to_value
from bigpandamon_core.queries import job_order

COLUMNS = (
    Column("pandaid", "PanDA id", "mono", "pandaid"),
    Column("jeditaskid", "Task", "mono", "jeditaskid"),
    Column("produsername", "User", "text", "produsername"),
    Column("jobstatus", "State", "state", "jobstatus"),
    Column("computingsite", "Queue", "text", "computingsite"),
    Column("corecount", "Cores", "number", "corecount"),
    Column("currentpriority", "Priority", "number", "currentpriority"),
    Column("attemptnr", "Attempt", "number", "attemptnr"),
    Column("modificationtime", "Modified", "time", "modificationtime"),
    Column("duration", "Ran", "duration"),
    Column("cpuefficiency", "CPU eff.", "number"),
    Column("maxpss", "Peak GB", "number", "maxpss"),
    Column("error", "Error", "error"),
)


def columns(jobs: Jobs) -> tuple[Column, ...]:
    """Core's columns, then those a plugin adds to its own pages."""
    return (*COLUMNS, *jobs.call.more_columns)


def column_head(column: Column, selection: Selection, url: str) -> dict[str, Any]:
    """A heading and the link that sorts by it."""
    sort = selection.sort[0]
    current = sort.column == column.sort
    way = "" if current and sort.descending else "-"
    return {
        "name": column.name,
        "title": column.title,
        "align": "right" if column.kind in ("number", "time", "duration") else "left",
        "sort_url": f"{url}?{selection.query(('sortby',), sort=way + column.sort)}" if column.sort else "",
        "sorted": ("desc" if sort.descending else "asc") if current else "",
    }


def rows_title(shown: int, total: int, selection: Selection) -> str:
    if selection.after:
        return f"The next {shown:,} of {total:,} jobs"
    if shown == total:
        return f"All {total:,} jobs" if total != 1 else "The job"
    newest = selection.sort == selection.noun.default_sort
    return f"{'Newest' if newest else 'First'} {shown:,} of {total:,} jobs"


def next_url(jobs: Jobs, shown: list[dict[str, Any]]) -> str:
    """The page after the rows shown, "" when their order has no place to continue from."""
    if not shown or jobs.selection.sort[0].column in ("duration", "queuetime"):
        return ""
    last = shown[-1]
    cursor = write_cursor(job_order.sort_value(last, jobs.selection.sort[0]), last["pandaid"])
    absolute = link_changes(jobs.selection) | {"limit": jobs.selection.get("limit") or None}
    return f"{jobs.call.url}?{jobs.selection.query(**absolute)}&after={cursor}"


def row_cells(jobs: Jobs, row: Mapping[str, Any]) -> dict[str, Any]:
    """One job as the cells of its columns."""
    url = f"{jobs.call.root}job/{row['pandaid']}/"
    return {"url": url, "cells": (*_who_and_where(jobs, row, url), *_how(jobs, row), *_more(jobs, row))}


def _who_and_where(jobs: Jobs, row: Mapping[str, Any], url: str) -> tuple[dict[str, Any], ...]:
    state = shown_state(row["jobstatus"], row["jobsubstatus"]) or "unknown"
    task, user, queue = row["jeditaskid"], row["produsername"], row["computingsite"]
    hidden = jobs.call.privacy.hides_names
    return (
        cell("mono", row["pandaid"], url),
        cell("mono", task, link_to_value(jobs, "jeditaskid", task) if task else ""),
        cell("text", user, "" if hidden else link_to_value(jobs, "produsername", user)),
        cell("state", state) | {"state": state, "group": job_group(state)},
        cell("text", queue, link_to_value(jobs, "computingsite", queue)),
    )


def _how(jobs: Jobs, row: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    ran = job_rules.duration_seconds(row["jobstatus"] or "", row["starttime"], row["endtime"], jobs.call.now)
    cores = row["actualcorecount"] or row["corecount"]
    consumed = float(row["cpuconsumptiontime"] or 0)
    return (
        cell("number", row["corecount"]),
        cell("number", row["currentpriority"]),
        cell("number", row["attemptnr"]),
        cell("time", row["modificationtime"]),
        cell("duration", ran or None),
        cell("number", job_rules.cpu_efficiency(consumed, ran, cores)),
        cell("number", job_rules.memory_per_core_gb(row["maxpss"], 1)),
        cell("error", error_text(row)),
    )


def _more(jobs: Jobs, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A plugin's columns: each shows the field of its name, a counted one as a link to its jobs."""
    fields = {field.name: field for field in jobs.call.more_fields}
    for column in jobs.call.more_columns:
        field = fields[column.name]
        value = field.show(*(row[name] for name in field.sources))
        link = link_to_value(jobs, field.name, value) if field.counted else ""
        yield cell(column.kind, None if value == NOT_SPECIFIED else value, link)


def cell(kind: str, value: Any, url: str = "") -> dict[str, Any]:
    """One cell of a table; what is absent has neither text nor link."""
    absent = value in (None, "")
    return {"kind": kind, "value": value, "text": "" if absent else str(value), "url": "" if absent else url}


def error_text(row: Mapping[str, Any]) -> str:
    """The errors of a failed or holding job in one line."""
    if not tells_errors(row["jobstatus"], row["jobsubstatus"]):
        return ""
    return cut("; ".join(f"{error.component} {error.code}: {error.diag}" for error in errors_of(row)), 200)
