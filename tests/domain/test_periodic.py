"""When a task is due."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.periodic import PeriodicTask

NOON = datetime(2026, 3, 1, 12, 0, 0)
MINUTE = timedelta(minutes=1)


def task(every_seconds: int) -> PeriodicTask:
    return PeriodicTask("test", "A test.", every_seconds, lambda _turn: "")


@pytest.mark.parametrize(
    ("next_run", "due"),
    [
        (None, True),
        (NOON, True),
        (NOON - 10 * MINUTE, True),
        (NOON + timedelta(seconds=1), False),
        (NOON + 5 * MINUTE, False),
        (NOON + 6 * MINUTE, True),
        (NOON + timedelta(days=400), True),
    ],
)
def test_when_it_is_due(next_run, due):
    assert task(300).is_due(next_run, NOON) is due


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)),
    st.integers(10, 7 * 86_400),
    st.floats(0, 0.999),
)
def test_it_runs_once_in_each_of_its_periods(moment, every, part):
    chosen = task(every)
    coming = chosen.next_run(moment)
    assert timedelta(0) < coming - moment <= timedelta(seconds=every)
    assert (coming - datetime(1970, 1, 1)) % timedelta(seconds=every) == timedelta(0)
    assert not chosen.is_due(coming, moment + (coming - moment) * part)
    assert chosen.is_due(coming, coming)
