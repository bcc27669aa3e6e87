"""Bins in the own database, changed by differences: all lengths of a rollup by the same, so they add up.

Whoever changes bins does so in a transaction in which nobody else can (see `follow.taking`).
"""

import operator
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
    """Contributions put in and taken back, summed up by hour and key. lengths: of bins, by rollup."""

    def __init__(self, lengths: Mapping[int, tuple[int, ...]] = LENGTHS) -> None:
        self._lengths = lengths
        self._hours: dict[tuple[int, int, int], list[int]] = {}

    def add(self, one: Contribution, sign: int = 1) -> None:
        counted, hour, sums = [sign * each for each in one.counted], one.hour, self._hours
        for rollup, key in one.keys:
            place = rollup, hour, key
            known = sums.get(place)
            sums[place] = counted if known is None else [*map(operator.add, known, counted)]

    def rows(self) -> dict[Place, list[int]]:
        """What to add to each row."""
        rows: dict[Place, list[int]] = {}
        for (rollup, hour, key), sums in self._hours.items():
            for hours in self._lengths.get(rollup, ()):
                place = rollup, hours, bin_of(hour, hours), key
                known = rows.get(place)
                rows[place] = sums if known is None else [*map(operator.add, known, sums)]
        return {place: row for place, row in rows.items() if any(row)}

    def write(self) -> int:
        """Change the bins; how many rows that were. Rows that count no job any more go."""
        rows = self.rows()
        add(RollupBin, KEY, MEASURES, ((*place, *row) for place, row in sorted(rows.items())))
        for keys in in_chunks({place[-1] for place, row in rows.items() if row[0] < 0}):
            RollupBin.objects.filter(key_id__in=keys, jobs=0).delete()
        return len(rows)
