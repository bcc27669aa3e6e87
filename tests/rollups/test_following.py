"""What stands in open bins is what PanDA shows; what closed stays as it is."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bigpandamon_core.domain.states import FINAL, JOB_STATES
from bigpandamon_core.follow import leading, states
from bigpandamon_core.queries import changes
from bigpandamon_core.rollups import bins
from bigpandamon_core.state.follow import FacetBatch, FollowPosition, FollowStatus, JobState
from bigpandamon_core.state.rollups import RollupBin, RollupKey, RollupStatus
from tests.campaigns import examples
from tests.follow.conftest import TABLES
from tests.follow.server import change, job, move, remove
from tests.follow.test_histories import Server
from tests.rollups.conftest import EPOCH, agree, expected, rows, stored
from tests.web.conftest import NOON

HOUR = timedelta(hours=1)
Totals = dict[tuple[str, int], int]


def ended(panda, **columns) -> int:
    return job(panda, "jobsarchived4", **({"jobstatus": "finished"} | columns))


def test_from_empty_all_that_is_kept_is_counted(panda, step):
    for place, hours in enumerate((0.1, 1, 5, 30, 47)):
        ended(
            panda,
            at=NOON - hours * HOUR,
            jobstatus=("finished", "failed", "closed")[place % 3],
            piloterrorcode=(0, 1099, 1305, 7777, 0)[place],
            taskbuffererrorcode=place % 2,
            cpuconsumptiontime=place * 100,
            endtime=NOON - hours * HOUR,
            modificationhost=f"slot1@node{place % 2}",
        )
    job(panda)
    step()
    agree()
    assert len(stored()) > 20


def test_a_correction_takes_back_what_was_counted(panda, step, clock):
    pandaid = ended(panda, at=clock.moment, cpuconsumptiontime=50)
    step()
    later = clock.moment
    change(pandaid, "jobsarchived4", jobstatus="failed", statechangetime=later, cpuconsumptiontime=70,
           piloterrorcode=1099, computingsite="QUEUE_TWO", modificationtime=later)  # fmt: skip
    step()
    agree()


@pytest.mark.parametrize("state", ["closed", "running"])
def test_a_job_that_goes_back_is_taken_out_of_its_bin(panda, step, clock, state):
    pandaid = ended(panda, at=clock.moment)
    step()
    job(panda, "jobsactive4", pandaid=pandaid, jobstatus=state, at=clock.moment)
    step()
    agree()
    assert bool(stored()) is (state == "closed")


def test_a_job_that_vanishes_is_taken_out_and_counted_again_when_it_is_back(panda, step, clock):
    pandaid = ended(panda, at=clock.moment)
    step()
    change(pandaid, "jobsarchived4", pandaid=10**9)
    step(3 * 3600)
    agree()
    change(10**9, "jobsarchived4", pandaid=pandaid)
    step(3 * 3600)
    agree()
    assert stored()


def test_without_a_time_of_change_the_modification_counts(panda, step, clock):
    step()
    ended(panda, statechangetime=None, modificationtime=clock.moment)
    step()
    agree()
    assert stored()


def test_closed_bins_stay_whatever_happens_to_their_jobs(panda, step, clock):
    """Once as the archive loses them, once as one is met again after it was forgotten."""
    moved, changed = ended(panda, at=NOON), ended(panda, at=NOON, jobstatus="failed")
    step()
    before = stored()
    for _ in range(3):
        step(20 * 3600)
    assert closed_before() > NOON
    assert not JobState.objects.exists()
    remove(moved, "jobsarchived4")
    change(changed, "jobsarchived4", modificationtime=clock.moment)
    step(60)
    step(3 * 3600)
    assert stored() == before


def test_starting_over_counts_nothing_twice(panda, step, clock):
    old, new = ended(panda, at=NOON), ended(panda, at=NOON + 30 * HOUR, jobstatus="failed")
    clock.forward(30 * 3600)
    step()
    clock.forward(20 * 3600)
    before = stored()
    assert before
    change(new, "jobsarchived4", computingsite="QUEUE_TWO", modificationtime=clock.moment)
    FollowStatus.objects.update(refill_wanted=True)
    step(20)
    assert closed_before() > NOON
    closed = {key: row for key, row in before.items() if key[1] == 1 and key[2] <= (NOON - EPOCH) // HOUR}
    assert closed.items() <= stored().items()
    assert totals() == totals_of(expected(rows(), NOON))
    assert old


def closed_before() -> datetime:
    moment = FollowStatus.objects.get().closed_before
    assert moment is not None
    return moment


def totals() -> Totals:
    return totals_of(stored())


def totals_of(bins) -> Totals:
    found: Totals = {}
    for (rollup, hours, *_), (jobs, *_) in bins.items():
        found[rollup, hours] = found.get((rollup, hours), 0) + jobs
    return found


def test_other_rules_are_counted_anew(panda, step, clock):
    """By rules under which nothing helps, of jobs that are known; what closed before counts as incomplete."""
    from django.conf import settings as instance

    from bigpandamon_core.follow.leading import Follower

    ended(panda, at=NOON, jobstatus="failed", piloterrorcode=1099)
    step()
    since = {one.rollup: one.complete_since for one in RollupStatus.objects.all()}
    assert {key[-1][-1] for key in stored() if key[0] == "failures"} == {"pilot transient"}
    clock.forward(3600 * 5)
    from bigpandamon_core.state.leases import LeaseRow

    LeaseRow.objects.update(until=NOON - 10 * HOUR)
    other = Follower(instance.BIGPANDAMON.get, rules=())
    other.step()
    while other.is_behind:
        other.step()
    assert {key[-1][-1] for key in stored() if key[0] == "failures"} == {"pilot unexplained"}
    now_since = {one.rollup: one.complete_since for one in RollupStatus.objects.all()}
    assert {number for number in since if since[number] != now_since[number]} == {6, 8}


def test_after_an_absence_nothing_older_is_said_to_be_complete(panda, step, clock):
    ended(panda, at=NOON)
    step()
    clock.forward(5 * 86_400)
    ended(panda, at=NOON + 12 * HOUR)
    step()
    status = FollowStatus.objects.get()
    assert status.closed_before == clock.moment.replace(minute=0, second=0) - 48 * HOUR
    assert {one.complete_since for one in RollupStatus.objects.all()} == {status.closed_before}


@pytest.mark.slow
@settings(
    max_examples=examples(25),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["new", "move", "change", "copy", "remove", "look", "look", "refill"]),
            st.integers(0, 5),
            st.sampled_from([*TABLES, "jobsarchived4"]),
            st.sampled_from([*JOB_STATES, *sorted(FINAL) * 4]),
            st.sampled_from([0, 0, 0, 30, 90, 200, 4000]),
        ),
        max_size=30,
    )
)
def test_every_history(panda, clock, follower, step, acts):
    panda.clear()
    for model in (JobState, FollowPosition, FollowStatus, FacetBatch, RollupBin, RollupStatus):
        model.objects.all().delete()
    server = Server(panda, clock)
    for act, number, *how in acts:
        if act == "look":
            step(7)
            agree_with_states()
        elif act == "refill":
            FollowStatus.objects.update(refill_wanted=True)
        else:
            server.act(act, number + 1, *how)
    step(61)
    step(61)
    step(3 * 3600)
    agree()
    agree_with_states()


def agree_with_states() -> None:
    """At any time bins count exactly the jobs that are known to have ended."""
    known = JobState.objects.filter(jobstatus__in=FINAL).exclude(place=3).count()
    noted = JobState.objects.exclude(rolled="").count()
    assert noted == known
    assert totals().get(("jobs", 24), 0) == totals().get(("jobs", 1), 0) == known
    assert RollupKey.objects.filter(rollup=2).exists() or not known


def test_moved_while_it_is_counted(panda, step, clock):
    pandaid = job(panda, jobstatus="running", at=clock.moment)
    step()
    move(pandaid, "jobsactive4", "jobsarchived4", jobstatus="finished", statechangetime=clock.moment,
         modificationtime=clock.moment)  # fmt: skip
    step()
    step()
    agree()


def test_what_is_not_found_again_is_taken_back_once(panda, step, clock, monkeypatch):
    """A job that was seen to change and is nowhere when its row is read: it is met again later."""
    pandaid = ended(panda, at=clock.moment)
    step()
    before = stored()
    change(pandaid, "jobsarchived4", jobstatus="failed", statechangetime=clock.moment)
    with monkeypatch.context() as patched:
        patched.setattr(changes, "whole", lambda *_: ())
        patched.setattr(changes, "with_numbers", lambda _: ())
        step()
        step()
    assert stored() == before
    step()
    agree()


class Killed(BaseException):
    """Nothing handles it."""


def killed(*_arguments, **_more):
    raise Killed


POINTS = {
    "while bins are written": lambda: (bins, "add"),
    "before empty rows go": lambda: (RollupBin.objects, "filter"),
    "before states": lambda: (states, "write"),
    "before the batch": lambda: (FacetBatch.objects, "create"),
}  # asked when they are patched: a manager is another one once another model has come


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_bins_and_states_agree(panda, follower, step, clock, monkeypatch, point):
    pandaid = ended(panda, at=clock.moment)
    step()
    change(pandaid, "jobsarchived4", jobstatus="failed", statechangetime=clock.moment)
    ended(panda, at=clock.moment, computingsite="QUEUE_TWO")
    before = stored()
    clock.forward(10)
    with monkeypatch.context() as patched, pytest.raises(Killed):  # noqa: PT012  # what is patched and the step
        patched.setattr(*POINTS[point](), killed)
        follower.step()
    assert stored() == before
    step()
    agree()


def test_killed_while_it_starts_over_nothing_is_lost(panda, follower, step, clock, monkeypatch):
    for place in range(5):
        ended(panda, at=clock.moment, jobstatus=("finished", "failed")[place % 2])
    step()
    FollowStatus.objects.update(refill_wanted=True)
    monkeypatch.setattr(leading, "FORGOTTEN_AT_ONCE", 2)
    calls: list[int] = []

    def some(*arguments):
        if len(calls) == 2:
            raise Killed
        calls.append(1)
        return real(*arguments)

    real = leading._forget_some
    with monkeypatch.context() as patched, pytest.raises(Killed):  # noqa: PT012  # what is patched and the step
        patched.setattr(leading, "_forget_some", some)
        follower.step()
    assert 0 < JobState.objects.count() < 5
    assert FollowStatus.objects.get(as_of=None, complete_since=None)  # so nobody takes the rest for all
    agree_with_states()
    step()
    agree()
