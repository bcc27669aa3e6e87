"""Reading rows of jobs in the order of a selection: a page after a place, or all of them as they arrive."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from heapq import merge
from itertools import chain, islice
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import QuerySet

from bigpandamon_core.domain.by_column import ByColumn, in_lots, records
from bigpandamon_core.domain.conditions import conjuncts
from bigpandamon_core.domain.cursors import OF_THE_ROW, place, unreadable
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.jobs import Job, JobsArchived4
from bigpandamon_core.panda.periods import LIVE
from bigpandamon_core.queries.chunks import chunks_by_id
from bigpandamon_core.queries.job_doubles import OlderRows
from bigpandamon_core.queries.job_order import ORDERS, sort_columns, sort_value
from bigpandamon_core.queries.jobs import IDENTITY, Part, name_of, one, parts
from bigpandamon_core.queries.order import place_in_memory
from bigpandamon_core.sources.ahead import ahead
from bigpandamon_core.sources.reading import ALIAS, CHUNK, declare, snapshot, tuples

PAGE = declare("jobs.page", "Rows of jobs in order.", binds=("selection", "cursor"), cap=CHUNK)
EDGE = declare("jobs.page_edge", "Time of the last row of a page.", binds=("selection", "cursor"), cap=1)
FIRST, AT_ONCE = 500, 1500
"""Rows that are read at once at first, and at most: of all columns a thousand take some 8 MB."""
TOGETHER = 100
"""So many rows stay in a processor's cache while something is made of them."""
FEW_SOURCES, FEWEST = 4, 50
"""So many tables are each read so many rows at once; more share them, but for a few."""


class Row(NamedTuple):
    """A row as it was read. order: what it is compared by. values: of the columns that are read."""

    order: Any
    pandaid: int
    table: str
    values: tuple[Any, ...]


def page(
    selection: Selection,
    columns: tuple[str, ...],
    limit: int,
    now: datetime,
    known: OlderRows | None = None,
) -> list[dict[str, Any]]:
    """At most `limit` rows in the selection's order, after its cursor. Rows carry `_table`. known: what
    counting them found."""
    return list(stream(selection, columns, limit, now, known))


def stream(
    selection: Selection,
    columns: tuple[str, ...],
    limit: int | None,
    now: datetime,
    known: OlderRows | None = None,
) -> Iterator[dict[str, Any]]:
    """As page, row by row: a merge of keyset pages of each table, in flat memory. limit: None for all.

    Each page is read at one moment and no cursor is held between pages. Of a job that moves meanwhile the row
    met first is told.
    """
    return chain.from_iterable(map(records, together(selection, columns, limit, now, known)))


def together(
    selection: Selection,
    columns: tuple[str, ...],
    limit: int | None,
    now: datetime,
    known: OlderRows | None = None,
    most: int = TOGETHER,
) -> Iterator[ByColumn]:
    """The same, `most` rows at once."""
    if limit == 0:
        return
    selection = _placed(selection)
    wanted = tuple(dict.fromkeys((*columns, *IDENTITY, *sort_columns(selection))))
    rows = islice(_rows_of_all(selection, wanted, limit, now, known or OlderRows()), limit)
    yield from in_lots((*wanted, "_table"), ((*row.values, row.table) for row in rows), most)


def _rows_of_all(
    selection: Selection, wanted: tuple[str, ...], limit: int | None, now: datetime, known: OlderRows
) -> Iterator[Row]:
    """The rows of all tables. limit: so many will be taken."""
    sources = [(chunk, part) for chunk in chunks_by_id(selection) for part in parts(chunk, now)]
    first = size = FIRST if limit is None else min(FIRST, limit)
    most = AT_ONCE
    if len(sources) > FEW_SOURCES:
        size, most = (max(rows // len(sources), FEWEST) for rows in (first, AT_ONCE))
    moving = Moving()
    rows = merge(
        *[_rows(chunk, part, wanted, _sizes(size, most), moving) for chunk, part in sources],
        key=attrgetter("order"),
        reverse=selection.sort[0].descending,
    )
    return chain.from_iterable(map(moving.not_told, _current(rows, first, limit, known)))


def _current(rows: Iterator[Row], first: int, limit: int | None, known: OlderRows) -> Iterator[list[Row]]:
    """Those of which no other table tells something newer, some at once. After a whole first lot one thread
    reads ahead and one looks up what was read, but within a snapshot."""

    def newest(lot: list[Row]) -> list[Row]:
        older = known.among((row.pandaid, row.table) for row in lot)
        return [row for row in lot if (row.pandaid, row.table) not in older] if older else lot

    lots, connection = _lots(rows, first), connections[ALIAS]
    some = next(lots, [])
    lots = chain([some], lots)
    is_long = len(some) == FIRST and (limit is None or limit > FIRST)
    if is_long and connection.vendor != "sqlite" and not connection.in_atomic_block:
        with closing(ahead(lots, _short_of(limit))) as read:
            yield from ahead(map(newest, read), _short_of(limit))
    else:
        yield from map(newest, lots)


def _lots(rows: Iterator[Row], first: int) -> Iterator[list[Row]]:
    """So many rows first, then more at once."""
    for size in _sizes(first, AT_ONCE):
        some = list(islice(rows, size))
        if not some:
            return
        yield some


def _short_of(limit: int | None) -> Callable[[list[Row]], bool]:
    """Whether, after a lot, more are needed."""
    told = 0

    def goes_on(lot: list[Row]) -> bool:
        nonlocal told
        told += len(lot)
        return limit is None or told < limit

    return goes_on


class Moving:
    """Which jobs of a stream may be met again: those that were read from a live table, for only they move on
    to another page. Ended jobs, which are most, are not remembered.
    """

    def __init__(self) -> None:
        self._told: dict[int, bool] = {}

    def note(self, rows: Iterable[Row]) -> None:
        """Rows of a live table, as soon as they are read."""
        for row in rows:
            self._told.setdefault(row.pandaid, False)

    def not_told(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Those whose jobs have not been told; from now on they have."""
        known = self._told
        for row in rows:
            told = known.get(row.pandaid)
            if told is False:
                known[row.pandaid] = True
            if not told:
                yield row


def _placed(selection: Selection) -> Selection:
    """The selection after a value, where its cursor names the job that has it.

    Raises:
        Problem: the job is there no more.
    """
    if selection.after is None or selection.after[0] != OF_THE_ROW:
        return selection
    pandaid = selection.after[1]
    row = one(pandaid) if isinstance(pandaid, int) else None
    if row is None:
        raise unreadable()
    return replace(selection, after=place(sort_value(row, selection.sort[0]), pandaid))


def _rows(
    selection: Selection, part: Part, columns: tuple[str, ...], sizes: Iterator[int], moving: Moving
) -> Iterator[Row]:
    """All rows of one table, a keyset page at a time."""
    told = _telling(selection, part, columns)
    for size in sizes:
        with snapshot():
            rows = [*map(told, tuples(PAGE, _page(selection, part, size).values_list(*columns)))]
        if part.table in LIVE:
            moving.note(rows)
        yield from rows
        if len(rows) < size:
            return
        last = dict(zip(columns, rows[-1].values, strict=True))
        selection = replace(selection, after=place(sort_value(last, selection.sort[0]), last["pandaid"]))


def _sizes(first: int, most: int) -> Iterator[int]:
    """How many rows are read at once: few for who wants few, more for who goes on."""
    size = first
    while True:
        yield size
        size = min(2 * size, most)


def _telling(selection: Selection, part: Part, columns: tuple[str, ...]) -> Callable[[tuple[Any, ...]], Row]:
    """What makes a row of the values of its columns: by a few of them it is put in order."""
    sort, table = selection.sort[0], name_of(part.table)
    few = (*sort_columns(selection), "pandaid")
    taken = itemgetter(*map(columns.index, few))

    def told(values: tuple[Any, ...]) -> Row:
        *known, pandaid = taken(values)
        value = known[0] if len(known) == 1 else sort_value(dict(zip(few, known, strict=False)), sort)
        return Row(place_in_memory(value, pandaid, sort.descending), pandaid, table, values)

    return told


def _page(selection: Selection, part: Part, size: int) -> QuerySet[Job]:
    rows = ORDERS[part.table].ordered(part.rows, selection)[:size]
    return _near_edge(selection, part, size, rows) if _sorts_the_window(selection, part.table) else rows


def _sorts_the_window(selection: Selection, table: type[Job]) -> bool:
    """MySQL reads and sorts all of a window for its newest rows: no index has the pandaid after the time."""
    by_time = selection.sort[0].column == "modificationtime" and table is JobsArchived4
    filtered = any(True for _ in conjuncts(selection.condition))
    return by_time and not filtered and connections[ALIAS].vendor == "mysql"


def _near_edge(selection: Selection, part: Part, size: int, rows: QuerySet[Job]) -> QuerySet[Job]:
    """The page bounded by the time of its last row, which the index tells at once."""
    sort = selection.sort[0]
    direction = "-" if sort.descending else ""
    times = ORDERS[part.table].after(part.rows, selection).order_by(direction + sort.column)
    edge = next(tuples(EDGE, times.values_list(sort.column)[size - 1 : size]), None)
    if edge is None:
        return rows
    near = part.rows.filter(**{f"{sort.column}__{'gte' if sort.descending else 'lte'}": edge[0]})
    return ORDERS[part.table].ordered(near, selection)[:size]
