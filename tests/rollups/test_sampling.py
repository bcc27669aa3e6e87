"""Gauges: live jobs at the end of each hour, missed ones absent, days as mean and most."""

from datetime import timedelta

import pytest

from bigpandamon_core.domain.conditions import EVERYTHING, equal
from bigpandamon_core.rollups import sampling
from bigpandamon_core.rollups.declared import GAUGES
from bigpandamon_core.rollups.reading import samples
from tests.follow.server import change, job
from tests.web.conftest import NOON

HOUR = timedelta(hours=1)
(LIVE,) = GAUGES


def told(hours: int = 1, condition=EVERYTHING) -> list[tuple[int, int, float, int]]:
    found = samples(LIVE, hours, NOON - 100 * HOUR, NOON + 100 * HOUR, condition)
    return [((one.begin - NOON) // HOUR, one.samples, one.mean, one.most) for one in found]


def test_live_jobs_are_counted_at_the_end_of_each_hour(panda, step, clock):
    """Once, at the first look after it; also where there is none."""
    step(5)
    assert told() == [(-1, 1, 0, 0)]
    for _ in range(3):
        job(panda, at=clock.moment)
    last = job(panda, "jobsdefined4", jobstatus="defined", computingsite="QUEUE_TWO", at=clock.moment)
    job(panda, "jobsarchived4", jobstatus="finished", at=clock.moment)
    step(60)
    assert told() == [(-1, 1, 0, 0)]
    step(3600)
    assert told()[1:] == [(0, 1, 4, 4)]
    assert told(condition=equal("computingsite", "QUEUE_TWO"))[1:] == [(0, 1, 1, 1)]
    change(last, "jobsdefined4", jobstatus="waiting")
    step(3600)
    assert told(condition=equal("jobstatus", "defined")) == [(-1, 1, 0, 0), (0, 1, 1, 1), (1, 1, 0, 0)]
    [(begin, count, mean, most)] = told(24)
    assert (begin, count, round(mean * 3), most) == (-12, 3, 8, 5)
    assert told(24, equal("jobstatus", "running")) == [(-12, 3, 2, 3)]


def test_a_row_left_over_counts_once(panda, step, clock):
    pandaid = job(panda, at=clock.moment - HOUR)
    job(panda, "jobsarchived4", pandaid=pandaid, jobstatus="finished", at=clock.moment)
    step(5)
    assert told() == [(-1, 1, 0, 0)]


def test_an_hour_at_whose_end_nobody_looked_is_absent(panda, step, clock):
    step(5)
    job(panda, at=clock.moment)
    step(3600 + 1800)
    step(2000)
    assert [hour for hour, *_ in told()] == [-1, 1]
    assert told(24) == [(-12, 2, 0.5, 1)]


def test_killed_between_reading_and_writing_it_is_counted_once(panda, step, clock, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_arguments, **_more):
        raise Killed

    job(panda, at=clock.moment)
    with monkeypatch.context() as patched:
        patched.setattr(sampling, "_write", killed)
        with pytest.raises(Killed):
            step(5)
    step(60)
    step(60)
    assert told() == [(-1, 1, 1, 1)]
