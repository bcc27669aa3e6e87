"""The document that a payload leaves with its job. Users' programs write it, so it may have any shape."""

import json
from math import isfinite
from typing import Any

DEEPEST = 50
"""Levels of objects and lists: documents that mean something have a few, and deeper ones end no recursion."""


def parsed(text: str) -> Any:
    """The document, None where the text is no JSON or goes too deep. Numbers that are not finite are None."""
    try:
        found = json.loads(text, parse_constant=lambda _word: None, parse_float=_number)
    except (ValueError, RecursionError):
        return None
    return found if _ends(found, DEEPEST) else None


def _number(digits: str) -> float | None:
    number = float(digits)
    return number if isfinite(number) else None


def _ends(value: Any, levels: int) -> bool:
    """Whether no more levels than these lie below."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_ends(part, levels - 1) for part in parts)
