"""When the rest of a task may be done, and how numbers lie."""

from datetime import datetime, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.summaries.task_jobs import LEAST_ENDED, outlook, spread

NOW = datetime(2026, 3, 1, 12)
HOUR = timedelta(hours=1)


def every(minutes: int, count: int, until: datetime = NOW) -> list[datetime]:
    return [until - place * timedelta(minutes=minutes) for place in range(count)]


def test_a_steady_task_goes_on_as_before():
    seen = outlook(every(60, 41), remaining=40, now=NOW)
    assert seen is not None
    assert seen.latest is not None
    for moment in (seen.earliest, seen.latest):
        assert abs(moment - (NOW + 40 * HOUR)) < 2 * HOUR


def test_one_that_became_slow_has_a_wide_range():
    ended = [*every(6, 300, NOW - 10 * HOUR), NOW - HOUR]
    seen = outlook(ended, remaining=100, now=NOW)
    assert seen is not None
    assert seen.latest is not None
    assert seen.latest - NOW > 10 * (seen.earliest - NOW)


def test_of_one_that_stands_still_no_latest_moment_is_told():
    seen = outlook(every(6, 100, NOW - 30 * HOUR), remaining=100, now=NOW)
    assert seen is not None
    assert seen.latest is None
    assert seen.earliest > NOW


@pytest.mark.parametrize(("count", "remaining"), [(LEAST_ENDED - 1, 5), (20, 0), (20, -3)])
def test_nothing_is_told_of_too_little(count, remaining):
    assert outlook(every(60, count), remaining, NOW) is None


def test_what_ended_in_the_future_says_nothing():
    assert outlook([NOW + HOUR] * 10, 5, NOW) is None


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60))
def test_a_spread_lies_among_the_numbers(numbers):
    found = spread(numbers)
    tolerance = 1e-6
    assert found.count == len(numbers)
    assert min(numbers) - tolerance <= found.low <= found.median + tolerance
    assert found.median <= found.high + tolerance
    assert found.high <= max(numbers) + tolerance
    assert abs(found.median - median(numbers)) <= tolerance
