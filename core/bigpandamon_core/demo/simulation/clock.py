"""Simulated time: an agenda of what happens when. Nothing here knows what it is that happens."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from bigpandamon_core.demo.simulation.records import EPOCH

Action = Callable[[], None]


class Agenda:
    """Runs actions in the order of their time, those of one time in the order in which they were put down.

    moment: the simulated time in whole seconds, as PanDA's columns hold it. exact: with microseconds.
    """

    def __init__(self, start: datetime) -> None:
        self._planned: list[tuple[float, int, Action]] = []
        self._order = count()
        self._speed = 1.0
        self._set((start - EPOCH).total_seconds(), start)
        self._start = self.seconds

    def _set(self, seconds: float, exact: datetime) -> None:
        self.seconds = seconds
        self.exact = exact
        self.moment = exact.replace(microsecond=0)

    @property
    def hour(self) -> float:
        """Hours since the beginning."""
        return (self.seconds - self._start) / 3600

    def after(self, delay: float, action: Action) -> None:
        """Plan an action `delay` simulated seconds from now."""
        when = self.seconds + delay / self._speed
        heapq.heappush(self._planned, (when, next(self._order), action))

    def hasten(self, speed: float) -> None:
        """From now on `speed` seconds of life pass in each second, for what is planned already too."""
        ratio = self._speed / speed
        now = self.seconds
        self._planned = [(now + (when - now) * ratio, order, action) for when, order, action in self._planned]
        self._speed = speed

    def advance(self, until: datetime) -> None:
        """Let everything happen that is due, and leave the clock at `until`, which is not before now."""
        end = (until - EPOCH).total_seconds()
        while self._planned and self._planned[0][0] <= end:
            when, _, action = heapq.heappop(self._planned)
            self._set(when, EPOCH + timedelta(seconds=when))
            action()
        self._set(end, until)
