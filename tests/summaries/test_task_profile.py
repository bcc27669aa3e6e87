"""What was done up to each moment, against a count of every job for every moment."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.summaries.task_jobs import Ended
from bigpandamon_core.summaries.task_profile import QUANTITIES, steps

BEGIN, HOUR = datetime(2026, 3, 1), timedelta(hours=1)
EDGES = [BEGIN + place * HOUR for place in range(25)]
moments = st.integers(0, 24 * 3600 - 1).map(lambda seconds: BEGIN + timedelta(seconds=seconds))
jobs = st.builds(
    Ended,
    moment=moments,
    state=st.sampled_from(("finished", "failed", "subfinished", "closed")),
    seconds=st.just(60),
    created=st.none() | moments,
    files=st.integers(0, 3),
    events=st.integers(0, 100),
)
starts = st.lists(moments, max_size=4, unique=True)


def attempt(one: Ended, begun: list[datetime]) -> int | None:
    if not begun:
        return None
    before = [place for place, start in enumerate(sorted(begun)) if start <= (one.created or one.moment)]
    return max(before, default=0)


def amount(one: Ended, quantity: str) -> int:
    if quantity in ("files", "events"):
        return getattr(one, quantity) if one.state == "finished" else 0
    return int(one.state == quantity)


@given(st.lists(jobs, max_size=20), starts)
def test_each_step_has_all_that_was_done_before_by_attempt(ended, begun):
    found = steps(ended, [(start, place) for place, start in enumerate(sorted(begun))], EDGES)
    assert [step.end for step in found] == EDGES[1:]
    for step in found:
        before = [one for one in ended if one.moment < step.end]
        for quantity in QUANTITIES:
            assert step.total(quantity) == sum(amount(one, quantity) for one in before)
            for number, numbers in step.done.items():
                of_it = [one for one in before if attempt(one, begun) == number]
                assert numbers[quantity] == sum(amount(one, quantity) for one in of_it)


def test_what_ended_after_the_last_moment_is_in_the_last_step():
    late = Ended(BEGIN + 100 * HOUR, "finished", 1, BEGIN, 2, 5)
    found = steps([late], [], EDGES)
    assert [step.total("files") for step in found] == [0] * 23 + [2]
