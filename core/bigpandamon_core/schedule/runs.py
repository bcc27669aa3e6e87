"""One run of a task: in a process of its own, under a lease of its own, so that it can be ended at its limit,
leaves nothing behind, and no other host does the same at the same time."""

import multiprocessing
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.context import ForkProcess
from time import monotonic
from typing import Any

from django.db import connections

from bigpandamon_core.domain.periodic import PeriodicTask, Turn
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.schedule import outcomes, signals
from bigpandamon_core.schedule.outcomes import Outcome
from bigpandamon_core.state.leases import Lease, acquire, fenced, holder_here, release
from bigpandamon_core.state.pending import waiting

LEASE = "schedule."
"""What the name of a task's lease begins with."""
RECORDING_SECONDS = 30
"""How much longer than its task may run a lease holds: what came of it is still to be written down."""
LOOK_SECONDS = 1.0
END_SECONDS = 5.0
"""How long a run may take to end when it is asked to."""
WELL, FAILED = 0, 3
"""Exit codes of a run that has written down itself what came of it; Python ends with others."""
FORK = multiprocessing.get_context("fork")
Options = Callable[[str], Any]


@dataclass(frozen=True)
class Run:
    """A run that was begun."""

    task: PeriodicTask
    lease: Lease
    process: ForkProcess

    @property
    def is_over(self) -> bool:
        return not self.process.is_alive()


def start(task: PeriodicTask, holder: str, option: Options, only_if_due: bool = True) -> Run | None:
    """Begin a run. None: it is not due any more, or runs somewhere else.

    Raises:
        django.db.Error: the own database does not answer.
    """
    lease = acquire(LEASE + task.name, holder, task.limit_seconds + RECORDING_SECONDS)
    if lease is None:
        return None
    if not outcomes.begun(task, lease, only_if_due):
        release(lease)
        return None
    # Connections are not for two processes: each makes its own.
    connections.close_all()
    process = FORK.Process(target=_work, args=(task, lease, option), name=task.name)
    process.start()
    return Run(task, lease, process)


def _work(task: PeriodicTask, lease: Lease, option: Options) -> None:
    """In the new process. The kernel ends it at its limit, even when the one that began it is gone."""
    signal.setitimer(signal.ITIMER_REAL, task.limit_seconds)
    begun = monotonic()
    turn = Turn(option, task.every_seconds, partial(fenced, lease), signals.asked_to_end)
    outcome = outcomes.of(task, turn)
    signal.setitimer(signal.ITIMER_REAL, RECORDING_SECONDS)
    # A connection that the task lost would stay lost.
    connections.close_all()
    outcomes.tell(task, outcome, monotonic() - begun)
    outcomes.record(task, lease, outcome)
    connections.close_all()
    sys.exit(WELL if outcome.well else FAILED)


def close(run: Run) -> None:
    """What is left to do about a run that is over: one that could not say what came of it has failed.

    Raises:
        django.db.Error: the own database does not answer.
    """
    if run.process.exitcode in (WELL, FAILED):
        return
    outcome = Outcome(False, _how_it_ended(run))
    outcomes.tell(run.task, outcome)
    outcomes.record(run.task, run.lease, outcome)


def _how_it_ended(run: Run) -> str:
    if run.process.exitcode == -signal.SIGALRM:
        return f"It took longer than {run.task.limit_seconds} s and was ended."
    return f"Its process ended with exit code {run.process.exitcode}."


def end(under_way: Sequence[Run]) -> None:
    """Ask runs to end, and end those that do not: who schedules next begins them anew. Raises as close."""
    for run in under_way:
        run.process.terminate()
    deadline = monotonic() + END_SECONDS
    for run in under_way:
        run.process.join(max(0.0, deadline - monotonic()))
    cut = [run for run in under_way if not run.is_over]
    for run in cut:
        run.process.kill()
        run.process.join()
    for run in under_way:
        if run in cut:
            outcomes.record_cut(run.task, run.lease)
        else:
            close(run)


def once(task: PeriodicTask, option: Options) -> bool:
    """Run a task now, whether it is due or not; whether all went well.

    Raises:
        Problem: it runs already, or its tables are not there yet.
        django.db.Error: as start and close.
    """
    if labels := waiting(task.apps):
        raise Problem(
            f"{task.name} is off: the tables of {' and '.join(labels)} are not there yet.",
            remedy="Run `bigpandamon migrate`.",
        )
    with signals.waited_for():
        run = start(task, holder_here(), option, only_if_due=False)
        if run is None:
            raise Problem(f"{task.name} runs at this moment.", remedy="Try again when it is done.")
        while not run.is_over and not signals.asked_to_end():
            signals.wait(LOOK_SECONDS)
        end([run])
        return run.process.exitcode == WELL
