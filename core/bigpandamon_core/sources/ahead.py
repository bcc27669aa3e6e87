"""Reading ahead: what comes next is read while what came before is used."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

from django.db import connections

from bigpandamon_core.sources.reading import ALIAS, Statements, noted, recorded

Item = TypeVar("Item")
_END: Any = object()


def ahead(items: Iterator[Item], goes_on: Callable[[Item], bool] = lambda _: True) -> Generator[Item]:
    """The same items. One thread, with a connection of its own, makes each while the one before is used.

    goes_on: whether another is likely to be asked for after this one.
    """
    context = copy_context()

    def following() -> tuple[Item, Statements]:
        with recorded() as statements:
            return next(items, _END), statements

    with ThreadPoolExecutor(1, "ahead") as thread:

        def begun() -> Future[tuple[Item, Statements]]:
            return thread.submit(context.run, following)

        try:
            coming: Future[tuple[Item, Statements]] | None = begun()
            while coming:
                item, statements = coming.result()
                noted(statements)
                if item is _END:
                    return
                coming = begun() if goes_on(item) else None
                yield item
                coming = coming or begun()
        finally:
            thread.submit(_close)


def _close() -> None:
    connections[ALIAS].close()
