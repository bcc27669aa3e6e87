"""memcached: shared, limited, sometimes dead, and not to be believed."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from pymemcache.client.base import Client  # type: ignore[import-untyped]  # it carries no types

from bigpandamon_core.caching.entry import sealed
from bigpandamon_core.caching.keys import secret_of
from bigpandamon_core.caching.memcached import DEAD_SECONDS, Memcached, Servers
from bigpandamon_core.caching.store import Event
from tests.caching.questions import QUESTION, SECRET, entry, question
from tests.services.memcached import Memcached as Server
from tests.services.process import HOST, free_port, started

pytestmark = pytest.mark.services
KEY = QUESTION.key(SECRET)
MEGABYTE = 1024 * 1024


@pytest.fixture
def noticed() -> Counter[Event]:
    return Counter()


@pytest.fixture
def store(memcached_server, noticed) -> Iterator[Memcached]:
    yield made(noticed, memcached_server.address)
    Client(memcached_server.address).flush_all(noreply=False)


def made(noticed: Counter[Event], *servers: str, prefix: str = "panda", secret: bytes = SECRET) -> Memcached:
    return Memcached(Servers(servers, prefix, 600), secret, lambda event: noticed.update([event]))


def test_what_was_put_is_found_by_every_process(store, memcached_server, noticed):
    store.put(KEY, QUESTION, entry(b"x" * 5000))
    assert made(noticed, memcached_server.address).get(KEY, QUESTION) == entry(b"x" * 5000)
    assert noticed == {Event.KEPT: 1}


def test_a_lifetime_of_more_than_a_month_is_not_taken_for_a_date(memcached_server, noticed):
    store = Memcached(Servers((memcached_server.address,), "long", 90 * 86_400), SECRET)
    store.put(KEY, QUESTION, entry())
    assert store.get(KEY, QUESTION) == entry()


def test_nothing_there_is_nothing_found(store, noticed):
    assert store.get(KEY, QUESTION) is None
    assert not noticed


def test_instances_on_one_server_do_not_meet(store, memcached_server, noticed):
    store.put(KEY, QUESTION, entry())
    assert made(noticed, memcached_server.address, prefix="other").get(KEY, QUESTION) is None


@pytest.mark.parametrize("found", [b"", b"poison", b"\x80\x04\x95pickle", b"<html>" * 100])
def test_foreign_bytes_are_ignored(store, memcached_server, noticed, found):
    Client(memcached_server.address).set(f"panda:{KEY}", found, noreply=False)
    assert store.get(KEY, QUESTION) is None
    assert noticed == {Event.FOREIGN: 1}


@pytest.mark.parametrize(("key", "secret"), [(KEY, secret_of("stolen")), ("f" * 32, SECRET)])
def test_entries_of_another_secret_or_key_are_ignored(store, memcached_server, noticed, key, secret):
    Client(memcached_server.address).set(f"panda:{KEY}", sealed(entry(), key, secret), noreply=False)
    assert store.get(KEY, QUESTION) is None
    assert noticed == {Event.FOREIGN: 1}


def test_only_bytes_are_stored(store, memcached_server):
    store.put(KEY, QUESTION, entry(b"plain body"))
    stored = Client(memcached_server.address).get(f"panda:{KEY}")
    assert stored == sealed(entry(b"plain body"), KEY, SECRET)


@pytest.mark.parametrize(("megabytes", "fits"), [(7, True), (9, False)])
def test_the_limit_is_the_one_the_server_tells(store, noticed, megabytes, fits):
    store.put(KEY, QUESTION, entry(b"x" * megabytes * MEGABYTE))
    assert (store.get(KEY, QUESTION) is not None) == fits
    assert noticed == {Event.KEPT if fits else Event.TOO_LARGE: 1}


def test_a_server_with_the_usual_limit(noticed):
    server = started(lambda: Server(item_megabytes=1))
    try:
        store = made(noticed, server.address)
        store.put(KEY, QUESTION, entry(b"x" * (MEGABYTE - 100)))
        store.put(KEY, QUESTION, entry(b"x" * (MEGABYTE - 2000)))
        assert noticed == {Event.TOO_LARGE: 1, Event.KEPT: 1}
    finally:
        server.remove()


def test_a_dead_server_is_a_miss_and_no_error(noticed):
    store = made(noticed, f"{HOST}:{free_port()}")
    begun = time.monotonic()
    for _ in range(20):
        store.put(KEY, QUESTION, entry())
        assert store.get(KEY, QUESTION) is None
    assert time.monotonic() - begun < 2
    assert noticed == {Event.FAILED: 40}


def test_a_silent_server_costs_one_wait(memcached_server, fault_proxy, noticed):
    proxy = fault_proxy(memcached_server.port)
    store = made(noticed, f"{HOST}:{proxy.port}")
    store.put(KEY, QUESTION, entry())
    proxy.stall()
    begun = time.monotonic()
    for _ in range(20):
        assert store.get(KEY, QUESTION) is None
    assert time.monotonic() - begun < 2


def test_of_two_servers_the_living_one_takes_over(memcached_server, noticed):
    store = made(noticed, memcached_server.address, f"{HOST}:{free_port()}")
    asked = [question(parameters=(("pandaid", str(number)),)) for number in range(20)]
    for _ in range(2):
        for one in asked:
            store.put(one.key(SECRET), one, entry())
    assert all(store.get(one.key(SECRET), one) for one in asked)
    assert noticed[Event.FAILED] == 1


@pytest.mark.slow
def test_a_server_that_comes_back_is_used_again(noticed):
    server = started(Server)
    try:
        store = made(noticed, server.address)
        server.process.kill()
        assert store.get(KEY, QUESTION) is None
        server.start()
        time.sleep(DEAD_SECONDS + 0.5)
        store.get(KEY, QUESTION)
        store.put(KEY, QUESTION, entry())
        assert store.get(KEY, QUESTION) == entry()
    finally:
        server.remove()


def test_it_tells_which_servers_answer(memcached_server, noticed):
    dead = f"{HOST}:{free_port()}"
    state = made(noticed, memcached_server.address, dead).state()
    assert state == {"kind": "memcached", "servers": {memcached_server.address: True, dead: False}}
