"""The errors of a page of jobs: what they mean, how many jobs had them and where most of those were."""

from typing import Any

from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import error_link, errors_url
from bigpandamon_core.summaries.jobs import ErrorCount

MOST_ERRORS = 20


def errors(jobs: Jobs, most: int = MOST_ERRORS) -> list[dict[str, Any]]:
    """The most frequent ones."""
    return [_error(jobs, error) for error in jobs.errors[:most]]


def shown(jobs: Jobs, most: int = MOST_ERRORS) -> dict[str, Any]:
    """For the context of a page: these, how many they are not, and where all are."""
    return {
        "errors": errors(jobs, most),
        "errors_left_out": max(len(jobs.errors) - most, 0),
        "errors_url": errors_url(jobs),
    }


def _error(jobs: Jobs, error: ErrorCount) -> dict[str, Any]:
    meaning = jobs.meanings.get((error.component, error.code)) or {}
    return {
        "error": error.key,
        "component": error.component,
        "code": error.code,
        "diag": jobs.examples.get(error.key, ""),
        "description": meaning.get("description") or meaning.get("acronym") or "",
        "count": error.count,
        "jobs_url": error_link(jobs, error),
        "example_pandaid": error.example_pandaid,
        "example_url": f"{jobs.call.root}job/{error.example_pandaid}/",
        "top_sites": [_top(jobs, error, "computingsite", *item) for item in error.sites],
        "top_tasks": [_top(jobs, error, "jeditaskid", *item) for item in error.tasks],
        "top_users": _top_users(jobs, error),
    }


def _top(jobs: Jobs, error: ErrorCount, field: str, value: Any, count: int) -> dict[str, Any]:
    name = field if field == "jeditaskid" and value != NOT_SPECIFIED else field + SHOWN
    return {"value": value, "count": count, "url": error_link(jobs, error, **{name: str(value)})}


def _top_users(jobs: Jobs, error: ErrorCount) -> list[dict[str, Any]]:
    """As far as the caller may see names; by another name nobody can be asked for."""
    told = ((jobs.call.privacy.name(name), count) for name, count in error.users)
    return [_top(jobs, error, "produsername", name, count) for name, count in told if name]
