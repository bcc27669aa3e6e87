"""A database that fails, told as a problem: what does not work, since when, and what to do."""

import logging
from datetime import datetime, timedelta
from time import monotonic

from django.db import Error, connections

from bigpandamon_core.domain.problems import Problem, unavailable
from bigpandamon_core.domain.window import iso, now
from bigpandamon_core.sources.failure_codes import Failure, kind_of

NAMES = {"panda": "PanDA database", "default": "monitor's own database"}
CHECK = "Run `bigpandamon check`, which tells what is missing."
PASSING = frozenset({Failure.LOST, Failure.UNREACHABLE, Failure.SLOW, Failure.BUSY})
"""What passes by itself: until then an older answer is better than none."""
ELSEWHERE = "elsewhere-away"
"""The code of a server elsewhere that does not answer: that passes, too."""
NO_TABLE = frozenset({Failure.ABSENT.code, Failure.FORBIDDEN.code})
"""Codes of problems that an installation has for good: parts that need the table are left out."""
REST_SECONDS = 10.0
"""A database that was waited for in vain is left alone for so long: otherwise every thread would wait."""
ANOTHER_AFTER = timedelta(minutes=2)
"""A failure so long after the one before is of another outage: nobody asked in between, here."""
_failing: dict[str, tuple[datetime, datetime]] = {}
"""Of an outage the first failure and the latest."""
_resting: dict[str, tuple[float, Problem]] = {}
logger = logging.getLogger(__name__)


_TOLD = {
    Failure.SLOW: (
        "The question took the {} longer than is allowed.",
        "Ask for a shorter window or add a condition.",
        30,
    ),
    Failure.BUSY: ("The {} was too busy to answer.", "Try again.", 5),
    Failure.ABSENT: ("A table or column this answer needs is absent from the {}.", CHECK, 600),
    Failure.FORBIDDEN: ("A table this answer needs may not be read in the {}.", CHECK, 600),
}


def failure(alias: str, error: Error) -> Problem:
    """The problem to answer with. The driver's own words go to the log, not to the client."""
    connection = connections[alias]
    kind = kind_of(connection.vendor, error, connected=connection.connection is not None)
    words = " ".join(str(error).split())
    if kind is Failure.OURS:
        logger.error("%s refuses a statement: %s", alias, words, exc_info=error)
        return Problem("The monitor asked its database something wrong.", status=500, code=kind.code)
    logger.warning("%s, %s: %s", alias, kind.value, words)
    if kind in (Failure.LOST, Failure.UNREACHABLE):
        return _away(alias, kind)
    what, remedy, seconds = _TOLD[kind]
    return Problem(what.format(NAMES.get(alias, alias)), "", remedy, 503, kind.code, "", seconds)


def silent_since(alias: str) -> datetime:
    """Note that a database does not answer; when that was first noted in this process."""
    moment = now()
    first, last = _failing.get(alias, (moment, moment))
    first = moment if moment - last > ANOTHER_AFTER else first
    _failing[alias] = first, moment
    return first


def _away(alias: str, kind: Failure) -> Problem:
    problem = unavailable(
        f"The {NAMES.get(alias, alias)} does not answer since {iso(silent_since(alias))} UTC.",
        "Try again; see /health for its state.",
    )
    problem.code = kind.code
    return problem


def passes(problem: Problem) -> bool:
    """Whether it is a failure that passes by itself."""
    return problem.code in {ELSEWHERE, *(kind.code for kind in PASSING)}


def was_lost(problem: Problem) -> bool:
    """Whether the connection was lost, so that asking once more on a new one may do."""
    return problem.code == Failure.LOST.code


def is_away(problem: Problem) -> bool:
    """Whether the database could not be asked at all."""
    return problem.code in (Failure.LOST.code, Failure.UNREACHABLE.code)


def rest(alias: str, problem: Problem) -> None:
    """Leave a database alone for REST_SECONDS; whoever asks meanwhile gets this problem."""
    _resting[alias] = monotonic() + REST_SECONDS, problem


def refuse_while_resting(alias: str) -> None:
    """Let a caller through to a database, or one of many to one that was left alone for long enough.

    Raises:
        Problem: it is left alone.
    """
    until, problem = _resting.get(alias, (0.0, None))
    if problem is None:
        return
    if monotonic() < until:
        raise problem
    rest(alias, problem)


def answered(alias: str) -> None:
    """Note that a database works (again)."""
    _failing.pop(alias, None)
    _resting.pop(alias, None)
