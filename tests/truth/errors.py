"""What summaries of errors must say."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tests.truth.attributes import state

COMPONENTS = {
    "brokerage": ("brokerageerrorcode", "brokerageerrordiag"),
    "dataservice": ("ddmerrorcode", "ddmerrordiag"),
    "executor": ("exeerrorcode", "exeerrordiag"),
    "jobdispatcher": ("jobdispatchererrorcode", "jobdispatchererrordiag"),
    "pilot": ("piloterrorcode", "piloterrordiag"),
    "supervisor": ("superrorcode", "superrordiag"),
    "taskbuffer": ("taskbuffererrorcode", "taskbuffererrordiag"),
    "transform": ("transexitcode", ""),
}
NONE = (None, "", "0", 0)
Job = Mapping[str, Any]


def seen(text: str | None) -> str:
    """As everybody may read it: without the certificate subjects that these records hold."""
    return re.sub(r"/DC=.*", "(not shown)", text or "")


def errors_of(job: Job) -> dict[str, str]:
    """The texts of a job's errors by `component:code`; taskbuffer repeats what supervisor says."""
    found = {}
    for component, (code, diag) in COMPONENTS.items():
        repeats = component == "taskbuffer" and job["superrorcode"] not in NONE
        if job[code] not in NONE and not repeats:
            found[f"{component}:{job[code]}"] = seen(job[diag] if diag else None)
    return found


def has_errors(job: Job) -> bool:
    """Whether its errors are summed up."""
    return state(job) in ("failed", "holding")


def by_count(jobs: Iterable[Job], every_state: bool = False) -> dict[str, int]:
    """Jobs by error. every_state: not only failed and holding jobs, as for test jobs."""
    return dict(Counter(error for job in jobs if every_state or has_errors(job) for error in errors_of(job)))


def top(jobs: Iterable[Job], error: str, column: str) -> dict[Any, int]:
    """The jobs of one error by another column."""
    return dict(Counter(job[column] for job in jobs if has_errors(job) and error in errors_of(job)))
