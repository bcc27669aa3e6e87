"""Bins kept up with what the follower knows.

A bin is open while the jobs that may be in it are known one by one: then what a job had in it is taken back
when the job changes. Hours before `FollowStatus.closed_before` are closed. A job that ended there may have
been forgotten, or moved to the long-term archive, so whoever meets it again must neither count it nor take
it back; only a rebuild changes closed bins.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from bigpandamon_core.domain.error_rules import ErrorRule
from bigpandamon_core.domain.window import RECENT_DAYS, floor
from bigpandamon_core.queries.where import in_chunks
from bigpandamon_core.rollups.bins import Differences
from bigpandamon_core.rollups.contributions import Contribution, read
from bigpandamon_core.rollups.declared import FLOWS
from bigpandamon_core.rollups.hours import hour_of
from bigpandamon_core.state.follow import FollowStatus, JobState
from bigpandamon_core.state.rollups import RollupStatus


def closed_before(moment: datetime, kept: timedelta) -> datetime:
    """Up to where bins close, as of a moment. kept: how far back ended jobs are known."""
    return floor(moment - min(kept, timedelta(days=RECENT_DAYS)), 3600)


class Change:
    """Of jobs that changed what they had in open bins is taken back, and what they have now is put in.

    counted: those that were known to have ended. noted: by pandaid, what is to be kept with their states.
    bins: how many rows were changed.
    """

    def __init__(
        self, closed: datetime | None, contributions: Mapping[int, Contribution], counted: Collection[int]
    ):
        first = hour_of(closed or datetime.max)
        differences = Differences()
        for one in _open(_noted(counted), first):
            differences.add(one, -1)
        self.noted: dict[int, str] = {}
        for pandaid, one in contributions.items():
            if one.hour >= first:
                differences.add(one)
                self.noted[pandaid] = one.written()
        self.bins = differences.write()


def undo(closed: datetime | None, some: Iterable[JobState]) -> None:
    """Take back what some jobs, all of which are forgotten with this, had in open bins."""
    differences = Differences()
    for one in _open((job.rolled for job in some if job.rolled), hour_of(closed or datetime.max)):
        differences.add(one, -1)
    differences.write()


def _noted(pandaids: Iterable[int]) -> Iterator[str]:
    for some in in_chunks(pandaids):
        yield from (
            JobState.objects.filter(pandaid__in=some).exclude(rolled="").values_list("rolled", flat=True)
        )


def _open(noted: Iterable[str], first: int) -> Iterator[Contribution]:
    return (one for one in map(read, noted) if one.hour >= first)


def close(status: FollowStatus, moment: datetime) -> None:
    """Bins before a moment are closed from now on. What the follower has not read until then of ended jobs
    it will not count any more, so that bins are complete only from there on."""
    if status.closed_before and status.closed_before >= moment:
        return
    if not _reaches_back(status) or _was_away(status, moment):
        RollupStatus.objects.update(complete_since=moment)
    status.closed_before = moment
    FollowStatus.objects.filter(name=status.name).update(closed_before=moment)


def _reaches_back(status: FollowStatus) -> bool:
    """Whether all open bins are complete."""
    known, closed = status.complete_since, status.closed_before
    return known is not None and closed is not None and known <= closed


def _was_away(status: FollowStatus, moment: datetime) -> bool:
    return status.as_of is None or status.as_of < moment


def adopt(status: FollowStatus, rules: Iterable[ErrorRule]) -> None:
    """Closed bins that were made by another version do not count as complete."""
    known = {one.rollup: one.version for one in RollupStatus.objects.all()}
    rules = tuple(rules)
    for rollup in FLOWS:
        version = rollup.version(rules)
        if known.get(rollup.number) != version:
            RollupStatus.objects.update_or_create(
                rollup=rollup.number, defaults={"version": version, "complete_since": status.closed_before}
            )
