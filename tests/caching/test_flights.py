"""Single flight: one makes it, the others wait; nobody waits for nothing."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Barrier, Event

import pytest

from bigpandamon_core.caching.flights import Flights
from bigpandamon_core.domain.problems import Problem

MANY = 12


class Slow:
    """Counts how often something was made."""

    def __init__(self, result: object = "made", error: Exception | None = None):
        self.result, self.error, self.times = result, error, 0

    def __call__(self) -> object:
        self.times += 1
        time.sleep(0.2)
        if self.error:
            raise self.error
        return self.result


def at_once(flights: Flights[object], make, key="key") -> list[object]:
    """What MANY callers get who come at the same time; an exception is a result, too."""
    gate = Barrier(MANY)

    def ask(_number: int) -> object:
        gate.wait()
        try:
            return flights.once(key, make)
        except Exception as error:
            return error

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(ask, range(MANY)))


def test_many_who_ask_at_once_get_what_one_makes():
    make = Slow()
    assert at_once(Flights(), make) == ["made"] * MANY
    assert make.times == 1


def test_a_problem_is_told_to_all_who_waited():
    make = Slow(error=Problem("down", status=503))
    found = at_once(Flights(), make)
    assert [str(error) for error in found] == ["down"] * MANY
    assert make.times == 1


def test_an_unexpected_failure_stays_with_the_one_who_met_it():
    make = Slow(error=ValueError("a bug"))
    found = at_once(Flights(), make)
    assert sum(isinstance(one, ValueError) for one in found) == 1
    assert found.count(None) == MANY - 1


def test_what_cannot_be_shared_everybody_makes():
    assert at_once(Flights(), Slow(result=None)) == [None] * MANY


def test_other_keys_do_not_wait():
    flights: Flights[str] = Flights()
    go, begun = Event(), Event()

    def long() -> str:
        begun.set()
        assert go.wait(5)
        return "long"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(flights.once, "one", long)
        assert begun.wait(5)
        assert flights.once("two", lambda: "short") == "short"
        go.set()
        assert first.result() == "long"


def test_nobody_waits_for_ever():
    flights: Flights[str] = Flights(wait_seconds=0.05)
    go, begun = Event(), Event()

    def stuck() -> str:
        begun.set()
        assert go.wait(5)
        return "late"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(flights.once, "key", stuck)
        assert begun.wait(5)
        assert flights.once("key", lambda: "not asked") is None
        go.set()
        assert first.result() == "late"


@pytest.mark.parametrize("error", [None, Problem("no"), ValueError("no")])
def test_after_a_flight_the_next_one_leads(error):
    flights: Flights[object] = Flights()
    make = Slow(error=error)
    for _ in range(2):
        with pytest.raises(type(error)) if error else nullcontext():
            flights.once("key", make)
    assert make.times == 2
