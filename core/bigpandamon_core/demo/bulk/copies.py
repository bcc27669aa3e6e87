"""Copies of a simulated day: each with its own numbers and people, together spread over the wanted time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random

from bigpandamon_core.demo.bulk.pool import Pool
from bigpandamon_core.demo.bulk.templates import Copy, Template, line, second_of, template
from bigpandamon_core.demo.simulation.records import Row

YOUNGER_SECONDS = 1800
"""Live jobs of the copies are moved back by up to so much."""


@dataclass(frozen=True)
class Copies:
    """window: the time over which ended jobs are spread. The first copy is the original itself."""

    pool: Pool
    window: timedelta
    seed: int

    @cached_property
    def stamps(self) -> list[str]:
        """The text of every second that a row may need."""
        last = second_of(self.pool.end) - self._origin + 1
        return [str(self._first + timedelta(seconds=second)) for second in range(last)]

    @cached_property
    def _first(self) -> datetime:
        return self.pool.begin.replace(microsecond=0) - self.window - timedelta(seconds=YOUNGER_SECONDS)

    @cached_property
    def _origin(self) -> int:
        return second_of(self._first)

    def templates(self, rows: Sequence[Row], columns: Sequence[str]) -> list[Template]:
        return [template(row, columns, self.pool.people) for row in rows]

    def copy(self, number: int) -> Copy:
        offsets = {name: span * number for name, span in self.pool.spans.items()}
        people = {person.nick: person for person in self.pool.people.values()}
        if number:
            random = Random(f"{self.seed} {number}")
            people = {nick: self.pool.world.users.choose(random) for nick in people}
        return Copy(offsets, people)

    def ended(self, templates: Sequence[Template], number: int, share: float) -> Iterator[str]:
        """The rows of a copy, moved by a share of the window and around its end to its begin."""
        copy, stamps, window = self.copy(number), self.stamps, int(self.window.total_seconds())
        begin = second_of(self.pool.end) - window + 1
        shift = int(share * window) - begin
        for each in templates:
            moved = begin + (each.moment + shift) % window
            yield line(each, copy, stamps, moved - each.moment - self._origin)

    def alive(self, templates: Sequence[Template], number: int, _share: float = 0) -> Iterator[str]:
        """The rows of a copy, each moved back a little."""
        copy, random = self.copy(number), Random(f"{self.seed} alive {number}")
        for each in templates:
            back = random.randrange(YOUNGER_SECONDS) if number else 0
            yield line(each, copy, self.stamps, -self._origin - back)
