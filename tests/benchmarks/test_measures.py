"""Two ways that take turns, and references that are too slow to count."""

from time import sleep

import pytest

from benchmarks.measures import in_turn, too_slow


def test_both_ways_run_as_often_now_this_first_and_now_that():
    calls = []
    in_turn(lambda: calls.append("ours"), lambda: calls.append("theirs"), times=3)
    assert calls == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]


def test_the_ratio_tells_how_many_times_as_long_theirs_took():
    found = in_turn(lambda: sleep(0.01), lambda: sleep(0.04), times=3)
    assert found.ratio == pytest.approx(4, rel=0.4)
    assert found.ours < found.theirs


def test_one_slow_pair_does_not_count():
    waits = iter([0.2, 0.001, 0.001])
    assert in_turn(lambda: sleep(next(waits)), lambda: sleep(0.01), times=3).ratio > 2


@pytest.mark.parametrize(("rate", "counts"), [(20_000, True), (19_999, False)])
def test_a_reference_must_reach_its_rate(rate, counts):
    assert (too_slow(rate, 20_000, "the loop") == "") is counts
