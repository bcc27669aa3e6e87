"""Cells of tables on pages."""

from typing import Any

Cell = dict[str, Any]


def cell(kind: str, value: Any, url: str = "") -> Cell:
    """One cell of a table; what is absent has neither text nor link."""
    absent = value in (None, "")
    return {"kind": kind, "value": value, "text": "" if absent else str(value), "url": "" if absent else url}
