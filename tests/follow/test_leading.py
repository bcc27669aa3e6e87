"""One follows; what is interrupted at any point is mended by whoever goes on."""

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connections

from bigpandamon_core.follow import looking, states, taking
from bigpandamon_core.follow.leading import LEASE, LONGEST_PAUSE_SECONDS, Follower
from bigpandamon_core.follow.taking import Taking
from bigpandamon_core.queries import changes
from bigpandamon_core.rollups.contributions import Counter
from bigpandamon_core.state.follow import FacetBatch, FollowStatus
from bigpandamon_core.state.leases import LeaseLost, LeaseRow, acquire
from tests.follow.conftest import agree, known
from tests.follow.server import change, job, move, remove


def lapse() -> None:
    """The lease ends, as when its holder has been silent for long enough by the database's clock."""
    LeaseRow.objects.filter(name=LEASE).update(until=datetime(2000, 1, 1))


class Killed(BaseException):
    """Nothing handles it."""


def killed(*_arguments, **_more):
    raise Killed


@pytest.fixture
def other(follower):
    return Follower(settings.BIGPANDAMON.get)


def test_of_two_one_follows_and_the_other_takes_over(panda, follower, other, step, clock):
    job(panda)
    step()
    before = FollowStatus.objects.get().last_batch
    other.step()
    assert FollowStatus.objects.get().last_batch == before
    lapse()
    job(panda, at=clock.moment)
    other.step()
    agree()
    follower.step()
    status = FollowStatus.objects.get()
    assert FacetBatch.objects.count() == status.last_batch - status.told_from + 1


def test_who_waits_says_so_once_and_for_whom(panda, follower, other, caplog):
    acquire(LEASE, "elsewhere:1", 20)
    caplog.set_level("INFO")
    for _ in range(2):
        other.step()
    told = [record.getMessage() for record in caplog.records if "waits" in record.getMessage()]
    assert told == ["elsewhere:1 follows; this process waits until that one has ended"]


def test_who_lost_the_lease_writes_nothing(panda, own, step, clock):
    job(panda)
    step()
    lapse()
    lost = acquire(LEASE, "one", 20)
    assert lost
    lapse()
    assert acquire(LEASE, "two", 20)
    before = known(), FollowStatus.objects.get().as_of
    late = Taking(lost, Counter())
    late.lose([*known()])
    with pytest.raises(LeaseLost):
        late.finish(as_of=clock.moment)
    assert (known(), FollowStatus.objects.get().as_of) == before


POINTS = {
    "after reading": lambda: (changes, "whole"),
    "before writing": lambda: (taking, "fenced"),
    "while writing states": lambda: (states, "write"),
    "before the batch": lambda: (FacetBatch.objects, "create"),
}
"""Managers are others once another model has come, as in tests of plugins' tables."""


@pytest.fixture(params=POINTS)
def kill(request, monkeypatch):
    """`with kill():` nobody survives this point."""

    @contextmanager
    def at_this_point():
        with monkeypatch.context() as patched, pytest.raises(Killed):  # noqa: PT012  # one statement of the caller
            patched.setattr(*POINTS[request.param](), killed)
            yield

    return at_this_point


def test_killed_it_is_mended_by_the_next(panda, follower, other, step, clock, kill):
    pandaid = job(panda, "jobsdefined4", jobstatus="defined")
    step()
    for old, new, state in (
        ("jobsdefined4", "jobsactive4", "activated"),
        ("jobsactive4", "jobsarchived4", "failed"),
    ):
        clock.forward(10)
        move(pandaid, old, new, jobstatus=state, statechangetime=clock.moment, modificationtime=clock.moment)
        with kill():
            follower.step()
        lapse()
        clock.forward(1)
        other.step()
        agree()
        lapse()
    told = [batch.rows for batch in FacetBatch.objects.order_by("id") if batch.rows]
    assert told == [1, 1, 1]


def test_killed_after_the_commit_nothing_is_told_twice(panda, follower, other, step, clock, monkeypatch):
    job(panda)
    step()
    job(panda, at=clock.moment)
    real = Taking.finish

    def finish(self, **reached):
        real(self, **reached)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Taking, "finish", finish)
        with pytest.raises(Killed):
            follower.step()
    lapse()
    other.step()
    agree()
    assert FollowStatus.objects.get().changes == 2


def test_a_beginning_that_was_interrupted_counts_for_nothing(panda, follower, other, clock, monkeypatch):
    """What it told of a job that is gone since would be told for ever so long."""
    gone, stays = job(panda), job(panda)
    with monkeypatch.context() as patched, pytest.raises(Killed):  # noqa: PT012  # as above
        patched.setattr(taking, "SLICE_ROWS", 1)
        patched.setattr(Taking, "finish", killed)
        follower.step()
    assert gone in known()
    remove(gone, "jobsactive4")
    lapse()
    other.step()
    agree()
    assert known().keys() == {stays}


def test_who_reads_slowly_keeps_the_lease(panda, follower, other, clock, monkeypatch):
    """Each row takes eight seconds, and another one stands by."""
    for _ in range(6):
        job(panda)
    monkeypatch.setattr(looking, "monotonic", lambda: clock.moment.timestamp())
    real, led = changes.living, []

    def slowly(table):
        for one in real(table):
            yield one
            clock.forward(8)
            led.append(acquire(LEASE, "another", 20))

    monkeypatch.setattr(changes, "living", slowly)
    follower.step()
    assert led == [None] * 6
    assert FollowStatus.objects.get().as_of is not None


def test_a_database_that_fails_is_left_alone_longer_and_longer(panda, follower, step, clock, monkeypatch):
    step()

    def refuse(*_arguments, **_more):
        raise OperationalError("no words for others")

    with monkeypatch.context() as patched:
        connections["panda"].close()
        patched.setattr(connections["panda"], "connect", refuse)
        pauses = [follower.step() for _ in range(8)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
    status = FollowStatus.objects.get()
    assert (status.failures, status.failed_at) == (8, clock.moment)
    job(panda, at=clock.moment)
    step()
    agree()


def test_a_job_that_moves_between_two_reads_is_followed(panda, follower, step, clock, monkeypatch):
    """Read as active, it is archived before it is read whole."""
    step()
    pandaid = job(panda, at=clock.moment)
    real = changes.whole

    def whole(table, pandaids, columns):
        if pandaids:
            clock.forward(1)
            times = {"statechangetime": clock.moment, "modificationtime": clock.moment}
            move(pandaid, "jobsactive4", "jobsarchived4", jobstatus="finished", **times)
            monkeypatch.setattr(changes, "whole", real)
        return real(table, pandaids, columns)

    monkeypatch.setattr(changes, "whole", whole)
    step()
    agree()


def test_a_job_that_ends_before_the_first_look_reads_is_known(panda, follower, clock, monkeypatch):
    """The moment of which it tells is before the reading of the live tables."""
    pandaid = job(panda, at=clock.moment)
    real = changes.living

    def living(table):
        clock.forward(1)
        times = {"statechangetime": clock.moment, "modificationtime": clock.moment}
        move(pandaid, "jobsactive4", "jobsarchived4", jobstatus="finished", **times)
        monkeypatch.setattr(changes, "living", real)
        yield from real(table)

    monkeypatch.setattr(changes, "living", living)
    follower.step()
    agree()


def test_how_long_it_waits(panda, follower, step):
    """As often as it should, but not more statements a minute than it may."""
    step()
    assert 0 < follower.step() <= settings.BIGPANDAMON.get("follow.interval_seconds")
    follower._option = lambda key: 60 if key.endswith("per_minute") else settings.BIGPANDAMON.get(key)
    assert follower.step() >= 4


def test_a_clock_set_back_delays_nothing_for_ever(panda, step, clock):
    job(panda, at=clock.moment)
    step()
    clock.moment -= timedelta(hours=2)
    pandaid = job(panda, at=clock.moment)
    step(120)
    agree()
    change(pandaid, "jobsactive4", jobstatus="holding", statechangetime=clock.moment)
    step(120)
    agree()
