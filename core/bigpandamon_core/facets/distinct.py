"""Distinct values of rows, with how many failed, finished and other rows have each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from math import prod

import numpy as np

from bigpandamon_core.facets.columns import DERIVED, MINUTES
from bigpandamon_core.facets.masks import minutes_between
from bigpandamon_core.facets.store.numbers import SECOND, Array, narrowest
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.store.vocabulary import Values
from bigpandamon_core.facets.stretches import Stretch

OUTCOMES = 3
FEW_BINS = 1 << 16
"""Up to here, or to MANY_TIMES as many as there are rows, keys are counted in bins; above they are sorted."""
MANY_TIMES = 8
PIECE = 1 << 16
"""Rows that fit into a processor's cache, however many steps they take."""
Columns = tuple[Array, ...]


@dataclass(frozen=True)
class Combinations:
    """columns: numbers; those at one place are a combination, each stands once. counts: by outcome."""

    columns: Columns
    counts: Array


def values(known: Values, column: str, rows: Iterable[Stretch]) -> Array:
    """Counts by outcome, of each value of a coded column. known: the values it has."""
    by_day: dict[date, Array] = {}
    for some in rows:
        day, words = some.part.day, len(known.by_day[some.part.day])
        counts = by_day.setdefault(day, np.zeros((OUTCOMES, words), np.int64))
        counts[some.outcome] += some.counts(column, words)
    every = np.zeros((OUTCOMES, len(known)), np.int64)
    for day, counts in by_day.items():
        met = np.flatnonzero(counts.any(axis=0))
        every[:, known.by_day[day][met]] += counts[:, met]
    return every


def minutes(rows: Iterable[Stretch], now: datetime) -> Combinations:
    """Counts of the minutes that jobs ran, up to now while they run: one more than that, 0 for those that did
    not start."""
    begin, end = DERIVED[MINUTES]
    found = []
    for some in in_pieces(rows):
        ran = minutes_between(some.numbers(begin), some.numbers(end), now)
        ran += 1
        distinct, counts = counted(ran, int(ran.max()) + 1)
        found.append((some.outcome, (distinct,), counts))
    return joined(found, 1)


def in_pieces(rows: Iterable[Stretch]) -> Iterator[Stretch]:
    """The same rows, so many at a time that what is computed for each stays in a processor's cache."""
    return chain.from_iterable(stretch.pieces(PIECE) for stretch in rows)


def ran(rows: Stretch) -> tuple[Array, Array]:
    """Which rows have both a begin and an end, and the whole seconds between them."""
    begin, end = (rows.numbers(name) for name in DERIVED[MINUTES])
    at = np.flatnonzero(begin.present & end.present)
    return at, np.maximum(end.values[at] - begin.values[at], 0) // SECOND


def combinations(snapshot: Snapshot, names: Sequence[str], rows: Iterable[Stretch]) -> Combinations:
    """Counts of each combination of values of coded columns, told by the values' numbers."""
    known = [snapshot.values(name) for name in names]
    found = []
    for some in rows:
        by_code = [values.by_day[some.part.day] for values in known]
        sizes = [len(numbers) for numbers in by_code]
        distinct, counts = counted(keys([some.codes(name) for name in names], sizes), prod(sizes))
        codes = np.unravel_index(distinct, sizes)
        numbers = tuple(numbers[code] for numbers, code in zip(by_code, codes, strict=True))
        found.append((some.outcome, numbers, counts))
    return joined(found, len(names))


def joined(found: Sequence[tuple[int, Columns, Array]], width: int) -> Combinations:
    """Combinations of several outcomes and stretches, with their counts, as one list: each stands once."""
    if not found:
        return Combinations((np.zeros(0, np.int64),) * width, np.zeros((OUTCOMES, 0), np.int64))
    outcomes, columns, counts = zip(*found, strict=True)
    outcome = np.repeat(outcomes, [len(each) for each in counts])
    once, places = distinct_of([np.concatenate(each) for each in zip(*columns, strict=True)])
    every = np.zeros((OUTCOMES, len(once[0])), np.int64)
    np.add.at(every, (outcome, places), np.concatenate(counts))
    return Combinations(once, every)


def distinct_of(columns: Sequence[Array]) -> tuple[Columns, Array]:
    """Each combination once, and for each of those that were given the place where it stands."""
    sizes = [int(column.max(initial=0)) + 1 for column in columns]
    once, places = np.unique(keys(columns, sizes), return_inverse=True)
    return tuple(np.unravel_index(once, sizes)), places


def keys(columns: Sequence[Array], sizes: Sequence[int]) -> Array:
    """One number for each row, by which its combination is known. sizes: above the numbers of each column."""
    found: Array = columns[0].astype(np.uint32 if prod(sizes) < 1 << 32 else np.int64)
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        found = found * size + column.astype(found.dtype)
    return found


def counted(numbers: Array, size: int) -> tuple[Array, Array]:
    """The numbers that occur, all below `size`, and how often."""
    if size > max(FEW_BINS, MANY_TIMES * len(numbers)):
        distinct, counts = np.unique(numbers.astype(narrowest(size)), return_counts=True)
        return distinct.astype(np.int64), counts
    counts = np.bincount(numbers)
    present = np.flatnonzero(counts)
    return present, counts[present]
