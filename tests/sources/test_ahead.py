"""Reading ahead: the same items, made in a thread that leaves nothing behind."""

import threading
from collections.abc import Iterator
from contextlib import closing
from time import monotonic, sleep

import pytest
from django.db import connections

from bigpandamon_core.sources.ahead import ahead
from bigpandamon_core.sources.reading import ALIAS, declare, recorded, written

NUMBER = declare("test.number", "A number.")
OWN = {
    "mysql": "SELECT CONNECTION_ID()",
    "postgresql": "SELECT pg_backend_pid()",
    "sqlite": "SELECT 1",
}
LEFT = {
    "mysql": "SELECT COUNT(*) FROM information_schema.processlist WHERE id = %s",
    "postgresql": "SELECT COUNT(*) FROM pg_stat_activity WHERE pid = %s",
}

PATIENCE_SECONDS = 10


def numbers(count: int) -> Iterator[tuple[int, str]]:
    for number in range(count):
        yield number, threading.current_thread().name


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("ahead")]


def test_all_items_come_in_their_order_from_one_thread():
    found = list(ahead(numbers(50)))
    assert [number for number, _ in found] == list(range(50))
    assert {name for _, name in found} == {"ahead_0"}
    assert threads() == []
    assert list(ahead(numbers(0))) == []


def test_what_fails_does_so_after_the_items_before():
    def failing():
        yield from range(3)
        raise OSError("gone")

    items = ahead(failing())
    assert [next(items) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(OSError, match="gone"):
        next(items)
    assert threads() == []


def test_whoever_leaves_early_leaves_no_thread():
    with closing(ahead(numbers(50))) as items:
        assert next(items)[0] == 0
    assert threads() == []


def test_statements_are_noted_and_their_connection_is_closed(panda):
    vendor = connections[ALIAS].vendor

    def asking():
        for _ in range(3):
            yield written(NUMBER, OWN[vendor])[0][0]

    with recorded() as statements:
        (number,) = set(ahead(asking()))
    assert [name for name, _ in statements.executed] == ["test.number"] * 3
    if vendor != "sqlite":
        assert number != written(NUMBER, OWN[vendor])[0][0]
        deadline = monotonic() + PATIENCE_SECONDS  # a server forgets a connection a little later
        while written(NUMBER, LEFT[vendor], (number,)) != [(0,)]:
            assert monotonic() < deadline
            sleep(0.05)
