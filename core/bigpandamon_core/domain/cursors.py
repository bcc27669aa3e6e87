"""The place after a row, as text that clients hand back unread."""

import base64
import binascii
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bigpandamon_core.domain.problems import Problem

Tie = int | str | tuple[int | str, ...]
Place = tuple[str | int | None, Tie]
"""What the row is ordered by, None where it is absent, and the key that orders equal ones."""
_LARGEST = 2**63 - 1
OF_THE_ROW = "@"
"""Stands for the value that the row of that key has, where it may not leave."""


def place(value: Any, tie: Tie) -> Place:
    """Times become ISO text, decimals text, durations whole microseconds; an empty text is absent."""
    if isinstance(value, datetime):
        return value.isoformat(), tie
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1), tie
    if isinstance(value, Decimal):
        return str(value), tie
    return (None if value == "" else value), tie


def write_cursor(value: Any, tie: Tie) -> str:
    """The place after a row that has this value to be ordered by."""
    return base64.urlsafe_b64encode(json.dumps(place(value, tie)).encode()).decode().rstrip("=")


def read_cursor(text: str) -> Place:
    """The place that a page of rows continues after.

    Raises:
        Problem: not a cursor that we gave.
    """
    try:
        value, tie = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise unreadable() from error
    tie = tuple(tie) if isinstance(tie, list) else tie
    parts = tie if isinstance(tie, tuple) else (tie,)
    if not all(map(_is_plain, parts)) or not (value is None or _is_plain(value)):
        raise unreadable()
    return value, tie


def unreadable() -> Problem:
    return Problem(
        "The place to continue from cannot be read",
        where="after",
        remedy="Follow the link of the previous page, or leave `after` out.",
        code="illegal-value",
        parameter="after",
    )


def _is_plain(value: object) -> bool:
    return _is_number(value) or _is_text(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _is_text(value: object) -> bool:
    """Text that a database takes: no lone surrogate, no NUL."""
    return isinstance(value, str) and not any(
        sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in value
    )
