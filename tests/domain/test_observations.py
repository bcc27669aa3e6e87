"""Of several observations of one job one wins, whatever the order they come in. Rule: DESIGN, section 7."""

from datetime import datetime, timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.observations import TABLE_RANK, Observation, newest
from bigpandamon_core.domain.states import JOB_STATES

T = datetime(2026, 11, 20)
moments = st.one_of(st.none(), st.integers(0, 3).map(lambda hours: T + timedelta(hours=hours)))
observations = st.builds(
    Observation,
    st.just(1),
    st.sampled_from(sorted(TABLE_RANK)),
    st.sampled_from((*JOB_STATES, "", "invented")),
    moments,
    moments,
)


@given(st.lists(observations, min_size=1, max_size=5), st.randoms())
def test_the_order_of_arrival_does_not_matter(seen, random):
    first = reduce(newest, seen)
    random.shuffle(seen)
    assert reduce(newest, seen).order == first.order


@given(observations, observations)
def test_commutative(one, other):
    assert newest(one, other).order == newest(other, one).order


@given(observations, observations, observations)
def test_associative(one, two, three):
    assert newest(newest(one, two), three).order == newest(one, newest(two, three)).order


@given(st.lists(observations, min_size=1))
def test_the_winner_was_seen_and_nothing_is_later(seen):
    winner = reduce(newest, seen)
    assert winner in seen
    assert all(one.order <= winner.order for one in seen)


def observed(**changes) -> Observation:
    return Observation(1, "jobsactive4", "running", T, T)._replace(**changes)


def test_the_later_state_change_wins_over_table_and_state():
    later = observed(table="jobsdefined4", jobstatus="pending", statechangetime=T + timedelta(seconds=1))
    assert newest(later, observed(table="jobsarchived", jobstatus="closed")) is later


def test_a_final_state_is_left_by_a_live_row_with_a_later_time():
    again = observed(jobstatus="activated", statechangetime=T + timedelta(seconds=1))
    assert newest(observed(table="jobsarchived4", jobstatus="failed"), again) is again


def test_modificationtime_stands_in_where_there_is_no_state_change():
    late = observed(statechangetime=None, modificationtime=T + timedelta(seconds=1))
    assert newest(late, observed()) is late
    assert newest(observed(modificationtime=T + timedelta(days=9)), late) is late


def test_equal_times_go_by_the_rank_of_the_state_then_by_the_table():
    finished = observed(jobstatus="finished", table="jobsactive4")
    assert newest(finished, observed(table="jobsarchived4", jobstatus="running")) is finished
    archived = observed(jobstatus="finished", table="jobsarchived4")
    assert newest(finished, archived) is archived
