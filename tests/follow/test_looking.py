"""After every look the follower knows what PanDA shows, and has told it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections

from bigpandamon_core.facets.batch import decode
from bigpandamon_core.sources.reading import name_of_statement, registry
from bigpandamon_core.state.follow import FacetBatch, FollowStatus
from tests.follow.conftest import agree, known, shown
from tests.follow.plans import ASKED
from tests.follow.server import change, job, move, remove
from tests.web.conftest import NOON


def test_from_empty_everything_kept_is_known(panda, step):
    for table, state in (("jobsdefined4", "defined"), ("jobsactive4", "running")):
        job(panda, table, jobstatus=state, at=NOON - timedelta(days=9))
    for hours in (0.1, 1, 5, 30, 47):
        job(panda, "jobsarchived4", jobstatus="finished", at=NOON - timedelta(hours=hours))
    step()
    agree()
    complete_since = FollowStatus.objects.get().complete_since
    assert complete_since is not None
    assert complete_since <= NOON - timedelta(hours=48)


def test_moves_are_told_once(panda, step, clock):
    pandaid = job(panda, "jobsdefined4", jobstatus="defined")
    step()
    for old, new, state in (
        ("jobsdefined4", "jobsactive4", "activated"),
        ("jobsactive4", "jobsarchived4", "finished"),
    ):
        move(pandaid, old, new, jobstatus=state, statechangetime=clock.moment, modificationtime=clock.moment)
        step()
        agree()
    assert [batch.rows for batch in FacetBatch.objects.order_by("id") if batch.rows] == [1, 1, 1]


def test_nothing_new_is_nothing_told(panda, step):
    job(panda)
    step()
    before = FollowStatus.objects.get().changes
    for _ in range(3):
        step()
    assert FollowStatus.objects.get().changes == before


def test_what_is_committed_late_is_met_in_the_overlap(panda, step, clock):
    job(panda, at=clock.moment)
    step()
    job(panda, "jobsarchived4", jobstatus="failed", at=clock.moment - timedelta(seconds=50))
    step()
    agree()


def test_what_comes_later_than_the_overlap_is_met_by_the_sweep(panda, step, clock):
    step()
    step(3600)
    late = job(panda, "jobsarchived4", jobstatus="failed", at=clock.moment - timedelta(minutes=70))
    step()
    assert late not in known()
    step(2 * 3600)
    agree()
    assert FollowStatus.objects.get().repairs == 1


@pytest.mark.parametrize("state", ["closed", "running"])
def test_states_may_go_back_with_a_later_time(panda, step, clock, state):
    pandaid = job(panda, "jobsarchived4", jobstatus="finished", at=clock.moment)
    step()
    job(panda, "jobsactive4", pandaid=pandaid, jobstatus=state, at=clock.moment)
    step()
    agree()
    assert known()[pandaid] == (1, state)


def test_a_job_that_vanishes_is_gone_until_it_is_seen_again(panda, step, clock):
    pandaid = job(panda)
    step()
    change(pandaid, "jobsactive4", pandaid=10**9)
    step(60)
    agree()
    change(10**9, "jobsactive4", pandaid=pandaid)
    step(60)
    agree()


def test_an_older_row_counts_when_the_newer_one_is_no_more(panda, step, clock):
    """Clocks of servers differ: the archive may tell an earlier time than the live table did."""
    pandaid = job(panda, at=clock.moment)
    step()
    earlier = clock.moment - timedelta(seconds=30)
    move(
        pandaid,
        "jobsactive4",
        "jobsarchived4",
        jobstatus="failed",
        statechangetime=earlier,
        modificationtime=earlier,
    )
    step(60)
    agree()


def test_a_heartbeat_is_told(panda, step, clock):
    pandaid = job(panda, actualcorecount=1)
    step()
    change(pandaid, "jobsactive4", actualcorecount=8, modificationtime=clock.moment)
    step(60)
    [*_, last] = FacetBatch.objects.filter(rows__gt=0).order_by("id")
    assert [row["actualcorecount"] for row in decode(bytes(last.payload)).to_pylist()] == [8]


def test_a_time_in_the_future_does_not_blind(panda, step, clock):
    job(panda, at=clock.moment + timedelta(hours=3))
    step()
    for _ in range(3):
        job(panda, "jobsarchived4", jobstatus="finished", at=clock.moment)
        step()
    agree()


def test_rows_without_a_time_of_change(panda, step, clock):
    step()
    job(panda, "jobsarchived4", jobstatus="finished", statechangetime=None, modificationtime=clock.moment)
    step()
    agree()
    job(panda, "jobsactive4", statechangetime=None, modificationtime=clock.moment)
    step(60)
    agree()


def test_after_days_of_absence_it_catches_up_in_pieces(panda, step, clock, follower):
    step()
    clock.forward(3 * 86_400)
    for minute in range(0, 40 * 60, 2):
        job(panda, "jobsarchived4", jobstatus="finished", at=clock.moment - timedelta(minutes=minute))
    follower._option = lambda key: 100 if key == "follow.rows_per_look" else settings.BIGPANDAMON.get(key)
    step()
    assert known() == shown()
    assert FacetBatch.objects.filter(rows=100).count() >= 10


def test_other_columns_are_told_anew(panda, step):
    job(panda)
    step()
    FollowStatus.objects.update(columns="older")
    before = FacetBatch.objects.latest("id").id
    step()
    assert known()
    assert FacetBatch.objects.earliest("id").id == before + 1


def test_the_follower_asks_nothing_else(panda, step, clock):
    """A whole life of it: from empty, changes, scans, sweeps."""
    asked: set[str] = set()

    def note(execute, text, *rest):
        asked.add(name_of_statement(text))
        return execute(text, *rest)

    connections["panda"].ensure_connection()
    with connections["panda"].execute_wrapper(note):
        vanishing = job(panda)
        step()
        job(panda, "jobsarchived4", at=clock.moment)
        remove(vanishing, "jobsactive4")
        step(3 * 3600)
    assert asked & {*registry()} == ASKED
