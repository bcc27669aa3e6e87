"""Reading rows of jobs in the order of a selection: a page after a place, or all of them as they arrive."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from bigpandamon_core.domain.conditions import conjuncts
from bigpandamon_core.domain.cursors import OF_THE_ROW, place, unreadable
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.jobs import Job, JobsArchived4
from bigpandamon_core.panda.periods import LIVE
from bigpandamon_core.queries.chunks import chunks_by_id
from bigpandamon_core.queries.job_doubles import outdated_rows
from bigpandamon_core.queries.job_order import ANY, ORDERS, sort_columns, sort_value
from bigpandamon_core.queries.jobs import IDENTITY, Part, name_of, one, parts
from bigpandamon_core.sources.reading import ALIAS, CHUNK, declare, dicts, snapshot, tuples

PAGE = declare("jobs.page", "Rows of jobs in order.", binds=("selection", "cursor"), cap=CHUNK)
EDGE = declare("jobs.page_edge", "Time of the last row of a page.", binds=("selection", "cursor"), cap=1)
FEWEST, AT_ONCE = 50, 1000
"""Rows of one table that are held at once: of all columns a thousand take some 10 MB."""


def page(selection: Selection, columns: tuple[str, ...], limit: int, now: datetime) -> list[dict[str, Any]]:
    """At most `limit` rows in the selection's order, after its cursor. Rows carry `_table`."""
    return list(stream(selection, columns, limit, now))


def stream(
    selection: Selection, columns: tuple[str, ...], limit: int | None, now: datetime
) -> Iterator[dict[str, Any]]:
    """As page, row by row: a merge of keyset pages of each table, in flat memory. limit: None for all.

    Each page is read at one moment and no cursor is held between pages. Of a job that moves meanwhile the row
    met first is told.
    """
    if limit == 0:
        return iter(())
    selection = _placed(selection)
    wanted = tuple(dict.fromkeys((*columns, *IDENTITY, *sort_columns(selection))))
    sources = [(chunk, part) for chunk in chunks_by_id(selection) for part in parts(chunk, now)]
    size = at_once = AT_ONCE if limit is None else min(AT_ONCE, limit)
    if len(sources) > 4:
        size = max(size // len(sources), FEWEST)
    moving = Moving()
    pages = [_rows(chunk, part, wanted, size, moving) for chunk, part in sources]
    sort = selection.sort[0]
    rows = merge(*pages, key=lambda row: ANY.in_memory(row, sort), reverse=sort.descending)
    return islice(filter(moving.is_first, _current(rows, at_once)), limit)


def _current(rows: Iterable[dict[str, Any]], size: int) -> Iterator[dict[str, Any]]:
    """Those of which no other table tells something newer; so many are looked up at once."""
    rows = iter(rows)
    while some := list(islice(rows, size)):
        older = outdated_rows((row["pandaid"], row["_table"]) for row in some)
        yield from (row for row in some if (row["pandaid"], row["_table"]) not in older)


class Moving:
    """Which jobs of a stream may be met again: those that were read from a live table, for only they move on
    to another page. Ended jobs, which are most, are not remembered.
    """

    def __init__(self) -> None:
        self._told: dict[int, bool] = {}

    def note(self, rows: Iterable[dict[str, Any]]) -> None:
        """Rows of a live table, as soon as they are read."""
        for row in rows:
            self._told.setdefault(row["pandaid"], False)

    def is_first(self, row: dict[str, Any]) -> bool:
        """Whether the row's job has not been told; from now on it has."""
        told = self._told.get(row["pandaid"])
        if told is False:
            self._told[row["pandaid"]] = True
        return not told


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
    selection: Selection, part: Part, columns: tuple[str, ...], size: int, moving: Moving
) -> Iterator[dict[str, Any]]:
    """All rows of one table, a keyset page at a time."""
    sort = selection.sort[0]
    while True:
        with snapshot():
            rows = dicts(PAGE, _page(selection, part, size), columns)
        if part.table in LIVE:
            moving.note(rows)
        name = name_of(part.table)
        for row in rows:
            row["_table"] = name
            yield row
        if len(rows) < size:
            return
        selection = replace(selection, after=place(sort_value(rows[-1], sort), rows[-1]["pandaid"]))


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
