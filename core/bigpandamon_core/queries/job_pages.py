"""Reading rows of jobs in the order of a selection: a page after a place, or all of them as they arrive."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from heapq import merge
from typing import Any

from bigpandamon_core.domain.selection import Selection, Sort
from bigpandamon_core.queries.job_order import EXPRESSIONS, ordered, sort_columns, sort_value, sorted_rows
from bigpandamon_core.queries.jobs import IDENTITY, Part, chunks_by_id, keep_newest, name_of, parts
from bigpandamon_core.sources.reading import CHUNK, declare, dicts

PAGE = declare("jobs.page", "Rows of jobs of a selection in its order.", binds=("selection", "cursor"), cap=0)
PAGE_WITHOUT_KEYSET = 100_000


def page(selection: Selection, columns: tuple[str, ...], limit: int, now: datetime) -> list[dict[str, Any]]:
    """At most `limit` rows in the selection's order, after its cursor. Rows carry `_table`."""
    found: dict[int, dict[str, Any]] = {}
    wanted = tuple(dict.fromkeys((*columns, *IDENTITY)))
    for chunk in chunks_by_id(selection):
        for part in parts(chunk, now):
            rows = ordered(part.rows, chunk, part.table)
            for row in dicts(PAGE, rows[:limit], wanted):
                keep_newest(found, row | {"_table": name_of(part.table)})
    return sorted_rows(found.values(), selection)[:limit]


def stream(
    selection: Selection, columns: tuple[str, ...], limit: int, now: datetime
) -> Iterator[dict[str, Any]]:
    """Up to `limit` rows in the selection's order as a merge of keyset pages of each table.

    No cursor is held between pages. Of a job that moves meanwhile the first row met is told: the newer one in
    the usual order, newest first.
    """
    wanted = tuple(dict.fromkeys((*columns, *IDENTITY, *sort_columns(selection))))
    sources = [_pages(chunk, part, wanted) for chunk in chunks_by_id(selection) for part in parts(chunk, now)]
    descending = selection.sort[0].descending
    seen: set[int] = set()
    for row in merge(*sources, key=lambda row: _merge_key(row, selection.sort[0]), reverse=descending):
        if len(seen) == limit:
            return
        if row["pandaid"] not in seen:
            seen.add(row["pandaid"])
            yield row


def _merge_key(row: dict[str, Any], sort: Sort) -> tuple[bool, Any, int]:
    """Absent values last in both directions, ties by falling pandaid."""
    value = sort_value(row, sort)
    absent = value in (None, "")
    pandaid = row["pandaid"] if sort.descending else -row["pandaid"]
    return absent is not sort.descending, 0 if absent else value, pandaid


def _pages(selection: Selection, part: Part, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """All rows of one table, a keyset page at a time; an order without keyset is read in one go."""
    sort = selection.sort[0]
    size = CHUNK if sort.column not in EXPRESSIONS else PAGE_WITHOUT_KEYSET
    while True:
        rows = dicts(PAGE, ordered(part.rows, selection, part.table)[:size], columns)
        yield from (row | {"_table": name_of(part.table)} for row in rows)
        if len(rows) < size or sort.column in EXPRESSIONS:
            return
        last = rows[-1]
        selection = replace(selection, after=(_plain(sort_value(last, sort)), last["pandaid"]))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value or None
