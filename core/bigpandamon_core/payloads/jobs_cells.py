"""One cell of a table of jobs: what a column shows of a job, and where it leads."""

from collections.abc import Callable, Mapping
from typing import Any

from bigpandamon_core.domain import jobs as job_rules
from bigpandamon_core.domain.fields import Column, Field
from bigpandamon_core.domain.job_errors import CODE_COLUMNS, DIAG_COLUMNS, errors_of
from bigpandamon_core.domain.states import job_group, shown_state, tells_errors
from bigpandamon_core.domain.text import NOT_SPECIFIED, cut
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import link_to_value

Row = Mapping[str, Any]
LONGEST_ERROR = 200


def cell_of(jobs: Jobs, column: Column, field: Field | None, row: Row) -> Cell:
    """What a column shows of a job. field: that of the column's name."""
    make = _MAKERS.get(column.name)
    if make:
        return make(jobs, row)
    if field is None or column.kind in ("number", "time"):
        return cell(column.kind, row[column.name])
    return _of_field(jobs, column, field, row)


def _of_field(jobs: Jobs, column: Column, field: Field, row: Row) -> Cell:
    """The value as pages tell it, of a counted field a link to its jobs."""
    value = field.show(*(row[name] for name in field.sources))
    url = link_to_value(jobs, field.name, value) if field.counted else ""
    return cell(column.kind, None if value == NOT_SPECIFIED else value, url)


def _state(_jobs: Jobs, row: Row) -> Cell:
    state = shown_state(row["jobstatus"], row["jobsubstatus"]) or "unknown"
    return cell("state", state) | {"state": state, "group": job_group(state)}


def _user(jobs: Jobs, row: Row) -> Cell:
    user = row["produsername"]
    hidden = jobs.call.privacy.hides_names
    return cell("text", user, "" if hidden else link_to_value(jobs, "produsername", user))


def _ran_seconds(jobs: Jobs, row: Row) -> int:
    state = row["jobstatus"] or ""
    return job_rules.duration_seconds(state, row["starttime"], row["endtime"], jobs.call.now)


def _efficiency(jobs: Jobs, row: Row) -> Cell:
    cores = row["actualcorecount"] or row["corecount"]
    consumed = float(row["cpuconsumptiontime"] or 0)
    found = job_rules.cpu_efficiency(consumed, _ran_seconds(jobs, row), cores)
    return cell("percent", None if found is None else 100 * found)


_MAKERS: Mapping[str, Callable[[Jobs, Row], Cell]] = {
    "pandaid": lambda jobs, row: cell("mono", row["pandaid"], f"{jobs.call.root}job/{row['pandaid']}/"),
    "jeditaskid": lambda jobs, row: cell(
        "mono", row["jeditaskid"], link_to_value(jobs, "jeditaskid", row["jeditaskid"])
    ),
    "jobstatus": _state,
    "produsername": _user,
    "duration": lambda jobs, row: cell("duration", _ran_seconds(jobs, row) or None),
    "cpuefficiency": _efficiency,
    "maxpss": lambda _jobs, row: cell("number", job_rules.memory_per_core_gb(row["maxpss"], 1)),
    "error": lambda _jobs, row: cell("error", error_text(row)),
}
_STATE = ("jobstatus", "jobsubstatus")
_TIMES = ("jobstatus", "starttime", "endtime")
MADE_OF: Mapping[str, tuple[str, ...]] = {
    "jobstatus": _STATE,
    "duration": _TIMES,
    "cpuefficiency": (*_TIMES, "actualcorecount", "corecount", "cpuconsumptiontime"),
    "error": (*_STATE, *CODE_COLUMNS, *DIAG_COLUMNS),
}
"""What is read of a job for a cell that is made of more, or other, columns than the field of its name."""


def error_text(row: Row) -> str:
    """The errors of a failed or holding job in one line."""
    if not tells_errors(row["jobstatus"], row["jobsubstatus"]):
        return ""
    told = (f"{error.component} {error.code}: {error.diag}" for error in errors_of(row))
    return cut("; ".join(told), LONGEST_ERROR)
