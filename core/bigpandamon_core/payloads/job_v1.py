"""One job for `/api/v1`."""

from typing import Any

from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads.job import OneJob
from bigpandamon_core.payloads.job_records import computed, with_shown_state


def shape(job: OneJob) -> dict[str, Any]:
    """The job's columns and what follows from them, its files, states, attempts, errors, workers."""
    told = with_shown_state(job.row)
    row = {name: None if value == "" else value for name, value in told.items() if name[0] != "_"}
    return {
        "data": row
        | {
            "computed": computed(job.row, job.call.now),
            "errors": [
                {"component": error.component, "code": error.code, "diag": error.diag or None}
                for error in job.errors
            ],
            "files": job.files,
            "states": job.states,
            "attempts": [
                {"oldpandaid": old, "newpandaid": new, "relationtype": kind}
                for old, new, kind in job.attempts
            ],
            "workers": job.workers,
            "parameters": job.parameters or None,
            "metadata": job.metadata,
        },
        "meta": {
            "as_of": iso(job.call.now),
            "source": "sql",
            "missing": job.missing,
            "table": job.row["_table"],
        },
        "links": {"self": f"{job.call.url}"},
    }
