"""The envelope of `/api/v1`: what the data are about, and where to go on."""

from typing import Any

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads.selected import Selected

PAGE_ROWS = 100
MOST_ROWS = 10_000


def meta(selected: Selected, **more: Any) -> dict[str, Any]:
    """What the data are about: window, moment, source, what was cut. more: what is told otherwise there, or
    beside."""
    window = selected.selection.window
    shown = None
    if window:
        shown = {"column": window.column, "from": iso(window.begin), "to": iso(window.end),
                 "bounds_active": window.bounds_active}  # fmt: skip
    return {
        "window": shown,
        "as_of": iso(selected.call.now),
        "source": "sql",
        "truncated": selected.truncated or None,
        "missing": selected.missing,
        "total": None,
        "cached": selected.call.grain_seconds > 0,
    } | more


def limit_of(selection: Selection) -> int:
    """How many rows a page has.

    Raises:
        Problem: more than MOST_ROWS are asked for.
    """
    limit = PAGE_ROWS if selection.limit is None else selection.limit
    if limit > MOST_ROWS:
        raise Problem(
            f"A page has at most {MOST_ROWS:,} rows",
            parameter="limit",
            code="illegal-value",
            remedy="Follow links.next from page to page, or ask for format=ndjson, which has no pages.",
        )
    return limit


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose absent texts are null."""
    return {name: None if value == "" else value for name, value in row.items()}


def links(selected: Selected, cursor: str = "") -> dict[str, Any]:
    """cursor: the place after the last row shown, where more follow."""
    selection, url = selected.selection, selected.call.url
    query = selection.query(**selection.absolute)
    found: dict[str, Any] = {"self": f"{url}?{selection.query()}", "next": None}
    if cursor:
        found["next"] = f"{url}?{query}&after={cursor}"
    return found
