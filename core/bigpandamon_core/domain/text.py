"""The rules for comparing and showing text, in one place.

Exact means equal code points. Ignoring case folds ASCII letters only, because that is what every database
can do alike. An empty text and NULL are one value, shown as "Not specified". Order is by code points.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches

NOT_SPECIFIED = "Not specified"
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What no text of a database holds: NUL and halves of surrogate pairs."""
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def fold(text: str) -> str:
    """Upper-case the ASCII letters, leave everything else."""
    return text.translate(_UPPER)


def is_absent(value: object) -> bool:
    return value is None or value == ""


def matches(pieces: tuple[str, ...], text: str) -> bool:
    """Whether the text consists of the pieces in order with anything between them.

    ("a", "b") is `a*b`: starts with a and ends with b; ("", "a", "") contains a; ("a",) equals a.
    """
    first, *others = pieces
    if not others:
        return text == first
    *inner, last = others
    reached = len(first) if text.startswith(first) else -1
    for piece in inner:
        found = text.find(piece, reached) if reached >= 0 else -1
        reached = found + len(piece) if found >= 0 else -1
    return 0 <= reached <= len(text) - len(last) and text.endswith(last)


def nearest(text: str, known: Iterable[str]) -> str:
    """The known text that was probably meant, "" if none is like it."""
    return next(iter(near(text, known, 1)), "")


def near(text: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known texts that may have been meant, most likely first."""
    by_folded = {fold(one): one for one in known}
    return [by_folded[found] for found in get_close_matches(fold(text), by_folded, most)]


def cut(text: str, length: int) -> str:
    """The text, or its first `length` characters and three dots."""
    return text if len(text) <= length else text[:length] + "..."


def is_storable(value: object, room: int) -> bool:
    """Whether it is a text that every database takes in a column of so many characters."""
    return isinstance(value, str) and len(value) <= room and not UNSTORABLE.search(value)
