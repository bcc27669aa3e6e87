"""Long answers as they are made: a few at a time, each ended properly whoever stops it."""

from collections.abc import Generator, Iterator
from functools import cache
from threading import BoundedSemaphore

from django.conf import settings

from bigpandamon_core.domain.problems import unavailable
from bigpandamon_core.sources.reading import recorded
from bigpandamon_core.web.metrics import of_statements


@cache
def _places() -> BoundedSemaphore:
    """One limit per worker process."""
    return BoundedSemaphore(settings.BIGPANDAMON.get("web.streams_per_worker"))


class Stream:
    """The beginning of an answer and its rest. Closing gives its place back, also when nothing was read.

    Raises:
        Problem: from the constructor, 503: as many as may be are on their way already.
    """

    def __init__(self, begin: bytes, rest: Iterator[bytes]):
        self._places = _places()
        # pylint: disable-next=consider-using-with  # close gives it back
        if not self._places.acquire(blocking=False):
            if isinstance(rest, Generator):
                rest.close()
            raise unavailable("Too many long answers are on their way.", "Try again in a moment.", 10)
        self._open = True
        self._chunks = _counted(begin, rest)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        if self._open:
            self._open = False
            try:
                self._chunks.close()
            finally:
                self._places.release()


def _counted(begin: bytes, rest: Iterator[bytes]) -> Generator[bytes, None, None]:
    """The chunks; the statements behind them are counted when they end."""
    yield begin
    with recorded() as statements:
        try:
            yield from rest
        finally:
            of_statements(statements.executed)
