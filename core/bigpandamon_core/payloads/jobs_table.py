"""Jobs as plain rows, for CSV, NDJSON and terminals."""

from typing import Any

from bigpandamon_core.domain import job_columns
from bigpandamon_core.domain.states import shown_state
from bigpandamon_core.payloads.call import Table
from bigpandamon_core.payloads.job_records import STORED_STATE, with_shown_state
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
COLUMNS = (*job_columns.ALL, STORED_STATE)


def stored(columns: tuple[str, ...]) -> tuple[str, ...]:
    """What must be read for these columns."""
    return (*(name for name in columns if name != STORED_STATE), "jobsubstatus")


def told(row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    """The columns of a row, its state as shown."""
    shown = with_shown_state(row)
    return {name: shown[name] for name in columns}


def shape(jobs: Jobs) -> Table:
    """Every row, or as many as `limit` says; columns as asked for by `fields`."""
    columns = jobs.columns_of(COLUMNS)
    rows = (told(row, columns) for row in jobs.rows(stored(columns), jobs.selection.limit))
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
