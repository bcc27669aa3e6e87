"""Stretches: rows of one part that ended alike, as they are chosen and counted."""

from dataclasses import dataclass

import numpy as np

from bigpandamon_core.facets.store.numbers import Array, Numbers
from bigpandamon_core.facets.store.parts import Part


@dataclass(frozen=True, slots=True)
class Stretch:
    """outcome: how the jobs ended. rows: their places in the part, rising."""

    part: Part
    outcome: int
    rows: slice | Array

    def __len__(self) -> int:
        return self.rows.stop - self.rows.start if isinstance(self.rows, slice) else len(self.rows)

    def codes(self, name: str) -> Array:
        taken: Array = self.part.codes(name)[self.rows]
        return taken

    def numbers(self, name: str) -> Numbers:
        every = self.part.numbers(name)
        return Numbers(every.stored[self.rows], every.base, every.unit)

    def where(self, mask: Array) -> "Stretch":
        """Those of its rows for which the mask holds."""
        found = np.flatnonzero(mask)
        if len(found) and found[-1] - found[0] + 1 == len(found):
            return self.between(int(found[0]), int(found[-1]) + 1)
        places = found + self.rows.start if isinstance(self.rows, slice) else self.rows[found]
        return Stretch(self.part, self.outcome, places)

    def between(self, start: int, stop: int) -> "Stretch":
        """Its rows from one to before another."""
        if isinstance(self.rows, slice):
            begin = self.rows.start
            return Stretch(self.part, self.outcome, slice(begin + start, begin + stop))
        return Stretch(self.part, self.outcome, self.rows[start:stop])

    def alive(self) -> "Stretch":
        """Without rows that count no more."""
        superseded = np.array(self.part.entry.superseded, np.int64)
        if isinstance(self.rows, slice):
            inside = (superseded >= self.rows.start) & (superseded < self.rows.stop)
            dead = superseded[inside] - self.rows.start
        else:
            dead = np.flatnonzero(np.isin(self.rows, superseded))
        if len(dead) == 0:
            return self
        counting = np.ones(len(self), bool)
        counting[dead] = False
        return self.where(counting)


def whole(part: Part) -> list[Stretch]:
    """All rows of a part, also those that count no more."""
    return [
        Stretch(part, outcome, slice(start, stop)) for outcome, start, stop in part.outcomes if stop > start
    ]
