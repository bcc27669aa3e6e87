"""The rules for comparing and showing text, in one place.

Exact means equal code points. Ignoring case folds ASCII letters only, because that is what every database
can do alike. An empty text and NULL are one value, shown as "Not specified". Order is by code points.
"""

import re

NOT_SPECIFIED = "Not specified"
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
    return re.fullmatch(".*".join(re.escape(piece) for piece in pieces), text, re.DOTALL) is not None


def cut(text: str, length: int) -> str:
    """The text, or its first `length` characters and three dots."""
    return text if len(text) <= length else text[:length] + "..."
