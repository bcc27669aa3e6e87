"""Days made anew from PanDA's tables are as if they had been followed, whatever was in the bins before."""

from datetime import datetime, timedelta

import pytest
from django.db.models import F

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.queries import ended as queries
from bigpandamon_core.queries import jobs
from bigpandamon_core.rollups import rebuilding
from bigpandamon_core.rollups.contributions import Counter
from bigpandamon_core.rollups.declared import BY_NAME
from bigpandamon_core.state.follow import FollowStatus
from bigpandamon_core.state.rollups import RollupBin, RollupRebuild, RollupStatus
from tests.follow.conftest import TABLES
from tests.follow.server import change, job
from tests.rollups.conftest import EPOCH, expected, rows, stored
from tests.web.conftest import NOON

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def rebuild(begin, end) -> list[tuple[datetime, int]]:
    rebuilding.plan(begin, end)
    return list(rebuilding.work(Counter(), {}))


@pytest.fixture
def followed(panda, step, clock):
    """Four days up to noon, a job every two hours; two of them in the long-term archive as well, one there
    alone."""
    clock.moment = NOON - 4 * DAY
    step()
    for place in range(48):
        clock.forward(7190)
        at = clock.moment
        job(panda, "jobsarchived4", at=at, jobstatus=("finished", "failed", "closed")[place % 3],
            pandaid=1000 + place, piloterrorcode=(1099, 1305)[place % 2], endtime=at,
            modificationhost=f"s@n{place % 4}")  # fmt: skip
        if place in (1, 2):
            job(panda, "jobsarchived", pandaid=1000 + place, at=at - HOUR, jobstatus="cancelled")
        step()
    job(panda, "jobsarchived", at=NOON - 3 * DAY, jobstatus="failed", pandaid=5)
    return clock


def everything():
    return expected(rows((*TABLES[:2], "jobsarchived", TABLES[2])), EPOCH)


def test_what_was_followed_is_rebuilt_the_same(followed):
    RollupBin.objects.filter(hour__lt=(NOON - DAY - EPOCH) // HOUR).update(jobs=F("jobs") + 7)
    RollupBin.objects.filter(rollup=4).delete()
    found = rebuild(NOON - 4 * DAY, NOON + DAY)
    assert [day.day for day, _ in found] == [1, 28, 27, 26, 25]
    assert sum(jobs for _, jobs in found) == 49
    assert stored() == everything()
    assert not RollupRebuild.objects.exists()


@pytest.mark.once
def test_following_goes_on_after_open_days_were_rebuilt(followed, step):
    rebuild(NOON - 2 * DAY, NOON)
    change(1046, "jobsarchived4", computingsite="QUEUE_TWO", modificationtime=followed.moment)
    change(1045, "jobsarchived4", jobstatus="closed", statechangetime=followed.moment)
    step(3 * 3600)
    rebuild(NOON - 4 * DAY, NOON - 2 * DAY)
    assert stored() == everything()


@pytest.mark.once
def test_an_interrupted_rebuild_is_gone_on_with(followed):
    rebuilding.plan(NOON - 4 * DAY, NOON)
    RollupBin.objects.all().delete()
    days = rebuilding.work(Counter(), {})
    next(days)
    next(days)
    del days
    assert len(list(rebuilding.work(Counter(), {}))) == 3
    assert stored() == everything()


def test_hours_that_close_while_it_reads_are_read_again(followed, step, monkeypatch):
    """The follower closes hours between the reading of PanDA and the writing."""
    real, calls = queries.ended, list[int]()

    def late(*arguments):
        if not calls:
            calls.append(1)
            step(4 * 3600)
        return real(*arguments)

    monkeypatch.setattr(rebuilding, "ended", late)
    rebuild(NOON - 3 * DAY, NOON)
    rebuild(NOON - 4 * DAY, NOON - 3 * DAY)
    assert calls
    assert stored() == everything()


@pytest.mark.once
def test_what_is_complete_reaches_further_back(followed):
    RollupStatus.objects.update(complete_since=NOON - 2 * DAY)
    rebuild(NOON - 4 * DAY, NOON - 3 * DAY)
    assert {one.complete_since for one in RollupStatus.objects.all()} == {NOON - 2 * DAY}
    rebuild(NOON - 3 * DAY, NOON - 2 * DAY)
    assert {one.complete_since for one in RollupStatus.objects.all()} == {NOON - 3.5 * DAY}


@pytest.mark.once
def test_bins_that_would_not_be_kept_are_not_written(followed):
    followed.forward(40 * 86_400)
    rebuild(NOON - 3 * DAY, NOON - 2 * DAY)
    days = ((NOON - 3.5 * DAY - EPOCH) // HOUR, (NOON - 1.5 * DAY - EPOCH) // HOUR)
    lengths = RollupBin.objects.filter(hour__gte=days[0], hour__lt=days[1]).values_list("hours", flat=True)
    assert set(lengths) == {24}


@pytest.mark.once
def test_bins_that_are_kept_longer_are_written(followed):
    followed.forward(40 * 86_400)
    rebuilding.plan(NOON - 3 * DAY, NOON - 2 * DAY)
    RollupBin.objects.all().delete()
    list(rebuilding.work(Counter(), {"rollup-jobs-1h": 60}))
    assert set(RollupBin.objects.filter(hours=1).values_list("rollup", flat=True)) == {BY_NAME["jobs"].number}


@pytest.mark.once
def test_a_day_whose_table_is_absent_keeps_its_bins(followed, monkeypatch):
    before = stored()
    monkeypatch.setattr(jobs, "is_present", lambda _table: False)
    with pytest.raises(Problem, match="a table is not there"):
        rebuild(NOON - 4 * DAY, NOON - 3 * DAY)
    assert stored() == before


def test_what_cannot_be_rebuilt_is_said(panda, own, clock):
    with pytest.raises(Problem, match="no such period"):
        rebuilding.plan(NOON, NOON - DAY)
    rebuilding.plan(NOON - DAY, NOON)
    with pytest.raises(Problem, match="followed"):
        list(rebuilding.work(Counter(), {}))
    FollowStatus.objects.create(name="jobs", columns="", closed_before=NOON)
    with pytest.raises(Problem, match="other rules"):
        list(rebuilding.work(Counter(), {}))
    RollupRebuild.objects.all().delete()
