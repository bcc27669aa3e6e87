"""The process that schedules: it leads by lease, begins what is due, and writes down what came of it."""

import logging
from collections.abc import Sequence
from time import monotonic

from django.conf import settings
from django.db import Error, connections

from bigpandamon_core import __version__
from bigpandamon_core.domain.periodic import PeriodicTask
from bigpandamon_core.domain.window import now
from bigpandamon_core.queries.own.periodic import LEASE
from bigpandamon_core.schedule import runs, signals
from bigpandamon_core.sources.failures import answered, failure
from bigpandamon_core.state.hosts import announce
from bigpandamon_core.state.leases import ALIAS, Lease, LeaseLost, acquire, holder_here, release, renew
from bigpandamon_core.state.pending import waiting
from bigpandamon_core.state.periodic import PeriodicState

TICK_SECONDS = 1.0
"""How exactly a task runs in time, and the most it takes to end."""
RENEWALS = 3
"""How often a lease is renewed in its time, and how often those who do not lead try."""
ANNOUNCED_EVERY_SECONDS = 3600
logger = logging.getLogger("bigpandamon.schedule")


class Scheduler:
    """One of the processes that could lead. option: the value of an option by its key."""

    def __init__(self, tasks: Sequence[PeriodicTask], option: runs.Options):
        self._tasks = tasks
        self._option = option
        self._holder = holder_here()
        self._lease_seconds: int = option("schedule.lease_seconds")
        self._lease: Lease | None = None
        self._lead_at = self._announce_at = self._silent_until = 0.0
        self._runs: dict[str, runs.Run] = {}

    def live(self) -> None:
        """Until SIGTERM or SIGINT."""
        with signals.waited_for():
            try:
                while not signals.asked_to_end():
                    self.tick()
                    signals.wait(TICK_SECONDS)
            finally:
                self._end()

    def tick(self) -> None:
        """Whatever there is to do at this moment. While the own database does not answer nothing is begun."""
        if monotonic() < self._silent_until:
            return
        try:
            self._work()
        except Error as error:
            failure(ALIAS, error)
            # A connection that was lost stays so until it is closed.
            connections[ALIAS].close()
            self._silent_until = monotonic() + self._lease_seconds / RENEWALS
        else:
            answered(ALIAS)

    def _work(self) -> None:
        if monotonic() >= self._announce_at:
            announce(__version__, settings.SECRET_KEY)
            self._announce_at = monotonic() + ANNOUNCED_EVERY_SECONDS
        if monotonic() >= self._lead_at:
            self._lead()
            self._lead_at = monotonic() + self._lease_seconds / RENEWALS
        self._record_ended()
        if self._lease:
            self._start_due()

    def _lead(self) -> None:
        """Lead on, or try to."""
        if self._lease is None:
            self._lease = acquire(LEASE, self._holder, self._lease_seconds)
            if self._lease:
                logger.info("%s leads (fence %s)", self._holder, self._lease.fence)
                self._forget_others()
            return
        try:
            self._lease = renew(self._lease, self._lease_seconds)
        except LeaseLost as lost:
            logger.warning("%s", lost)
            self._lease = None

    def _forget_others(self) -> None:
        """Tasks that are not run here any more have no next run."""
        names = [task.name for task in self._tasks]
        PeriodicState.objects.exclude(task__in=names).update(next_run=None)

    def _start_due(self) -> None:
        next_runs = dict(PeriodicState.objects.values_list("task", "next_run"))
        for task in self._tasks:
            is_due = task.name not in self._runs and task.is_due(next_runs.get(task.name), now())
            if is_due and not waiting(task.apps):
                run = runs.start(task, self._holder, self._option)
                if run:
                    self._runs[task.name] = run

    def _record_ended(self) -> None:
        for run in [run for run in self._runs.values() if run.is_over]:
            runs.close(run)
            del self._runs[run.task.name]

    def _end(self) -> None:
        """End the runs, let the next one lead."""
        try:
            runs.end(list(self._runs.values()))
            if self._lease:
                release(self._lease)
        except Error as error:
            failure(ALIAS, error)
