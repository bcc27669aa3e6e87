"""Small answers that programs ask for beside pages: status logs, meanings of error codes, the last job."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.jobs import clock_text
from bigpandamon_core.domain.parameters import integer
from bigpandamon_core.domain.people import person_of
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import errors, history, jobs, task_history

Row = dict[str, Any]
UNKNOWN = "---"
"""How long the last state lasted."""
ERROR_KEYS = ("component", "code", "acronym", "diagnostics", "description", "category")


class Support(Unselected):
    """A call for a small answer."""

    def number(self, name: str) -> int:
        """A number of the address.

        Raises:
            Problem: it is none.
        """
        return integer(self.call.path[name], name)


def job_states(support: Support) -> list[Row]:
    """State changes of a job, each with how long it lasted."""
    pandaid = support.number("pandaid")
    if scope.one_job(support.call, pandaid) is None:
        raise not_found(f"There is no job {pandaid}.", "Check the number.")
    rows = [support.call.privacy.row(row) for row in history.states_of(pandaid)]
    return _lasting(rows, lambda row: row["modiftime_extended"] or row["modificationtime"])


def task_states(support: Support) -> list[Row]:
    """The same of a task."""
    jeditaskid = support.number("jeditaskid")
    task = scope.one_task(support.call, jeditaskid)
    if task is None:
        raise not_found(f"There is no task {jeditaskid}.", "Check the number.")
    owner = person_of(task)
    rows = [support.call.privacy.row(row, owner) for row in task_history.states_of(jeditaskid)]
    return _lasting(rows, lambda row: row["modificationtime"])


def _lasting(rows: Sequence[Row], moment: Callable[[Row], datetime]) -> list[Row]:
    ends = [moment(row) for row in rows[1:]]
    told = [
        *(clock_text(int((end - moment(row)).total_seconds())) for row, end in zip(rows, ends, strict=False))
    ]
    return [
        row | {"duration": duration, "modiftime_str": moment(row).strftime("%Y-%m-%d %H:%M:%S")}
        for row, duration in zip(rows, [*told, UNKNOWN], strict=False)
    ]


def error_descriptions(_support: Support) -> dict[str, Any]:
    """What error codes mean, as the database has it."""
    return {
        "error_descriptions": [
            {key: "" if row[key] is None and key != "category" else row[key] for key in ERROR_KEYS}
            for row in errors.descriptions()
        ]
    }


def decommissioned(_support: Support) -> None:
    """Addresses whose pages are no more.

    Raises:
        Problem: always.
    """
    raise Problem(
        "This page is no more.",
        status=410,
        code="gone",
        remedy="Look at the pages of jobs, errors and tasks.",
        body={"message": "decommissioned"},
    )


def last_job(_support: Support) -> dict[str, int]:
    return {"maxpandaid": jobs.highest()}
