"""Values as they are told: through `Field.show`, once per distinct value; those told alike are one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from bigpandamon_core.domain.conditions import holds
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_fields import HAS_GPU
from bigpandamon_core.facets import distinct
from bigpandamon_core.facets.columns import DERIVED, GPU
from bigpandamon_core.facets.store.numbers import Array
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.store.vocabulary import Values
from bigpandamon_core.facets.stretches import Stretch
from bigpandamon_core.summaries.jobs import alphabetic


@dataclass(frozen=True)
class Told:
    """values: what is told, each once. numbers: for each given value the place of what it is told as."""

    values: tuple[Any, ...]
    numbers: Array

    @cached_property
    def ranks(self) -> Array:
        """The place of each value in alphabetic order."""
        order = sorted(range(len(self.values)), key=lambda place: alphabetic(self.values[place]))
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order))
        return ranks

    def added(self, counts: Array) -> Array:
        """Counts (one row for each way of ending) by given value as counts by what is told."""
        if len(self.values) == counts.shape[1]:
            return counts
        told = np.zeros((len(counts), len(self.values)), np.int64)
        np.add.at(told.T, self.numbers, counts.T)
        return told

    def first(self, counts: Array) -> Array:
        """The places of values that were counted, most frequent first, then in alphabetic order."""
        present = np.flatnonzero(counts)
        return present[np.lexsort((self.ranks[present], -counts[present]))]


def told(field: Field, given: Iterable[tuple[Any, ...]]) -> Told:
    """What a field tells of each of the given values of its sources."""
    places: dict[Any, int] = {}
    numbers = [places.setdefault(field.show(*values), len(places)) for values in given]
    return Told(tuple(places), np.array(numbers, np.int64))


def told_values(field: Field, values: Values) -> Told:
    """What a field of one coded column tells of its values; computed once for these values."""
    if field not in values.kept:
        values.kept[field] = told(field, (_given(field, (value,)) for value in values.values))
    found: Told = values.kept[field]
    return found


def told_together(field: Field, snapshot: Snapshot, rows: Sequence[Stretch]) -> tuple[Told, Array]:
    """What a field of several coded columns tells, and counts by outcome of each combination of theirs."""
    columns = column_names(field)
    found = distinct.combinations(snapshot, columns, rows)
    return told_combinations(field, snapshot, found.columns), found.counts


def told_combinations(field: Field, snapshot: Snapshot, numbers: Sequence[Array]) -> Told:
    """numbers: for each of the field's columns those of the values of each combination."""
    values = [snapshot.values(column).values for column in column_names(field)]
    each = zip(*(number.tolist() for number in numbers), strict=True)
    return told(
        field,
        (_given(field, tuple(known[at] for known, at in zip(values, one, strict=True))) for one in each),
    )


def told_each(field: Field, snapshot: Snapshot, numbers: Sequence[Array]) -> tuple[Told, Array]:
    """What a field tells, and the place of what it tells for each combination of its columns' values."""
    if len(numbers) == 1:
        known = told_values(field, snapshot.values(column_names(field)[0]))
        return known, known.numbers[numbers[0]]
    once, places = distinct.distinct_of(numbers)
    known = told_combinations(field, snapshot, once)
    return known, known.numbers[places]


def column_names(field: Field) -> list[str]:
    """The coded columns that a field is told from."""
    return [DERIVED[GPU][0] if name == GPU else name for name in field.sources]


def _given(field: Field, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values of a field's sources from those of its columns."""
    if GPU not in field.sources:
        return values
    return tuple(
        int(holds(HAS_GPU, {HAS_GPU.column: value})) if name == GPU else value
        for name, value in zip(field.sources, values, strict=True)
    )
