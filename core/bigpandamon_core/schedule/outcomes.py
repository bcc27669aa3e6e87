"""What comes of a run: found out, told in the log, written down in the own database."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import Error

from bigpandamon_core.domain.periodic import PeriodicTask, Turn
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.sources.failures import failure
from bigpandamon_core.state.leases import ALIAS, Lease, LeaseLost, fenced, release
from bigpandamon_core.state.periodic import PeriodicState

logger = logging.getLogger("bigpandamon.schedule")


@dataclass(frozen=True)
class Outcome:
    """words: what was done, or why not, without secrets."""

    well: bool
    words: str


def of(task: PeriodicTask, turn: Turn) -> Outcome:
    """Run a task."""
    try:
        return Outcome(True, task.run(turn))
    except Exception as error:  # pylint: disable=broad-exception-caught  # told, whatever it is
        return Outcome(False, _words(task, error))


def _words(task: PeriodicTask, error: Exception) -> str:
    """A failure in words that everybody may read. Those of drivers and libraries may hold secrets: they go to
    the log alone."""
    if isinstance(error, Problem):
        return str(error)
    if isinstance(error, Error):
        return str(failure(ALIAS, error))
    logger.error("%s failed", task.name, exc_info=error)
    return f"{type(error).__name__}; see the log of the scheduler."


def tell(task: PeriodicTask, outcome: Outcome, seconds: float = 0) -> None:
    """A line of the log."""
    if outcome.well:
        logger.info("%s took %.1f s: %s", task.name, seconds, outcome.words)
    else:
        logger.warning("%s failed: %s", task.name, outcome.words)


def begun(task: PeriodicTask, lease: Lease, only_if_due: bool) -> bool:
    """Write down that a run begins, unless it is not due any more; whether it does.

    Raises:
        django.db.Error: the own database does not answer.
        LeaseLost: the lease of the task is lost.
    """
    moment = now()
    with fenced(lease):
        state, _ = PeriodicState.objects.get_or_create(task=task.name)
        if only_if_due and not task.is_due(state.next_run, moment):
            return False
        state.last_start, state.next_run = moment, task.next_run(moment)
        state.save()
        return True


def record(task: PeriodicTask, lease: Lease, outcome: Outcome) -> None:
    """Write down what came of a run, and let others have the task. Nothing happens when they have it already.

    Raises:
        django.db.Error: the own database does not answer.
    """
    _change(task, lease, partial(_note, outcome))


def record_cut(task: PeriodicTask, lease: Lease) -> None:
    """Write down that a run was ended before it was done: it is due again. Raises as record."""
    _change(task, lease, _ask_again)
    logger.info("%s was ended before it was done", task.name)


def _change(task: PeriodicTask, lease: Lease, change: Callable[[PeriodicState, datetime], None]) -> None:
    try:
        with fenced(lease):
            state = PeriodicState.objects.get(task=task.name)
            state.last_end = moment = now()
            change(state, moment)
            state.save()
        release(lease)
    except LeaseLost as lost:
        logger.warning("%s: another run has begun since", lost)


def _note(outcome: Outcome, state: PeriodicState, moment: datetime) -> None:
    if outcome.well:
        state.last_success, state.failures = moment, 0
    else:
        state.last_failure, state.failure_words = moment, outcome.words
        state.failures += 1


def _ask_again(state: PeriodicState, moment: datetime) -> None:
    state.next_run = moment
