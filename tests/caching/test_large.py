"""Entries beyond memcached's limit, as files: sealed, bounded, and never in the way of a newer one."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from pymemcache.client.base import Client  # type: ignore[import-untyped]  # it carries no types

from bigpandamon_core.caching.entry import Entry, sealed
from bigpandamon_core.caching.large import Large
from bigpandamon_core.caching.memcached import Memcached, Servers
from bigpandamon_core.caching.store import Event
from tests.caching.questions import QUESTION, SECRET, entry
from tests.services.memcached import Memcached as Server
from tests.services.process import started

KEY = QUESTION.key(SECRET)
MEGABYTE = 1024 * 1024


@pytest.fixture
def noticed() -> Counter[Event]:
    return Counter()


@pytest.fixture
def large(tmp_path, noticed) -> Large:
    return Large(tmp_path / "large", 10_000, SECRET, lambda event: noticed.update([event]))


def key(number: int) -> str:
    return f"{number:032x}"


def put(large: Large, number: int, size: int = 2000) -> bool:
    kept = large.put(key(number), sealed(entry(b"x" * size), key(number), SECRET))
    if kept:
        os.utime(large.folder / key(number), ns=(number, number))
    return kept


def test_what_was_put_is_found(large, noticed):
    assert put(large, 1)
    assert large.get(key(1)) == entry(b"x" * 2000)
    assert large.get(key(2)) is None
    assert noticed == {Event.LARGE: 1}


def test_the_oldest_go_when_there_is_no_room(large, noticed):
    for number in range(1, 9):
        assert put(large, number)
        sizes = [path.stat().st_size for path in large.folder.iterdir()]
        assert sum(sizes) <= 10_000
    assert [number for number in range(1, 9) if large.get(key(number))] == [5, 6, 7, 8]
    assert noticed[Event.EVICTED] == 4


def test_what_leaves_no_room_at_all_is_not_kept(large, noticed):
    assert put(large, 1)
    assert not put(large, 2, 10_000)
    assert large.get(key(1))
    assert noticed == {Event.LARGE: 1, Event.TOO_LARGE: 1}


@pytest.mark.parametrize("found", [b"", b"poison", sealed(entry(), key(2), SECRET)])
def test_other_content_is_no_entry(large, noticed, found):
    put(large, 1)
    (large.folder / key(1)).write_bytes(found)
    assert large.get(key(1)) is None
    assert noticed[Event.FOREIGN] == 1


def test_a_folder_that_cannot_be_written_is_counted(tmp_path, noticed):
    (tmp_path / "file").write_text("in the way")
    unwritable = Large(tmp_path / "file" / "large", 10_000, SECRET, lambda event: noticed.update([event]))
    assert not put(unwritable, 1)
    assert noticed == {Event.FAILED: 1}


# --- behind memcached


@pytest.fixture(scope="module")
def usual_server() -> Iterator[Server]:
    """With memcached's usual limit of one megabyte an item."""
    server = started(lambda: Server(item_megabytes=1))
    yield server
    server.remove()


@pytest.fixture
def store(usual_server, tmp_path, noticed) -> Memcached:
    Client(usual_server.address).flush_all(noreply=False)

    def notice(event: Event) -> None:
        noticed.update([event])

    behind = Large(tmp_path / "large", 10 * MEGABYTE, SECRET, notice)
    return Memcached(Servers((usual_server.address,), "panda", 600), SECRET, notice, behind)


def sized(megabytes: float, mark: bytes = b"x") -> Entry:
    return entry(mark * int(megabytes * MEGABYTE))


@pytest.mark.services
def test_what_exceeds_an_item_is_kept_here(store, noticed):
    store.put(KEY, QUESTION, sized(2))
    assert store.get(KEY, QUESTION) == sized(2)
    assert noticed == {Event.LARGE: 1}


@pytest.mark.services
@pytest.mark.parametrize("sizes", [(0.1, 2), (2, 0.1), (2, 3), (0.1, 0.2)])
def test_the_newest_is_found_whatever_its_size(store, sizes):
    for size in sizes:
        store.put(KEY, QUESTION, sized(size))
        assert store.get(KEY, QUESTION) == sized(size)


@pytest.mark.services
def test_what_finds_no_room_leaves_the_older_one(store, noticed):
    """What is found is judged by its age; here the older one is still the last good answer."""
    store.put(KEY, QUESTION, sized(0.1))
    store.put(KEY, QUESTION, sized(20))
    assert store.get(KEY, QUESTION) == sized(0.1)
    assert noticed == {Event.KEPT: 1, Event.TOO_LARGE: 1}
