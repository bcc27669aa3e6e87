"""A database that fails, told as a problem: what does not work, since when, and what to do."""

from datetime import datetime

from django.db import DatabaseError

from bigpandamon_core.domain.problems import Problem, unavailable
from bigpandamon_core.domain.window import iso, now

_TIMEOUTS = ("max_statement_time", "statement timeout", "interrupted", "DPY-4024", "call timeout")
_ABSENT = ("no such table", "doesn't exist", "does not exist", "ORA-00942")
_FORBIDDEN = ("denied to user", "permission denied", "command denied", "ORA-01031")
_failing_since: dict[str, datetime] = {}


def failure(alias: str, error: DatabaseError) -> Problem:
    """The problem to answer with. The driver's own words go to the log, not to the client."""
    text = str(error)
    if any(mark in text for mark in _TIMEOUTS):
        return unavailable(
            "The question took the database longer than is allowed.",
            "Ask for a shorter window or add a condition.",
        )
    if any(mark in text for mark in _ABSENT):
        return unavailable("A table this answer needs is absent.", "Run `bigpandamon check` for which.")
    if any(mark in text for mark in _FORBIDDEN):
        return unavailable("A table this answer needs may not be read.", "Run `bigpandamon check` for which.")
    since = _failing_since.setdefault(alias, now())
    return unavailable(
        f"The {alias} database does not answer since {iso(since)} UTC.", "Try again; see /health for its state."
    )


def answered(alias: str) -> None:
    """Note that a database works (again)."""
    _failing_since.pop(alias, None)


def failing_since(alias: str) -> datetime | None:
    return _failing_since.get(alias)
