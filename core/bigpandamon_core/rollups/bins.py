"""Bins in the own database, changed by differences: all lengths of a rollup by the same, so they add up.

Whoever changes bins does so in a transaction in which nobody else can (see `follow.taking`).
"""

import operator
from collections.abc import Mapping

from bigpandamon_core.queries.where import in_chunks
from bigpandamon_core.rollups.contributions import Contribution
from bigpandamon_core.rollups.declared import COUNTS, FLOWS, MEASURES
from bigpandamon_core.rollups.hours import bin_of
from bigpandamon_core.state.rollups import RollupBin
from bigpandamon_core.state.upserts import add

KEY = ("rollup", "hours", "hour", "key_id")
LENGTHS = {rollup.number: rollup.lengths for rollup in FLOWS}
WITH_TIMES = frozenset(rollup.number for rollup in FLOWS if rollup.measures == MEASURES)
Place = tuple[int, int, int, int]
"""Of a row: rollup, hours, hour, key."""


class Differences:
    """Contributions put in and taken back, summed up by hour and key. lengths: of bins, by rollup."""

    def __init__(self, lengths: Mapping[int, tuple[int, ...]] = LENGTHS) -> None:
        self._lengths = lengths
        self._hours: dict[tuple[int, int, int], list[int]] = {}

    def add(self, one: Contribution, sign: int = 1) -> None:
        measured, hour, sums = [sign * each for each in one.measured], one.hour, self._hours
        counted = measured[: len(COUNTS)]
        for rollup, key in one.keys:
            place, more = (rollup, hour, key), measured if rollup in WITH_TIMES else counted
            known = sums.get(place)
            sums[place] = more if known is None else [*map(operator.add, known, more)]

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
        for kept in (COUNTS, MEASURES):
            some = ((*place, *row) for place, row in sorted(rows.items()) if len(row) == len(kept))
            add(RollupBin, KEY, kept, some)
        for keys in in_chunks({place[-1] for place, row in rows.items() if row[0] < 0}):
            RollupBin.objects.filter(key_id__in=keys, jobs=0).delete()
        return len(rows)
