"""Reading the rows of one table in the order of a selection: what every noun with a single table has in
common."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import Model, Q, QuerySet

from bigpandamon_core.domain.conditions import All, between
from bigpandamon_core.domain.cursors import OF_THE_ROW, place, unreadable
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.window import CLOCKS_DIFFER
from bigpandamon_core.queries.chunks import chunks_by_id
from bigpandamon_core.queries.order import Order
from bigpandamon_core.queries.where import where
from bigpandamon_core.sources.reading import ALIAS, CHUNK, Query, count, declare, dicts, snapshot, tuples

Row = Mapping[str, Any]
MOST_COUNTED = 200_000
"""Rows whose attributes are counted, at most."""


@dataclass(frozen=True)
class Listed:
    """A table whose rows are listed. order: its keys tell a row."""

    order: Order
    page: Query
    total: Query
    narrow: Query

    @property
    def table(self) -> type[Model]:
        return self.order.table

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.attname for column in self.table._meta.concrete_fields)


def listed(noun: str, table: type[Model], keys: tuple[str, ...], records: str) -> Listed:
    """Declares the reads of a table. keys: a number first where there is one. records: what its rows are
    called, in words."""
    return Listed(
        Order(table, keys),
        declare(f"{noun}.page", f"{records} in order.", binds=("selection", "cursor"), cap=CHUNK),
        declare(f"{noun}.total", f"How many {records.lower()} there are.", binds=("selection",)),
        declare(
            f"{noun}.narrow", f"The attributes of {records.lower()}.", binds=("selection",), cap=MOST_COUNTED
        ),
    )


def page(listing: Listed, selection: Selection, columns: Iterable[str], limit: int) -> list[dict[str, Any]]:
    """At most `limit` rows in the selection's order, after its cursor."""
    return list(stream(listing, selection, columns, limit))


def stream(
    listing: Listed, selection: Selection, columns: Iterable[str], limit: int | None
) -> Iterator[dict[str, Any]]:
    """As page, row by row, a keyset page at a time and in flat memory. limit: None for all."""
    if limit == 0:
        return iter(())
    selection = _placed(listing, selection)
    sort, order = selection.sort[0], listing.order
    wanted = tuple(dict.fromkeys((*columns, *order.keys, *order.columns(sort))))
    size = CHUNK if limit is None else min(CHUNK, limit)
    pages = [_rows(listing, chunk, wanted, size) for chunk in chunks_by_id(selection)]
    if len(pages) == 1:
        return islice(pages[0], limit)
    rows = merge(*pages, key=lambda row: order.in_memory(row, sort), reverse=sort.descending)
    return islice(rows, limit)


def _placed(listing: Listed, selection: Selection) -> Selection:
    """The selection after a value, where its cursor names the row that has it.

    Raises:
        Problem: the row is there no more.
    """
    if selection.after is None or selection.after[0] != OF_THE_ROW:
        return selection
    tie = selection.after[1]
    keys = dict(zip(listing.order.keys, tie if isinstance(tie, tuple) else (tie,), strict=False))
    columns = listing.order.columns(selection.sort[0])
    found = dicts(listing.page, listing.table._default_manager.using(ALIAS).filter(**keys)[:1], columns)
    if not found:
        raise unreadable()
    return replace(selection, after=place(listing.order.value(found[0], selection.sort[0]), tie))


def _rows(
    listing: Listed, selection: Selection, columns: tuple[str, ...], size: int
) -> Iterator[dict[str, Any]]:
    sort, order = selection.sort[0], listing.order
    while True:
        found = order.ordered(selected(listing, selection), selection)[:size]
        with snapshot():
            rows = dicts(listing.page, found, columns)
        yield from rows
        if len(rows) < size:
            return
        selection = replace(selection, after=place(order.value(rows[-1], sort), order.tie(rows[-1])))


def selected(listing: Listed, selection: Selection) -> QuerySet[Any]:
    """The rows of a selection whose lookups are resolved."""
    condition = where(selection.condition, listing.order.texts)
    return listing.table._default_manager.using(ALIAS).filter(condition & _period(listing, selection))


def _period(listing: Listed, selection: Selection) -> Q:
    """A record that changes after the moment of the question stays in a window that ends at the present."""
    window = selection.window
    if window is None:
        return Q()
    end = window.end + CLOCKS_DIFFER if selection.ends_now else window.end
    return where(All((between(window.column, window.begin, end),)), listing.order.texts)


def how_many(listing: Listed, selection: Selection) -> int:
    """All rows of a selection, whatever its cursor and limit."""
    return sum(count(listing.total, selected(listing, chunk)) for chunk in chunks_by_id(selection))


def values(listing: Listed, selection: Selection, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """The columns of all rows of a selection, MOST_COUNTED of them, in no order."""
    left = MOST_COUNTED
    for chunk in chunks_by_id(selection):
        rows = selected(listing, chunk).order_by().values_list(*columns)[:left]
        for row in tuples(listing.narrow, rows):
            left -= 1
            yield row
