"""Leases: one holder, the next one soon after it is gone, and no word of one that was away for too long."""

from datetime import timedelta
from threading import Thread
from time import sleep

import pytest
from django.db import DatabaseError, connections, transaction

from bigpandamon_core.domain.window import now
from bigpandamon_core.state.imports import ImportedFile
from bigpandamon_core.state.leases import (
    Lease,
    LeaseLost,
    LeaseRow,
    acquire,
    fenced,
    holder_here,
    holders,
    release,
    renew,
)

pytestmark = pytest.mark.usefixtures("own")
LONG, SHORT = 60.0, 0.4


def held(name: str, holder: str, seconds: float = LONG) -> Lease:
    lease = acquire(name, holder, seconds)
    assert lease is not None
    return lease


def test_one_has_it():
    first = held("one", "ada")
    assert acquire("one", "bob", LONG) is None
    assert first.until - first.since == timedelta(seconds=LONG)
    assert held("another", "bob").holder == "bob"


def test_the_holder_renews_and_stays_the_same():
    first, again = held("one", "ada"), held("one", "ada", 2 * LONG)
    later = renew(again, 3 * LONG)
    assert {first.fence, again.fence, later.fence} == {first.fence}
    assert first.since == again.since == later.since
    assert first.until < again.until < later.until


def test_a_lapsed_one_goes_to_the_next_with_a_higher_fence():
    first = held("one", "ada", SHORT)
    sleep(SHORT)
    second = held("one", "bob")
    assert second.fence > first.fence
    with pytest.raises(LeaseLost, match="ada has lost the lease one"):
        renew(first, LONG)
    with pytest.raises(LeaseLost), fenced(first):
        pytest.fail("inside a lease that is lost")
    assert [lease.holder for lease in holders()] == ["bob"]


def test_a_lapsed_one_that_nobody_took_is_renewed():
    lease = held("one", "ada", SHORT)
    sleep(SHORT)
    assert holders() == []
    assert renew(lease, LONG).fence == lease.fence
    assert acquire("one", "bob", LONG) is None


def test_a_holder_that_comes_back_after_a_lapse_is_another_tenure():
    lease = held("one", "ada", SHORT)
    sleep(SHORT)
    again = held("one", "ada")
    assert again.fence > lease.fence
    with pytest.raises(LeaseLost), fenced(lease):
        pytest.fail("inside a lease that is lost")


def test_a_released_one_is_free_at_once():
    first = held("one", "ada")
    release(first)
    assert holders() == []
    second = held("one", "bob")
    release(first)
    assert [(lease.holder, lease.fence) for lease in holders()] == [("bob", second.fence)]


def test_who_holds_what():
    ada, bob = held("b", "ada"), held("a", "bob")
    held("c", "eve", 0)
    assert holders() == [bob, ada]


def test_what_is_written_inside_is_one_transaction():
    lease = held("one", "ada")
    with pytest.raises(DatabaseError), fenced(lease):
        _record("one", "one")
    assert not ImportedFile.objects.exists()
    with fenced(lease):
        _record("one")
    assert ImportedFile.objects.count() == 1


def _record(*names: str) -> None:
    """A file is known once: the same name twice is refused."""
    for name in names:
        ImportedFile.objects.create(name=name, first_imported=now(), last_imported=now())


def test_it_is_a_transaction_of_its_own():
    lease = held("one", "ada")
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), fenced(lease):
        pytest.fail("inside another transaction")


def test_while_the_holder_writes_nobody_takes_it_even_if_it_lapses():
    lease = held("one", "ada", SHORT)
    found: list[int | None] = []
    with fenced(lease):
        sleep(SHORT)
        contender = Thread(target=_try_from_another_thread, args=(found,))
        contender.start()
        contender.join(0.5)
        _record("one")
    contender.join()
    assert ImportedFile.objects.count() == 1
    # SQLite makes the contender wait for the writer, the others send it away.
    assert found == ([lease.fence + 1] if connections["default"].vendor == "sqlite" else [None])


def _try_from_another_thread(found: list[int | None]) -> None:
    lease = acquire("one", "bob", LONG)
    found.append(lease.fence if lease else None)
    connections.close_all()


@pytest.mark.parametrize(("days", "bob_has_it"), [(365, True), (-365, True), (0, False)])
def test_a_clock_that_was_set(days, bob_has_it):
    """An end beyond what the holder can have asked for holds nobody up."""
    lease = held("one", "ada")
    LeaseRow.objects.filter(name="one").update(until=lease.until + timedelta(days=days))
    assert (acquire("one", "bob", LONG) is not None) is bob_has_it


def test_no_two_processes_have_one_name():
    assert holder_here() != holder_here()
    assert len(holder_here()) <= 200
