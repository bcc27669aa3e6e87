"""Links from counted jobs to their rows: each carries whatever makes it mean the same jobs."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bigpandamon_core.domain.job_requests import link_changes
from bigpandamon_core.domain.parameters import SHOWN, clean
from bigpandamon_core.domain.privacy import is_told_otherwise
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.summaries.jobs import ErrorCount

_OF_THE_PAGE = ("sort", "sortby", "order", "view", "splitby")
"""Parameters that say how a page shows its jobs, not which; chosen columns stay chosen."""


def link(jobs: Jobs, **changes: str | None) -> str:
    """The address that shows the same jobs with changed parameters, in the same absolute window; "" if no
    request may carry one of them."""
    return _link(jobs, jobs.call.url, _OF_THE_PAGE, changes)


def list_link(jobs: Jobs, **changes: str | None) -> str:
    """The same jobs with changed parameters in their list, from the point of view they were counted from."""
    return _link(jobs, f"{jobs.call.root}jobs/", (*_OF_THE_PAGE, *jobs.call.understood), changes)


def _link(jobs: Jobs, url: str, drop: tuple[str, ...], changes: Mapping[str, str | None]) -> str:
    if not all(can_be_asked_for(value) for value in changes.values() if value is not None):
        return ""
    changed = link_changes(jobs.selection, **changes)
    return f"{url}?{jobs.selection.query(drop, **changed)}"


@lru_cache(maxsize=1024)
def can_be_asked_for(value: str) -> bool:
    """Whether a request may carry the value; one that looks like a script, or that is told otherwise than it
    is stored, leads nowhere."""
    if is_told_otherwise(value):
        return False
    try:
        clean([(SHOWN, value)])
    except Problem:
        return False
    return True


def errors_url(jobs: Jobs) -> str:
    """The page that tells why the same jobs fail, where there is one."""
    if not jobs.call.is_core:
        return ""
    changed = link_changes(jobs.selection)
    return f"{jobs.call.root}errors/?{jobs.selection.query(_OF_THE_PAGE, **changed)}"


def link_to_value(jobs: Jobs, field: str, value: Any) -> str:
    """The jobs counted for one value. A condition the request already puts on the field stays, both hold."""
    name = field + SHOWN
    if field in ("jeditaskid", "pandaid") and value != NOT_SPECIFIED and not jobs.selection.has(field):
        return link(jobs, **{field: str(value)})
    return link(jobs, **{name: str(value)})


def error_link(jobs: Jobs, error: ErrorCount, **more: str) -> str:
    """The jobs counted for an error."""
    return link(jobs, **jobs.parameters_of(error), **more)
