"""Numbers of several groups counted between round edges that all groups share."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

BINS = 12
"""About so many; a few more where the edges would not be round."""
BULK = 0.98
"""The part of the numbers between the edges; single high ones shall not press the others into one bin."""
LEAST = 1e-9
"""Of what differs."""


@dataclass(frozen=True)
class Histogram:
    """counts: by group one number for each bin, from an edge to before the next; is_open: and one more for
    what is beyond the last edge."""

    edges: tuple[float, ...]
    is_open: bool
    counts: Mapping[str, tuple[int, ...]]

    @property
    def ends(self) -> list[tuple[float, float | None]]:
        """Begin and end of each bin, the end None where it is open."""
        last: list[float | None] = [None] if self.is_open else []
        return list(zip(self.edges, (*self.edges[1:], *last), strict=False))

    def place(self, value: float) -> float | None:
        """Where a value is, counted in bins from the left; None where no bin of known width has it."""
        inside = self.edges[0] <= value <= self.edges[-1]
        return (value - self.edges[0]) / (self.edges[1] - self.edges[0]) if inside else None


def histogram(groups: Mapping[str, Sequence[float]], reach: float = 0) -> Histogram:
    """Of groups that have at least one number together. reach: a number that the edges shall hold, unless it
    is so far above the others that these would lie in half of the bins."""
    values = sorted(value for group in groups.values() for value in group)
    high = values[ceil(BULK * len(values)) - 1]
    edges = _edges(values[0], max(high, reach) if reach <= 2 * high else high)
    is_open = values[-1] >= edges[-1]
    bins = len(edges) - 1 + is_open
    return Histogram(edges, is_open, {name: _counted(group, edges, bins) for name, group in groups.items()})


def _counted(values: Iterable[float], edges: Sequence[float], bins: int) -> tuple[int, ...]:
    counts = [0] * bins
    for value in values:
        counts[max(bisect_right(edges, value) - 1, 0)] += 1
    return tuple(counts)


def _edges(low: float, high: float) -> tuple[float, ...]:
    """Multiples of a round step, the first not above low, the last above high."""
    step = round_step(max((high - low) / BINS, abs(high) / 100, LEAST))
    first = floor(low / step + LEAST)
    count = max(floor(high / step + LEAST) + 1 - first, 1)
    return tuple(float(f"{step * (first + place):.12g}") for place in range(count + 1))


def round_step(least: float) -> float:
    """1, 2, 2.5 or 5 times a power of ten, not below a number that is above 0."""
    size = 10.0 ** ceil(log10(least) - 1)
    return next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= least * (1 - 1e-9))
