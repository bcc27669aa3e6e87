"""What is read once for an answer, though several of its statements need it."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Found = TypeVar("Found")
_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known_for_an_answer", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """One answer is made inside."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def remembered(key: Hashable, read: Callable[[], Found]) -> Found:
    """What was read for this answer by that key, or is now; outside of answers it is read each time."""
    known = _known.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    found: Found = known[key]
    return found
