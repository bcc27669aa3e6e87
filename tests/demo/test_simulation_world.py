"""A world is a pure function of its seed, whatever the steps."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bigpandamon_core.demo.simulation.clock import Agenda
from bigpandamon_core.demo.simulation.people import Users
from tests.demo.worlds import START, Simulated

pytestmark = pytest.mark.once


def test_steps_do_not_matter():
    at_once, bit_by_bit = Simulated().run(hours=6), Simulated().run(hours=6, step_hours=0.011)
    assert at_once.digest() == bit_by_bit.digest()


def test_another_seed_is_another_world():
    assert Simulated(seed=1).run(hours=2).digest() != Simulated(seed=2).run(hours=2).digest()


def test_actions_happen_in_the_order_of_their_time():
    agenda = Agenda(START)
    done: list[Any] = []
    for delay in (30, 10, 20, 10.5, 10):
        agenda.after(delay, partial(_note, agenda, done, delay))
    agenda.advance(START + timedelta(seconds=25))
    assert [delay for delay, _ in done] == [10, 10, 10.5, 20]
    assert done[2][1] == START + timedelta(seconds=10.5)
    assert agenda.exact == START + timedelta(seconds=25)


def _note(agenda: Agenda, done: list[tuple[float, datetime]], delay: float) -> None:
    done.append((delay, agenda.exact))


def test_haste_holds_for_what_is_planned_too():
    agenda = Agenda(START)
    done: list[Any] = []
    agenda.after(100, lambda: done.append("planned before"))
    agenda.advance(START + timedelta(seconds=20))
    agenda.hasten(8)
    agenda.after(88, lambda: done.append("planned after"))
    agenda.advance(START + timedelta(seconds=29.9))
    assert done == []
    agenda.advance(START + timedelta(seconds=30.1))
    assert done == ["planned before"]
    agenda.advance(START + timedelta(seconds=31.1))
    assert done == ["planned before", "planned after"]


def test_times_never_run_ahead_of_the_clock():
    simulated = Simulated().run(hours=1)
    simulated.world.agenda.hasten(30)
    simulated.run(hours=1)
    assert max(row["modificationtime"] for row in simulated.jobs()) <= START + timedelta(hours=2)
    started = Counter(row["creationtime"] < START + timedelta(hours=1) for row in simulated.jobs())
    assert started[False] > 5 * started[True]


def test_names_of_people_are_all_different():
    simulated = Simulated()
    users = Users(simulated.world.profile.enlarged(60), simulated.world.random)
    names = [person.name for person in users.everybody]
    assert len(set(names)) == len(names) == 64 * 60


def test_a_moment_is_whole_seconds():
    simulated = Simulated().run(hours=1)
    times = [value for row in simulated.jobs() for value in row.values() if isinstance(value, datetime)]
    assert {moment.microsecond for moment in times} == {0}
