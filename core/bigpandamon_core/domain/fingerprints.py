"""Messages of errors that say the same: what differs from job to job is replaced, the rest is compared."""

import hashlib
import re

VERSION = 1
"""To be raised with every change of the rules: fingerprints of different versions are not comparable."""
LONGEST = 240
"""So much of a message tells what it is about; what follows is often a log."""
_RULES = (
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"), "<time>"),
    (re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s'\",;)\]>]+", re.IGNORECASE), "<url>"),
    (re.compile(r"(?<![\w<])/(?:[\w.+:@=~-]+/)*[\w.+:@=~-]+/?"), "<path>"),
    (re.compile(r"\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\b(?=[\w.-]*\d{3})[A-Za-z_][\w-]*(?:\.[\w-]+)+"), "<name>"),
    (re.compile(r"\d+(?:\.\d+)?"), "#"),
)
"""In this order: identifiers and times before the numbers they hold, addresses before the paths in them,
names of files and hosts with at least three digits in a row, then whatever number is left."""


def normalised(text: str) -> str:
    """A message without what is of one job only: identifiers, times, paths, names of files, numbers."""
    told = " ".join(text[: 4 * LONGEST].split())
    for pattern, instead in _RULES:
        told = pattern.sub(instead, told)
    return told[:LONGEST]


def fingerprint(component: str, code: int | str, text: str) -> str:
    """Equal for messages of one error that say the same. text: normalised already."""
    whole = f"{VERSION}\n{component}\n{code}\n{text}"
    return f"{VERSION}-{hashlib.sha256(whole.encode()).hexdigest()[:16]}"
