"""How PanDA is looked at: what changed since the last time, all live jobs, hours of ended ones.

Times of changes are set before they can be seen: a transaction may be long, clocks differ. So each look for
changes begins an overlap before the last; what even that misses is found by looking at all live jobs every
minute and by comparing how many jobs ended in each hour.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db.models import F

from bigpandamon_core.domain.observations import Observation, visible
from bigpandamon_core.domain.window import floor, now
from bigpandamon_core.follow import states
from bigpandamon_core.follow.taking import JOBS, Taking
from bigpandamon_core.panda.jobs import Job, JobsArchived4
from bigpandamon_core.panda.periods import LIVE
from bigpandamon_core.queries import changes
from bigpandamon_core.queries.job_doubles import twice
from bigpandamon_core.queries.jobs import RECENT, name_of
from bigpandamon_core.rollups.contributions import Counter
from bigpandamon_core.state.follow import FollowPosition, FollowStatus
from bigpandamon_core.state.leases import Lease, renew

HOUR = timedelta(hours=1)
SWEPT = timedelta(hours=6)
"""Hours that ended so lately are compared again: late ones may still come."""


@dataclass(frozen=True)
class Look:
    """overlap: longer than the longest writing transaction. rows: most that one look for changes reads beyond
    the last place. kept: how far back ended jobs are known. counter: of the jobs that ended, for rollups."""

    lease: Lease
    counter: Counter
    overlap: timedelta
    rows: int
    kept: timedelta

    def begin(self) -> None:
        """The first look at all: every live job, and ended ones from now on. The archive comes last: jobs may
        end between this moment and the reading of the live tables."""
        moment = now()
        taking = Taking(self.lease, self.counter)
        taking.take(self._held(_all_live()))
        taking.take(self._held(_just_ended(moment - self.overlap)))
        taking.take(changes.with_numbers(twice()))
        positions = {name_of(table): moment - self.overlap for table in RECENT}
        taking.finish(
            positions=positions, as_of=moment, complete_since=moment, scanned_at=moment, swept_to=moment
        )

    def changes(self) -> bool:
        """What changed since the last look; whether that was all."""
        moment = now()
        reached = dict(FollowPosition.objects.values_list("table", "moment"))
        reading = _Changes(reached, self.overlap, self.rows, moment)
        taking = Taking(self.lease, self.counter)
        taking.take(self._held(reading))
        as_of = min((moment, *reading.cut))
        taking.finish(positions=reading.reached, as_of=as_of)
        return not reading.cut

    def living(self) -> int:
        """All live jobs compared with what is known; how many changes that found."""
        moment = now()
        taking = Taking(self.lease, self.counter)
        known = states.live()
        seen = visible(self._held(_all_live()))
        seen |= visible(changes.with_numbers(self._leftovers(seen, known)))
        missed = [pandaid for pandaid in known if pandaid not in seen]
        taking.take(seen.values(), anyway=_differing(seen, known))
        found = _looked_up(taking, missed)
        taking.finish(scanned_at=moment)
        return found

    def _held(self, seen: Iterable[Observation]) -> Iterator[Observation]:
        """What is read; meanwhile the lease is kept, however slow the database is."""
        renewed = monotonic()
        for one in seen:
            if monotonic() - renewed > self.lease.seconds / 3:
                renew(self.lease, self.lease.seconds)
                renewed = monotonic()
            yield one

    def _leftovers(self, seen: dict[int, Observation], known: dict[int, Observation]) -> Iterator[int]:
        """Jobs that would be new though their row is old: they may have ended so long ago that this is
        forgotten, and only a live row is left over."""
        oldest = now() - self.kept
        return (one.pandaid for one in seen.values() if one.pandaid not in known and one.order[0] < oldest)

    def back(self, status: FollowStatus) -> bool:
        """One more hour with ended jobs before the earliest known; False once all that are kept are known."""
        end, oldest = status.complete_since, now() - self.kept
        if end is None or end <= oldest:
            return False
        begin = floor(changes.last_ended(oldest, end) or oldest, 3600)
        taking = Taking(self.lease, self.counter)
        taking.take(changes.ended(begin, end))
        taking.finish(complete_since=begin)
        return True

    def sweep(self, status: FollowStatus) -> int:
        """Compare the hours that have closed since the last sweep, and the late ones again; how many changes
        that found."""
        closed = floor(now() - self.overlap, 3600)
        first = max(floor((status.swept_to or closed) - SWEPT, 3600), status.complete_since or closed)
        taking = Taking(self.lease, self.counter)
        hour = floor(first, 3600)
        while hour < closed:
            _compare(taking, max(hour, first), hour + HOUR)
            hour += HOUR
        taking.take(changes.with_numbers(twice()))
        taking.finish(swept_to=closed)
        FollowStatus.objects.filter(name=JOBS).update(repairs=F("repairs") + taking.changed)
        return taking.changed


class _Changes:
    """Changes of all tables since where each was read to, live tables first. cut: where tables were read to
    that have more. No place lies in the future: a clock may have been set back."""

    def __init__(self, reached: dict[str, datetime], overlap: timedelta, rows: int, moment: datetime):
        self.reached = {table: min(place, moment) for table, place in reached.items()}
        self.cut: list[datetime] = []
        self._overlap, self._rows, self._moment = overlap, rows, moment

    def __iter__(self) -> Iterator[Observation]:
        for table in RECENT:
            yield from self._of(table)
        yield from changes.unstamped(self.reached[name_of(JobsArchived4)] - self._overlap)

    def _of(self, table: type[Job]) -> Iterator[Observation]:
        name, beyond = name_of(table), 0
        before = self.reached[name]
        for one in changes.since(table, changes.Place(before - self._overlap)):
            yield one
            changed = min(one.statechangetime or before, self._moment)
            self.reached[name] = max(self.reached[name], changed)
            beyond += changed > before
            if beyond >= self._rows:
                self.cut.append(changed)
                return


def _all_live() -> Iterator[Observation]:
    for table in LIVE:
        yield from changes.living(table)


def _just_ended(since: datetime) -> Iterator[Observation]:
    yield from changes.since(JobsArchived4, changes.Place(since))
    yield from changes.unstamped(since)


def _differing(seen: dict[int, Observation], known: dict[int, Observation]) -> set[int]:
    """Jobs that are not as they are known to be, perhaps with an older time: clocks of servers differ."""
    return {pandaid for pandaid, one in seen.items() if known.get(pandaid, one) != one}


def _looked_up(taking: Taking, pandaids: Iterable[int]) -> int:
    """Jobs that are no longer where they were: taken in as they are now, wherever that is."""
    missed = set(pandaids)
    found = visible(changes.with_numbers(missed))
    taking.take(found.values(), anyway=missed)
    taking.lose(missed - found.keys())
    return len(missed)


def _compare(taking: Taking, begin: datetime, end: datetime) -> None:
    """An hour of which the archive tells otherwise than is known is read again."""
    if states.how_many_ended(begin, end) == changes.how_many_ended(begin, end):
        return
    known, seen = states.ended(begin, end), visible(changes.ended(begin, end))
    taking.take(seen.values(), anyway=_differing(seen, known))
    _looked_up(taking, known.keys() - seen.keys())
