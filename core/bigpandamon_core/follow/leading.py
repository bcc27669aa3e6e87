"""The process that follows: it leads by lease, looks as often and as gently as it may, and mends itself."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import Error, connections
from django.db.models import F

from bigpandamon_core.domain.error_rules import RULES, ErrorRule
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import floor, now
from bigpandamon_core.facets.columns import VERSION
from bigpandamon_core.follow import states
from bigpandamon_core.follow.looking import Look
from bigpandamon_core.follow.taking import JOBS
from bigpandamon_core.rollups import following, sampling
from bigpandamon_core.rollups.contributions import Counter
from bigpandamon_core.rollups.keys import remove_unused
from bigpandamon_core.sources.failures import failure
from bigpandamon_core.sources.reading import ALIAS as PANDA
from bigpandamon_core.sources.reading import recorded
from bigpandamon_core.state.follow import FacetBatch, FollowPosition, FollowStatus, JobState
from bigpandamon_core.state.leases import (
    ALIAS,
    Lease,
    LeaseLost,
    acquire,
    fenced,
    holder_here,
    holders,
    release,
    renew,
)

LEASE = "follow"
SHARE = 3
"""Of the time at most one part in so many is spent waiting for the database: a slow one is left alone for
longer."""
LONGEST_PAUSE_SECONDS = 60.0
SWEEP = timedelta(hours=1)
FORGOTTEN_AT_ONCE = 20_000
logger = logging.getLogger("bigpandamon.follow")
Options = Callable[[str], Any]
Wait = Callable[[float], bool]


class Follower:
    """One of the processes that could follow. option: the value of an option by its key. rules: what classes
    of failures are told by.

    is_behind: whether the last look left something to read.
    """

    def __init__(self, option: Options, rules: Iterable[ErrorRule] = RULES):
        self._option = option
        self._counter = Counter(rules)
        self._holder = holder_here()
        self._failures = 0
        self._leader = ""
        self._fence = -1
        self._keys_looked_at = 0
        self.is_behind = True

    def live(self, wait: Wait) -> None:
        """Until told to end. wait: for so many seconds; whether to end."""
        pause = 0.0
        while not wait(pause):
            pause = self.step()
        self._release()

    def step(self) -> float:
        """One look, if this is the one that leads; how long to wait before the next, in seconds."""
        lease_seconds: float = self._option("follow.lease_seconds")
        try:
            lease = acquire(LEASE, self._holder, lease_seconds)
            if lease is None:
                self._stand_by()
                return lease_seconds / SHARE
            pause = self._gently(lease)
        except LeaseLost as lost:
            logger.warning("%s", lost)
            return lease_seconds / SHARE
        except Problem as problem:
            return self._failed(problem)
        except Error as error:
            return self._failed(failure(ALIAS, error))
        self._failures = 0
        return pause

    def _stand_by(self) -> None:
        """Tell who leads, once for each leader."""
        leader = next((lease.holder for lease in holders() if lease.name == LEASE), self._leader)
        if leader != self._leader:
            self._leader = leader
            logger.info("%s follows; this process waits until that one has ended", leader)

    def _gently(self, lease: Lease) -> float:
        begun = monotonic()
        with recorded() as statements:
            self.is_behind = not self._look(lease)
        spent, asked = monotonic() - begun, len(statements.executed)
        pause: float = 60 * asked / self._option("follow.statements_per_minute")
        if not self.is_behind:
            stepping_back = min(SHARE * statements.seconds, LONGEST_PAUSE_SECONDS)
            pause = max(pause, self._option("follow.interval_seconds"), stepping_back)
        return max(pause - spent, 0)

    def _look(self, lease: Lease) -> bool:
        """Whatever is due; whether all changes have been read."""
        if lease.fence != self._fence:
            self._counter.forget()
            self._fence = lease.fence
        look, status = self._prepared(lease)
        if status.as_of is None:
            look.begin()
            return False
        all_read = look.changes()
        if self._is_due(status.scanned_at, self._option("follow.scan_seconds")):
            look.living()
        if not all_read:
            return False
        if look.back(status):
            return False
        sampling.sample(lease, status, now())
        if self._is_due(status.swept_to, 2 * SWEEP.total_seconds()):
            look.sweep(status)
            self._forget(lease)
        return True

    def _is_due(self, last: Any, seconds: float) -> bool:
        """Also when the clock was set back since."""
        return last is None or not timedelta() <= now() - last < timedelta(seconds=seconds)

    def _prepared(self, lease: Lease) -> tuple[Look, FollowStatus]:
        """How to look, and how far we are. What is known under other columns, or counted by other rules,
        counts for nothing, nor does a beginning that was interrupted; a host that has no other way to know
        everything is told everything."""
        version = f"{VERSION}+{self._counter.version}"
        status, _ = FollowStatus.objects.get_or_create(name=JOBS, defaults=_new_status(version))
        was_interrupted = status.as_of is None and status.last_batch >= status.told_from
        overlap, kept = (timedelta(**{unit: self._option(key)}) for unit, key in _LENGTHS)
        is_other = status.columns != version or status.closed_before is None
        if is_other or status.refill_wanted or was_interrupted:
            status = start_over(lease, version, self._counter, kept)
        limit = following.closed_before(now(), kept)
        if status.as_of is not None and status.as_of < limit:
            with fenced(lease):
                following.close(status, limit)
        return Look(lease, self._counter, overlap, self._option("follow.rows_per_look"), kept), status

    def _forget(self, lease: Lease) -> None:
        """What is older than is kept."""
        kept = timedelta(hours=self._option("follow.kept_hours"))
        moment = floor(now() - kept, 3600)
        with fenced(lease):
            following.close(FollowStatus.objects.get(name=JOBS), following.closed_before(now(), kept))
            FollowStatus.objects.filter(name=JOBS, complete_since__lt=moment).update(complete_since=moment)
            FacetBatch.objects.filter(made_at__lt=moment).delete()
            states.forget_before(moment - SWEEP)
        with fenced(lease):
            self._keys_looked_at = remove_unused(self._keys_looked_at)
        self._counter.forget()

    def _failed(self, problem: Problem) -> float:
        self._failures += 1
        for alias in (ALIAS, PANDA):
            connections[alias].close()  # one that is lost would be asked for ever
        logger.warning("%s", problem)
        try:
            FollowStatus.objects.filter(name=JOBS).update(
                failures=F("failures") + 1, failed_at=now(), failure=str(problem)[:500]
            )
        except Error as error:
            failure(ALIAS, error)
        return min(2.0**self._failures, LONGEST_PAUSE_SECONDS)

    def _release(self) -> None:
        """Let the next one lead at once."""
        try:
            lease = acquire(LEASE, self._holder, self._option("follow.lease_seconds"))
            if lease:
                release(lease)
        except Error as error:
            failure(ALIAS, error)


_LENGTHS = (("seconds", "follow.overlap_seconds"), ("hours", "follow.kept_hours"))


def _new_status(version: str) -> dict[str, Any]:
    """Batches are numbered by the milliseconds of the era: should the own database be lost, no number comes
    twice, and hosts find that what they have is of another telling."""
    number = (now() - datetime(1970, 1, 1)) // timedelta(milliseconds=1)
    return {"columns": version, "last_batch": number, "told_from": number + 1}


def start_over(lease: Lease, version: str, counter: Counter, kept: timedelta) -> FollowStatus:
    """Forget everything that is known: the next look tells it all again, and open bins are counted anew.

    version: of columns and rules, as they are told from now on.

    Raises:
        LeaseLost: somebody else leads now.
    """
    with fenced(lease):
        status = FollowStatus.objects.get(name=JOBS)
        following.close(status, following.closed_before(now(), kept))
        following.adopt(status, counter.rules)
        # from here on nothing is complete, for readers neither
        FollowStatus.objects.filter(name=JOBS).update(as_of=None, complete_since=None)
    while _forget_some(lease, status):
        renew(lease, lease.seconds)
    with fenced(lease):
        for model in (FollowPosition, FacetBatch):
            model.objects.all().delete()
        FollowStatus.objects.filter(name=JOBS).update(
            columns=version, swept_to=None, scanned_at=None,
            told_from=F("last_batch") + 1, refill_wanted=False,
        )  # fmt: skip
        return FollowStatus.objects.get(name=JOBS)


def _forget_some(lease: Lease, status: FollowStatus) -> int:
    """Some jobs, and what they have in open bins; how many."""
    with fenced(lease):
        some = list(JobState.objects.order_by("pandaid")[:FORGOTTEN_AT_ONCE])
        following.undo(status.closed_before, some)
        if some:
            JobState.objects.filter(pandaid__lte=some[-1].pandaid).delete()
    return len(some)
