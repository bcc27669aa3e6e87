"""Jobs of a selection by several fields at once."""

from collections.abc import Sequence
from typing import Any

from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.facets import distinct
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.stretches import Stretch
from bigpandamon_core.facets.telling import column_names, told_each
from bigpandamon_core.facets.where import select


def groups(snapshot: Snapshot, selection: Selection, fields: Sequence[Field]) -> dict[tuple[Any, ...], int]:
    """How many jobs there are of each combination of what the fields tell; they are told from coded columns.

    Raises:
        ValueError: the selection is not answerable.
    """
    return of_rows(snapshot, select(snapshot, selection), fields)


def of_rows(
    snapshot: Snapshot, rows: Sequence[Stretch], fields: Sequence[Field]
) -> dict[tuple[Any, ...], int]:
    """The same of rows that are selected already."""
    columns = list(dict.fromkeys(name for field in fields for name in column_names(field)))
    found = distinct.combinations(snapshot, columns, rows)
    numbers = dict(zip(columns, found.columns, strict=True))
    told = [told_each(field, snapshot, [numbers[name] for name in column_names(field)]) for field in fields]
    joined = distinct.joined([(0, tuple(each for _, each in told), found.counts.sum(axis=0))], len(fields))
    names = (
        [told_by.values[place] for place in places.tolist()]
        for (told_by, _), places in zip(told, joined.columns, strict=True)
    )
    return dict(zip(zip(*names, strict=True), joined.counts[0].tolist(), strict=True))
