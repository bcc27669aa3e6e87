"""Single flight: of requests that want the same at the same time one makes it, the others wait for it."""

from collections.abc import Callable
from threading import Event, Lock
from typing import Generic, TypeVar

from bigpandamon_core.domain.problems import Problem

Made = TypeVar("Made")
WAIT_SECONDS = 60.0


class _Flight(Generic[Made]):
    def __init__(self) -> None:
        self.landed = Event()
        self.made: Made | None = None
        self.problem: Problem | None = None


class Flights(Generic[Made]):
    """Those under way in this process, by key."""

    def __init__(self, wait_seconds: float = WAIT_SECONDS) -> None:
        self._under_way: dict[str, _Flight[Made]] = {}
        self._lock = Lock()
        self._wait_seconds = wait_seconds

    def once(self, key: str, make: Callable[[], Made | None]) -> Made | None:
        """What `make` gives, made by this call or by one under way. None: it cannot be shared, or the one
        under way failed in an unexpected way or takes too long, so that each has to make its own.

        Raises:
            Problem: that of `make`, told to all who waited.
        """
        with self._lock:
            flight = self._under_way.get(key)
            leads = flight is None
            if flight is None:
                flight = self._under_way[key] = _Flight()
        return self._lead(key, flight, make) if leads else self._wait(flight)

    def _lead(self, key: str, flight: _Flight[Made], make: Callable[[], Made | None]) -> Made | None:
        try:
            flight.made = make()
        except Problem as problem:
            flight.problem = problem
            raise
        finally:
            with self._lock:
                del self._under_way[key]
            flight.landed.set()
        return flight.made

    def _wait(self, flight: _Flight[Made]) -> Made | None:
        flight.landed.wait(self._wait_seconds)
        if flight.problem is not None:
            raise flight.problem
        return flight.made
