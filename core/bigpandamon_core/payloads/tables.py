"""Small tables on pages about one record."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.columns import RIGHT

Row = Mapping[str, Any]
Fact = dict[str, Any]


def table(
    name: str, title: str, columns: tuple[Column, ...], rows: Iterable[Row], **more: str
) -> dict[str, Any]:
    """A table as a page shows it.

    name: of its place on the page. rows: by column name a value, or a cell that is made already. more: sub
    (beside the title), empty (what is said without rows), more and more_url (a link beside the title).
    """
    return {
        "id": name,
        "title": title,
        "columns": [
            {"title": one.title, "align": "right" if one.kind in RIGHT else "left"} for one in columns
        ],
        "rows": [{"cells": [_cell(one, row.get(one.name)) for one in columns]} for row in rows],
        "empty": "There is nothing.",
    } | more


def _cell(column: Column, value: Any) -> Cell:
    return value if isinstance(value, dict) else cell(column.kind, value)


def state_cell(state: object, group: str, url: str = "") -> Cell:
    """A state in its colour."""
    return cell("state", state or "unknown", url) | {"state": state, "group": group}


def fact(label: str, text: Any, url: str = "", note: str = "", bad: bool = False) -> Fact:
    absent = text in (None, "")
    return {
        "label": label,
        "text": "" if absent else str(text),
        "url": "" if absent else url,
        "note": note,
        "bad": bad,
    }


def fact_groups(groups: Mapping[str, list[Fact]]) -> list[dict[str, Any]]:
    """Facts under their titles, as far as any of them is known."""
    told = {title: rows for title, rows in groups.items() if any(row["text"] for row in rows)}
    return [{"title": title, "rows": rows} for title, rows in told.items()]


def moment_text(moment: datetime | None) -> str:
    """A moment as facts tell it."""
    return f"{moment:%d %b %Y %H:%M} UTC" if moment else ""


def plain(value: Any) -> Any:
    """Times as text."""
    return iso(value) if hasattr(value, "strftime") else value


def all_fields(row: Row) -> list[dict[str, Any]]:
    """Every column of a record with its value."""
    return [
        {"name": name, "value": plain(value)}
        for name, value in sorted(row.items())
        if not name.startswith("_")
    ]
