"""Bins in the own database, changed by differences: all lengths of a rollup by the same, so they add up.

Whoever changes bins does so in a transaction in which nobody else can (see `follow.taking`).
"""

from collections.abc import Mapping

from bigpandamon_core.queries.where import in_chunks
from bigpandamon_core.rollups.contributions import Contribution
from bigpandamon_core.rollups.declared import FLOWS
from bigpandamon_core.rollups.hours import bin_of
from bigpandamon_core.state.rollups import RollupBin
from bigpandamon_core.state.upserts import add

MEASURES = ("jobs", "timed", "wall_seconds", "used", "cpu_seconds")
KEY = ("rollup", "hours", "hour", "key_id")
LENGTHS = {rollup.number: rollup.lengths for rollup in FLOWS}
Place = tuple[int, int, int, int]
"""Of a row: rollup, hours, hour, key."""


class Differences:
    """Contributions put in and taken back, summed up by bin and key. lengths: of bins, by rollup."""

    def __init__(self, lengths: Mapping[int, tuple[int, ...]] = LENGTHS) -> None:
        self._lengths = lengths
        self._sums: dict[Place, list[int]] = {}

    def add(self, one: Contribution, sign: int = 1) -> None:
        jobs, timed, wall, used, cpu = one.counted
        for rollup, key in one.keys:
            for hours in self._lengths.get(rollup, ()):
                place = rollup, hours, bin_of(one.hour, hours), key
                sums = self._sums.get(place)
                if sums is None:
                    sums = self._sums[place] = [0] * len(MEASURES)
                sums[0] += sign * jobs
                sums[1] += sign * timed
                sums[2] += sign * wall
                sums[3] += sign * used
                sums[4] += sign * cpu

    def rows(self) -> dict[Place, list[int]]:
        """What to add to each row."""
        return {place: row for place, row in self._sums.items() if any(row)}

    def write(self) -> int:
        """Change the bins; how many rows that were. Rows that count no job any more go."""
        rows = self.rows()
        add(RollupBin, KEY, MEASURES, ((*place, *row) for place, row in sorted(rows.items())))
        for keys in in_chunks({place[-1] for place, row in rows.items() if row[0] < 0}):
            RollupBin.objects.filter(key_id__in=keys, jobs=0).delete()
        return len(rows)
