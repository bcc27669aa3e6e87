"""Which selections facets answer, and which rows those have."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.conditions import All, Condition, Elapsed, Not, Op, Test, holds
from bigpandamon_core.domain.job_requests import TIMES
from bigpandamon_core.facets.columns import COLUMNS, unanswered
from bigpandamon_core.facets.masks import asked
from bigpandamon_core.facets.store.publishing import Publisher
from bigpandamon_core.facets.stretches import whole
from bigpandamon_core.facets.where import answerable, select
from tests.domain.requests import selection
from tests.facets import plain
from tests.facets.store.looking import batch, row, running
from tests.facets.worlds import SINCE, as_batches, odd_batches, request
from tests.queries.odd_values import T, conditions, moments

WORLD = odd_batches(seed=6, batches=3, jobs=120)
ROWS = {row["pandaid"]: row for row in plain.newest(WORLD)}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    with Publisher(tmp_path_factory.mktemp("facets")) as publisher:
        publisher.publish(as_batches(WORLD), SINCE)
        yield publisher.current()


def chosen(snapshot, condition: Condition) -> set[int]:
    ask, found = asked(condition, snapshot), set[int]()
    for part in [*snapshot.ended, snapshot.live]:
        for rows in whole(part):
            mask = ask(rows)
            rows = rows.where(mask) if not isinstance(mask, bool) else rows if mask else rows.between(0, 0)
            found |= set(rows.alive().numbers("pandaid").values.tolist())
    return found


@given(condition=conditions.filter(lambda condition: not unanswered(condition)))
def test_conditions_are_those_of_rows_in_memory(snapshot, condition):
    assert chosen(snapshot, condition) == {number for number, row in ROWS.items() if holds(condition, row)}


time_conditions = st.one_of(
    st.builds(Test, st.sampled_from(TIMES), st.sampled_from([Op.AT_LEAST, Op.AT_MOST, Op.EQUAL]), moments),
    st.builds(Test, st.sampled_from(TIMES), st.just(Op.ABSENT), st.none()),
    st.builds(Test, st.just("pandaid"), st.sampled_from([Op.AT_LEAST, Op.AT_MOST, Op.EQUAL]), st.integers()),
    st.builds(Test, st.just("pandaid"), st.just(Op.ONE_OF), st.lists(st.integers(-9, 150)).map(tuple)),
    st.builds(
        Elapsed,
        st.sampled_from(TIMES),
        st.sampled_from(TIMES),
        st.integers(-2, 1500),
        st.none() | st.integers(-2, 1500),
        moments,
    ),
)


@given(conditions=st.lists(time_conditions, min_size=1, max_size=2), negated=st.booleans())
def test_times_and_numbers_are_compared_as_in_memory(snapshot, conditions, negated):
    condition = Not(All(tuple(conditions))) if negated else All(tuple(conditions))
    assert chosen(snapshot, condition) == {number for number, row in ROWS.items() if holds(condition, row)}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("hours=12", ""),
        ("days=2", ""),
        ("", ""),
        ("days=4", "begins before 2026-11-17T12:00:00"),
        ("date_from=2026-11-17T12:00", ""),
        ("date_from=2026-11-17T11:59:59", "begins before"),
        ("creationtimerange=2026-11-18T12:00|2026-11-20", ""),
        ("creationtimerange=2026-11-18T11:59|2026-11-20", "begins before"),
        ("pandaid=5", "all time"),
        ("pandaid=5&hours=1", ""),
        ("jeditaskid=5&mode=nodrop", "begins before"),
        ("jeditaskid=5&hours=1&mode=nodrop", ""),
        ("jeditaskid=5&hours=1", "superseded"),
        ("hours=1&taskname=a", "tasks_named"),
        ("hours=1&region=A", "queues"),
        ("hours=1&jobname=a", "jobname"),
        ("hours=1&batchid=a", "batchid"),
        ("hours=1&pilotversion=3.10", ""),
        ("hours=1&pilotversion.is=3.10", ""),
        ("hours=1&pilotid=a*", "pilotid"),
        ("hours=1&processor_type=gpu", ""),
        ("hours=1&jobmetrics=a*", "jobmetrics"),
        ("hours=1&durationmin=10-29&wn.is=node&produsername=x&jobtype=prod&vo=a", ""),
        ("hours=1&noarchjobs=1", ""),
        ("days=2&noarchjobs=1", ""),
        ("date_from=2026-11-18&noarchjobs=1", "long-term archive"),
    ],
)
def test_which_selections_are_answered(snapshot, query, reason):
    found = answerable(selection(query, now=T), COLUMNS, snapshot.manifest)
    assert reason in found
    assert bool(found) == bool(reason)


def test_what_is_not_answered_is_refused(snapshot):
    for query in ("pandaid=5", "hours=1&jobname=a", "hours=1&region=A", "jeditaskid=5&hours=1"):
        with pytest.raises(ValueError, match=r"window|not kept|looked up"):
            select(snapshot, selection(query, now=T))


@pytest.mark.parametrize(
    ("query", "jobs"),
    [
        ("hours=1&active=all", {1, 2, 4, 5}),
        ("hours=1", {1, 2, 4}),
        ("date_from=2026-11-20T11:00:01&active=all", {1, 4, 5}),
        ("date_from=2026-11-20&date_to=2026-11-20T11:59:59", {2, 3, 5}),
        ("creationtimerange=2026-11-20T11:00|2026-11-21", {1, 4}),
        ("hours=1&jobstatus=running", {4, 5}),
    ],
)
def test_the_window_binds_live_jobs_only_if_it_says_so(publisher, query, jobs):
    old, older = T - timedelta(hours=1), datetime(2026, 11, 20, 1)
    publisher.publish(
        [
            batch(
                1,
                row(1, creationtime=T),
                row(2, modificationtime=old, creationtime=older),
                row(3, modificationtime=old - timedelta(seconds=1)),
                running(4, creationtime=T),
                running(5, modificationtime=older),
            )
        ],
        SINCE,
    )
    found = select(publisher.current(), selection(query, now=T))
    numbers = {number for rows in found for number in rows.numbers("pandaid").values.tolist()}
    assert numbers == jobs


def test_another_time_is_looked_for_among_jobs_that_ended_since(publisher):
    """What ended before the window began was not created within it, but for clocks that differ by a day."""
    begin = T - timedelta(hours=1)
    rows = [
        row(1, creationtime=T, modificationtime=begin - timedelta(days=1)),
        row(2, creationtime=T, modificationtime=begin - timedelta(days=1, seconds=1)),
    ]
    publisher.publish([batch(1, *rows)], SINCE)
    asked_for = request({"creationtimerange": "2026-11-20T11:00|2026-11-20T12:00"}, ())
    (found,) = select(publisher.current(), asked_for)
    assert found.numbers("pandaid").values.tolist() == [1]
    assert [row["pandaid"] for row in plain.selected(rows, asked_for)] == [1]
