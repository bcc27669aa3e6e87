"""Clocks: what is a window of this host must be one of the databases, too."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from bigpandamon_core.config import Configuration
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.management.inspection import Finding, own, panda, trouble
from bigpandamon_core.queries.clock import of_panda
from bigpandamon_core.queries.own.clock import of_own

SUBJECT = "clock"
MOST = timedelta(seconds=5)
REMEDY = (
    "let chronyd set the clock (`systemctl enable --now chronyd`, `chronyc tracking` tells how it is), here "
    "and on the host of the database; until then windows and ages on pages are wrong by as much"
)


def of_theirs(_configuration: Configuration) -> Iterator[Finding]:
    yield _compared(panda.SUBJECT, of_panda)


def of_ours(_configuration: Configuration) -> Iterator[Finding]:
    yield _compared(own.SUBJECT, of_own)


def _compared(name: str, ask: Callable[[], datetime | None]) -> Finding:
    """Between asking and answer their clock was read: only what lies outside of that is a difference."""
    before = now()
    try:
        theirs = ask()
    except Problem as problem:
        return trouble(
            SUBJECT, f"the {name} does not tell its time: {problem.what}", "see what is said above"
        )
    after = now()
    if theirs is None:
        return Finding(SUBJECT, f"the {name} is a file and has no clock of its own")
    ahead, behind = before - theirs, theirs - after
    apart = max(ahead, behind, timedelta())
    if apart <= MOST:
        return Finding(SUBJECT, f"as that of the {name}")
    direction = "ahead of" if ahead > behind else "behind"
    return trouble(SUBJECT, f"{apart.total_seconds():.0f} s {direction} that of the {name}", REMEDY)
