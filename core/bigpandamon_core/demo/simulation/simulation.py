"""A simulation on a database: begun or resumed, given a history, kept alive."""

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.backends.base.base import BaseDatabaseWrapper

from bigpandamon_core.demo.simulation import position, requests
from bigpandamon_core.demo.simulation.position import Position
from bigpandamon_core.demo.simulation.profile import Profile
from bigpandamon_core.demo.simulation.statements import family_tables
from bigpandamon_core.demo.simulation.world import World
from bigpandamon_core.demo.simulation.writer import Writer, mark_stored

SLICE = timedelta(hours=4)
"""How much of a history is held in memory and written at once."""
GARBAGE = (200_000, 20, 50)
"""Rows are many, small and long-lived: Python's collector need not look through them all the time."""

Progress = Callable[[datetime, int], None]


@dataclass(slots=True)
class Simulation:
    """world: at the moment up to which the database has everything."""

    world: World
    writer: Writer
    position: Position

    def until(self, moment: datetime, told: Progress | None = None) -> int:
        """Let the world go on and write what happened. Returns rows written."""
        written = 0
        while (reached := self.world.agenda.exact) < moment:
            upto = min(moment, reached + SLICE)
            self.world.agenda.advance(upto)
            save = partial(self.position.save, reached=upto)
            written += self.writer.write(self.world.changes.take(), save)
            if told is not None:
                told(upto, written)
        return written

    def hasten(self, speed: float) -> None:
        """From now on `speed` simulated seconds pass in a second; times stay those of the clock."""
        current = self.position.speeds[-1][1] if self.position.speeds else 1.0
        if speed == current:
            return
        self.world.agenda.hasten(speed)
        self.position.speeds.append((self.world.agenda.exact.isoformat(), speed))


def begin(
    connection: BaseDatabaseWrapper, profile: Profile, seed: int, start: datetime, jobs_per_day: float
) -> Simulation:
    """A new world whose first moment is `start`. Tables that its PanDA lacks are taken away."""
    gc.set_threshold(*GARBAGE)
    take_away(connection, profile.absent)
    place = Position(position.recipe(profile), seed, start.isoformat(), jobs_per_day)
    position.keep(connection, place)
    return Simulation(_young(profile, place), Writer(connection, profile.absent), place)


def take_away(connection: BaseDatabaseWrapper, absent: Iterable[str]) -> None:
    """Drop the tables of families."""
    with connection.cursor() as cursor:
        for model in (model for family in absent for model in family_tables(family)):
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(model._meta.db_table)}")


def resume(connection: BaseDatabaseWrapper, profile: Profile, place: Position) -> Simulation:
    """The world whose position the database keeps: lived again, without writing, up to there.

    Raises Problem if profile or program are not those that began it.
    """
    gc.set_threshold(*GARBAGE)
    place.require(profile)
    world = _young(profile, place)
    for since, speed in place.speeds:
        _relive(world, datetime.fromisoformat(since))
        world.agenda.hasten(speed)
    _relive(world, datetime.fromisoformat(place.reached or place.start))
    return Simulation(world, Writer(connection, profile.absent), place)


def _young(profile: Profile, place: Position) -> World:
    world = World(profile, place.seed, datetime.fromisoformat(place.start), place.jobs_per_day)
    requests.begin(world)
    return world


def _relive(world: World, until: datetime) -> None:
    while world.agenda.exact < until:
        world.agenda.advance(min(until, world.agenda.exact + SLICE))
        mark_stored(world.changes.take())
