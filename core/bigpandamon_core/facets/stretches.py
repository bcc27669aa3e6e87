"""Stretches: rows of one part that ended alike, as they are chosen and counted."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from bigpandamon_core.facets.store.numbers import Array, Numbers
from bigpandamon_core.facets.store.parts import Part

NONE = np.zeros(0, np.int64)
MANY = 1 << 18
FEWER = 16
"""Of rows at most one in so many is left out of a slice."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """outcome: how the jobs ended. rows: their places in the part, rising. dead: places within a slice that
    count no more or were not chosen; they are few, and left out of whatever is told."""

    part: Part
    outcome: int
    rows: slice | Array
    dead: Array = field(default_factory=lambda: NONE)

    def __len__(self) -> int:
        if isinstance(self.rows, slice):
            return int(self.rows.stop - self.rows.start - len(self.dead))
        return len(self.rows)

    def codes(self, name: str) -> Array:
        return self._taken(self.part.codes(name))

    def numbers(self, name: str) -> Numbers:
        every = self.part.numbers(name)
        return Numbers(self._taken(every.stored), every.base, every.unit)

    def _taken(self, column: Array) -> Array:
        taken: Array = column[self.rows]
        if len(self.dead) == 0 or not isinstance(self.rows, slice):
            return taken
        return np.delete(taken, self.dead - self.rows.start)

    def counts(self, name: str, size: int) -> Array:
        """How many rows have each code of a column. size: above all codes. What is dead is taken off again:
        to leave it out would mean to copy the others."""
        codes = self.part.codes(name)
        if not isinstance(self.rows, slice):
            return _in_bins(codes.take(self.rows), size)
        counts = self.part.mapped.counts(name).between(self.rows.start, self.rows.stop, size)
        return counts - np.bincount(codes[self.dead], minlength=size)

    def where(self, mask: Array) -> "Stretch":
        """Those of its rows for which the mask holds. Where it leaves out few, those are noted instead: what
        a slice has is known by pieces."""
        found = np.flatnonzero(mask)
        if not isinstance(self.rows, slice):
            return replace(self, rows=self.rows[found])
        if len(found) == 0:
            return self.between(0, 0)
        chosen = found + self.rows.start
        if len(self.dead):
            every = np.arange(self.rows.start, self.rows.stop)
            chosen = np.delete(every, self.dead - self.rows.start)[found]
        begin, end = int(chosen[0]), int(chosen[-1]) + 1
        if (end - begin - len(chosen)) * FEWER > len(chosen):
            return replace(self, rows=chosen, dead=NONE)
        return replace(self, rows=slice(begin, end), dead=np.delete(np.arange(begin, end), chosen - begin))

    def between(self, start: int, stop: int) -> "Stretch":
        """Its rows from one to before another, those that are dead counted, too."""
        if not isinstance(self.rows, slice):
            return replace(self, rows=self.rows[start:stop])
        begin, end = self.rows.start + start, self.rows.start + stop
        return replace(self, rows=slice(begin, end), dead=_inside(self.dead, begin, end))

    def pieces(self, size: int) -> Iterator["Stretch"]:
        """The same rows, at most so many at a time."""
        whole = self.rows.stop - self.rows.start if isinstance(self.rows, slice) else len(self.rows)
        found = (self.between(start, min(start + size, whole)) for start in range(0, whole, size))
        return (piece for piece in found if len(piece))

    def alive(self) -> "Stretch":
        """Without rows that count no more."""
        superseded = np.array(self.part.entry.superseded, np.int64)
        if isinstance(self.rows, slice):
            dead = _inside(superseded, self.rows.start, self.rows.stop)
            return replace(self, dead=np.union1d(self.dead, dead))
        return replace(self, rows=self.rows[~np.isin(self.rows, superseded)]) if len(superseded) else self


def _inside(places: Array, begin: int, end: int) -> Array:
    return places[(places >= begin) & (places < end)]


def _in_bins(codes: Array, size: int) -> Array:
    """How often each code occurs. Many narrow ones are counted two rows at a time, in half the time."""
    if codes.dtype != np.uint8 or len(codes) < MANY:
        counts: Array = np.bincount(codes, minlength=size)
        return counts
    even = len(codes) & ~1
    pairs = np.bincount(codes[:even].view(np.uint16), minlength=1 << 16).reshape(256, 256)
    counts = pairs.sum(axis=0) + pairs.sum(axis=1) + np.bincount(codes[even:], minlength=256)
    return counts[:size]


def whole(part: Part) -> list[Stretch]:
    """All rows of a part, also those that count no more."""
    return [
        Stretch(part, outcome, slice(start, stop)) for outcome, start, stop in part.outcomes if stop > start
    ]
