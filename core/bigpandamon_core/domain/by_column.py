"""Records that are read together, by column: what is done to all values of a column takes far less time than
the same done to one record after the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

ByColumn = dict[str, Sequence[Any]]
"""By column the values of all records, in their order."""


def by_column(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> ByColumn:
    """rows: of each record the values in the order of the columns."""
    return dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(columns, ())


def in_lots(columns: Sequence[str], rows: Iterable[Sequence[Any]], most: int) -> Iterator[ByColumn]:
    """The same, at most so many at once."""
    rows = iter(rows)
    while some := list(islice(rows, most)):
        yield by_column(columns, some)


def records(values: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Each record with its values by column."""
    empty = dict.fromkeys(values)
    for of_one in zip(*values.values(), strict=True):
        record = empty.copy()
        record.update(zip(values, of_one))  # noqa: B905  # looking at the lengths takes time
        yield record
