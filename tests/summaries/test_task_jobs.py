"""When the rest of a task may be done, and how numbers lie."""

from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
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
    seen = outlook(every(60, 401), remaining=40, now=NOW, lead=3600)
    assert seen is not None
    assert seen.latest is not None
    assert NOW + 30 * HOUR < seen.earliest < NOW + 40 * HOUR < seen.latest < NOW + 50 * HOUR


def test_the_last_job_may_take_as_long_as_the_slowest_and_be_tried_again():
    quick, slow = (outlook(every(60, 401), 1, NOW, lead) for lead in (0, 36_000))
    assert quick is not None
    assert slow is not None
    assert quick.latest is not None
    assert slow.latest is not None
    assert slow.latest - quick.latest == 20 * HOUR
    assert slow.earliest == quick.earliest


def simulated(chance: Random) -> list[tuple[float, float]]:
    """Of each job when it was made and when it ended, in seconds: few slots, long tails, one in ten jobs is
    run again."""
    slots, jobs = [0.0] * chance.randint(5, 40), []
    for _ in range(chance.randint(60, 300)):
        start = heappop(slots)
        tries = 2 if chance.random() < 0.1 else 1
        end = start + sum(chance.lognormvariate(8, 0.6) for _ in range(tries))
        heappush(slots, end)
        jobs.append((start, end))
    return jobs


def test_the_end_is_mostly_between_what_is_told():
    chance, inside, told = Random(7), 0, 0
    for _ in range(150):
        jobs = simulated(chance)
        ends = sorted(end for _, end in jobs)
        seconds = ends[int(len(ends) * chance.uniform(0.2, 0.9))]
        over = [job for job in jobs if job[1] <= seconds]
        moments = [NOW + timedelta(seconds=end) for _, end in over]
        lead = max(end - start for start, end in over)
        seen = outlook(moments, len(jobs) - len(over), NOW + timedelta(seconds=seconds), lead)
        if seen and seen.latest:
            told += 1
            inside += seen.earliest <= NOW + timedelta(seconds=ends[-1]) <= seen.latest
    assert told > 140
    assert inside > 0.8 * told


def test_one_that_became_slow_has_a_wide_range():
    ended = [*every(6, 300, NOW - 10 * HOUR), *every(60, 4, NOW - HOUR)]
    seen = outlook(ended, remaining=100, now=NOW)
    assert seen is not None
    assert seen.latest is not None
    assert seen.latest - NOW > 10 * (seen.earliest - NOW)


@pytest.mark.parametrize("lately", [[], [NOW - HOUR]])
def test_of_one_that_stands_still_no_latest_moment_is_told(lately):
    seen = outlook([*every(6, 100, NOW - 30 * HOUR), *lately], remaining=100, now=NOW)
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
