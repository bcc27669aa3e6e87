"""Rules about files of data sets: what follows from a file's columns."""

from collections.abc import Mapping
from typing import Any

from bigpandamon_core.domain.tasks import INPUTS

STATES = tuple(
    """pending staging defined ready picked running transferring merging partial finished failed missing lost
    corrupted nooutput skipped cancelled""".split()
)
UNKNOWN = -1
"""What programs read for a number that is not known."""


def is_given_up(file: Mapping[str, Any]) -> bool:
    """Whether an input will not be tried again though its state still says ready."""
    if file["type"] not in INPUTS or file["status"] != "ready":
        return False
    return _reached(file["attemptnr"], file["maxattempt"]) or _reached(
        file["failedattempt"], file["maxfailure"]
    )


def _reached(count: int | None, most: int | None) -> bool:
    return bool(most) and (count or 0) >= (most or 0)


def event_range(file: Mapping[str, Any]) -> tuple[int, int]:
    """First and last event, counted from 1; UNKNOWN for what is not told."""
    begin, end = (file.get(name) for name in ("startevent", "endevent"))
    return (UNKNOWN if begin is None else begin + 1), (UNKNOWN if end is None else end + 1)


def event_count(file: Mapping[str, Any]) -> int:
    """Events from its first to its last; as many as it is said to have where these are not told."""
    begin, end = event_range(file)
    return end - begin + 1 if UNKNOWN not in (begin, end) else file["nevents"] or 0
