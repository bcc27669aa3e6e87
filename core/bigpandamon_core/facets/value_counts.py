"""Counted values, each made when it is looked at: of tens of thousands a page shows a few."""

from collections.abc import Iterator, Sequence
from typing import overload

from bigpandamon_core.facets.store.numbers import Array
from bigpandamon_core.facets.store.parts import FAILED, FINISHED
from bigpandamon_core.facets.telling import Told
from bigpandamon_core.summaries.jobs import ValueCount


class ValueCounts(Sequence[ValueCount]):
    """The values that were counted, most frequent first, then in alphabetic order.

    given: counts by outcome of what was given to be told.
    """

    def __init__(self, told: Told, given: Array):
        self._told = told
        by_outcome = told.added(given)
        counts = by_outcome.sum(axis=0)
        self._first = told.first(counts)
        self._columns = counts, by_outcome[FAILED], by_outcome[FINISHED]

    def __len__(self) -> int:
        return len(self._first)

    def __iter__(self) -> Iterator[ValueCount]:
        return self._made(self._first)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # like a list's

    @overload
    def __getitem__(self, place: int) -> ValueCount: ...

    @overload
    def __getitem__(self, place: slice) -> list[ValueCount]: ...

    def __getitem__(self, place: int | slice) -> ValueCount | list[ValueCount]:
        if isinstance(place, slice):
            return list(self._made(self._first[place]))
        return next(self._made(self._first[[place]]))

    def _made(self, places: Array) -> Iterator[ValueCount]:
        names = [self._told.values[place] for place in places.tolist()]
        return map(ValueCount, names, *(column[places].tolist() for column in self._columns))
