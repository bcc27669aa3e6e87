"""Jobs as plain rows, for CSV, NDJSON and terminals."""

from typing import Any

from bigpandamon_core.domain import job_columns
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.states import shown_state
from bigpandamon_core.payloads.call import Table
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_cells import error_text

NARROW = (
    "pandaid",
    "jeditaskid",
    "produsername",
    "jobstatus",
    "computingsite",
    "attemptnr",
    "modificationtime",
)
TERMINAL_ROWS = 50


def columns_of(jobs: Jobs) -> tuple[str, ...]:
    """The columns that were asked for, all without a wish.

    Raises:
        Problem: `fields` names something that jobs do not have (strict calls only).
    """
    wanted = jobs.selection.fields
    known = tuple(name for name in wanted if name in job_columns.ALL)
    if jobs.call.strict and len(known) < len(wanted):
        unknown = next(name for name in wanted if name not in job_columns.ALL)
        raise Problem(
            f"Jobs have no field {unknown[:60]}",
            parameter="fields",
            code="unknown-field",
            remedy="See the list of fields in /api/v1/openapi.json.",
        )
    return known or job_columns.ALL


def shape(jobs: Jobs) -> Table:
    """Every row, or as many as `limit` says; columns as asked for by `fields`."""
    columns = columns_of(jobs)
    rows = ({name: row[name] for name in columns} for row in jobs.rows(columns, jobs.selection.limit))
    return Table(columns, rows)


def short(jobs: Jobs) -> Table:
    """What fits a terminal: few columns, few rows, the total in the last line."""
    limit = jobs.selection.limit
    most = TERMINAL_ROWS if limit is None else limit
    columns = ("jobsubstatus", *NARROW, "transexitcode", *_error_columns())
    rows = (_narrow(row) for row in jobs.rows(columns, most))
    total = jobs.count()
    return Table(
        (*NARROW, "error"), rows, f"{total:,} jobs" + (f", the first {most:,} shown" if total > most else "")
    )


def _error_columns() -> tuple[str, ...]:
    return tuple(name for name in job_columns.ALL if name.endswith(("errorcode", "errordiag")))


def _narrow(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in NARROW}
    return told | {"jobstatus": shown_state(row["jobstatus"], row["jobsubstatus"]), "error": error_text(row)}
