"""Bins of whole days made anew from PanDA's tables, while the follower goes on.

Of hours that are closed what PanDA shows is counted, of open ones what the follower noted: so nothing that it
takes back later is missing. A day's bins of all lengths are replaced in one transaction in which the follower
does not write.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import floor, now
from bigpandamon_core.panda.periods import job_tables
from bigpandamon_core.queries.ended import changed, ended
from bigpandamon_core.queries.job_doubles import outdated
from bigpandamon_core.queries.jobs import name_of, there
from bigpandamon_core.queries.own.batches import status
from bigpandamon_core.rollups.bins import Differences
from bigpandamon_core.rollups.contributions import Contribution, Counter, read
from bigpandamon_core.rollups.declared import COLUMNS, FLOWS, FOR_EVER, Rollup
from bigpandamon_core.rollups.hours import EPOCH, HOUR, hour_of
from bigpandamon_core.rollups.retention import kept_days
from bigpandamon_core.state.follow import JobState
from bigpandamon_core.state.leases import apart_from
from bigpandamon_core.state.rollups import RollupBin, RollupRebuild, RollupStatus

DAY = timedelta(days=1)
SECONDS_OF_A_DAY = 86_400
LEASE = "follow"
READ_AT_ONCE = 20_000
_NAMES = ("pandaid", *COLUMNS)


def plan(begin: datetime, end: datetime) -> None:
    """Have the days rebuilt that [begin, end) touches, up to the present one.

    Raises:
        Problem: there are none.
    """
    period, end = f"{begin} to {end}", min(end, now())
    if begin < EPOCH:
        raise Problem("No period begins that early.", period, f"Give a period from {EPOCH.date()} on.")
    if begin >= end:
        raise Problem("There is no such period.", period, "Give a begin before its end that has passed.")
    first, last = floor(begin, SECONDS_OF_A_DAY), floor(end - timedelta(microseconds=1), SECONDS_OF_A_DAY)
    with apart_from(LEASE):
        RollupRebuild.objects.create(begin=first, end=last + DAY)


def work(counter: Counter, keep_days: Mapping[str, int]) -> Iterator[tuple[datetime, int]]:
    """Whatever is planned, the latest day first: each day with the jobs counted in it, as it is done. What is
    interrupted is gone on with the next time.

    keep_days: the option schedule.keep_days.

    Raises:
        Problem: nobody follows, or by other rules; a table is absent; a database does not answer.
    """
    while (planned := RollupRebuild.objects.order_by("-end").first()) is not None:
        day = planned.end - DAY
        jobs = None
        while jobs is None:
            jobs = _rebuilt(counter, day, planned, _kept_lengths(day, keep_days))
        yield day, jobs


def _rebuilt(
    counter: Counter, day: datetime, planned: RollupRebuild, lengths: Mapping[int, tuple[int, ...]]
) -> int | None:
    """How many jobs were counted; None where hours have closed meanwhile, so that it must be done again.

    lengths: of bins that are written, by rollup.
    """
    closed = _closed_before(counter)
    _see_that_all_is_there(day)
    differences = Differences(lengths)
    jobs = sum(_count(differences, some.values()) for some in _shown(counter, day, min(day + DAY, closed)))
    with apart_from(LEASE):
        if closed != _closed_before(counter):
            return None
        jobs += _count(differences, _noted(max(day, closed), day + DAY))
        first = hour_of(day)
        RollupBin.objects.filter(
            rollup__in=[rollup.number for rollup in FLOWS], hour__gte=first, hour__lt=hour_of(day + DAY)
        ).delete()
        differences.write()
        RollupStatus.objects.filter(complete_since__gt=day, complete_since__lte=day + DAY).update(
            complete_since=day
        )
        _advance(planned, day)
    return jobs


def _advance(planned: RollupRebuild, day: datetime) -> None:
    if day > planned.begin:
        RollupRebuild.objects.filter(pk=planned.pk).update(end=day)
    else:
        planned.delete()


def _closed_before(counter: Counter) -> datetime:
    found = status()
    if found is None or found.closed_before is None:
        raise Problem("Nobody has followed PanDA yet.", remedy="Start `bigpandamon follow`.")
    versions = {one.rollup: one.version for one in RollupStatus.objects.all()}
    if any(versions.get(rollup.number) != rollup.version(counter.rules) for rollup in FLOWS):
        raise Problem(
            "The follower counts by other rules.",
            remedy="Start it again, so that it reads this configuration.",
        )
    return found.closed_before


def _kept_lengths(day: datetime, keep_days: Mapping[str, int]) -> Mapping[int, tuple[int, ...]]:
    """Of bins of that day that would not be removed at once."""
    age = (now() - day - DAY).days

    def lengths(rollup: Rollup) -> Iterator[int]:
        for level in rollup.levels:
            if (most := kept_days(rollup, level, keep_days)) == FOR_EVER or age < most:
                yield level.hours

    return {rollup.number: tuple(lengths(rollup)) for rollup in FLOWS}


def _see_that_all_is_there(day: datetime) -> None:
    """Raises Problem where a table is absent that has jobs of that day: its bins would be lost."""
    tables = job_tables(day, now=now())
    if missing := {*tables} - {*there(tables)}:
        raise Problem(
            "The jobs of that day cannot be counted: a table is not there.",
            f"{day:%Y-%m-%d}, {', '.join(sorted(map(name_of, missing)))}",
            "Rebuild again once the database has it; the bins stay as they are.",
        )


def _shown(counter: Counter, begin: datetime, end: datetime) -> Iterator[Mapping[int, Contribution]]:
    """What PanDA shows of jobs that ended, hour by hour."""
    older = outdated() if begin < end else {}
    while begin < end:
        rows = ended(begin, begin + HOUR, COLUMNS, now(), older)
        yield counter.counted(dict(zip(_NAMES, row, strict=True)) for row in rows)
        begin += HOUR


def _noted(begin: datetime, end: datetime) -> Iterator[Contribution]:
    """What the follower has noted of jobs that ended in open hours."""
    if begin >= end:
        return
    rows = JobState.objects.filter(changed(begin, end)).exclude(rolled="").order_by("pandaid")
    last = -1
    while some := list(rows.filter(pandaid__gt=last).values_list("pandaid", "rolled")[:READ_AT_ONCE]):
        yield from (read(rolled) for _, rolled in some)
        last = some[-1][0]


def _count(differences: Differences, contributions: Iterable[Contribution]) -> int:
    count = 0
    for one in contributions:
        differences.add(one)
        count += 1
    return count
