"""The right to make an entry: one maker at a time, in all processes that share a store."""

import fcntl
from collections.abc import Callable
from pathlib import Path

Release = Callable[[], None]
"""Ends a right. Its holder calls it once."""


def unshared() -> None:
    """The release of a right that no other process minds."""


def claimed(path: Path) -> Release | None:
    """The right that stands for a file, None while somebody has it; it ends with its holder's process.

    Raises:
        OSError: the file cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file.close
