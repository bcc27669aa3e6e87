"""Live jobs counted at the end of each hour.

A day tells the mean of its samples and the greatest, never their sum. An hour at whose end nobody looked is
absent.
"""

from collections import Counter
from datetime import datetime, timedelta

from bigpandamon_core.domain.window import floor
from bigpandamon_core.queries.ended import living
from bigpandamon_core.rollups.bins import KEY
from bigpandamon_core.rollups.declared import GAUGES, Rollup, Values
from bigpandamon_core.rollups.hours import bin_of, hour_of
from bigpandamon_core.rollups.keys import Keys
from bigpandamon_core.state.follow import FollowStatus
from bigpandamon_core.state.leases import Lease, fenced
from bigpandamon_core.state.rollups import RollupSample, RollupSampled
from bigpandamon_core.state.upserts import add

SECONDS_OF_AN_HOUR = 3600
LATEST = timedelta(minutes=10)
"""What is counted later than that after the end of an hour is not of its end."""


def sample(lease: Lease, status: FollowStatus, moment: datetime) -> None:
    """Count live jobs if an hour has just ended. The present is known: everything has been read.

    Raises:
        LeaseLost: somebody else leads now.
        Problem: the PanDA database does not answer.
    """
    end = floor(moment, SECONDS_OF_AN_HOUR)
    if moment - end > LATEST or (status.sampled_at is not None and status.sampled_at >= end):
        return
    found = {rollup: _combined(rollup) for rollup in GAUGES}
    keys = Keys()
    numbers = keys.numbers((rollup.number, values) for rollup, counts in found.items() for values in counts)
    with fenced(lease):
        for rollup, counts in found.items():
            _write(rollup, end, {numbers[rollup.number, values]: jobs for values, jobs in counts.items()})
        FollowStatus.objects.filter(name=status.name).update(sampled_at=end)


def _combined(rollup: Rollup) -> Counter[Values]:
    """By values as they are kept: an absent one is ""."""
    found: Counter[Values] = Counter()
    for values, jobs in living(rollup.dimensions).items():
        found[tuple(value or "" for value in values)] += jobs
    return found


def _write(rollup: Rollup, end: datetime, counts: dict[int, int]) -> None:
    hour = hour_of(end) - 1
    bins = [(rollup.number, hours, bin_of(hour, hours)) for hours in rollup.lengths]
    rows = ((*place, key, jobs, jobs) for place in bins for key, jobs in sorted(counts.items()))
    add(RollupSample, KEY, ("total", "most"), rows)
    add(RollupSampled, KEY[:-1], ("samples",), ((*place, 1) for place in bins))
