"""Reading ahead: what comes next is read while what came before is used."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

from django.db import connections

from bigpandamon_core.sources.reading import ALIAS

Item = TypeVar("Item")
_END: Any = object()


def ahead(items: Iterator[Item]) -> Generator[Item]:
    """The same items. One thread, with a connection of its own, makes each while the one before is used."""
    context = copy_context()

    def following() -> Item:
        return context.run(lambda: next(items, _END))

    with ThreadPoolExecutor(1, "ahead") as thread:
        try:
            coming = thread.submit(following)
            while (item := coming.result()) is not _END:
                coming = thread.submit(following)
                yield item
        finally:
            thread.submit(_close)


def _close() -> None:
    connections[ALIAS].close()
