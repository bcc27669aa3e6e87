"""Each number is counted once, in the bin whose edges it lies between, whatever the numbers are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.summaries.histograms import BINS, histogram, round_step

numbers = st.floats(0.001, 1e7, allow_nan=False)
groups = st.dictionaries(st.sampled_from("abc"), st.lists(numbers, max_size=40), min_size=1)


@given(groups.filter(lambda one: any(one.values())))
def test_each_number_is_counted_where_it_lies(given_groups):
    found = histogram(given_groups)
    assert len(found.ends) <= 2 * BINS + 3
    for name, values in given_groups.items():
        expected = [
            sum(begin <= value and (end is None or value < end) for value in values)
            for begin, end in found.ends
        ]
        assert list(found.counts[name]) == expected
        assert sum(found.counts[name]) == len(values)


@given(st.lists(numbers, min_size=1, max_size=60))
def test_edges_are_evenly_spaced_and_hold_the_bulk(values):
    found = histogram({"": values})
    steps = [end - begin for begin, end in found.ends if end is not None]
    assert max(steps) == pytest.approx(min(steps), rel=1e-3)
    inside = sum(value < found.edges[-1] for value in values)
    assert inside >= 0.98 * len(values)
    assert found.is_open == (inside < len(values))


def test_a_single_high_number_does_not_press_the_others_together():
    found = histogram({"": [float(value) for value in range(100)] + [1e6]})
    assert found.ends[0] == (0, 10)
    assert found.ends[-1] == (100, None)
    assert found.counts[""] == (*[10] * 10, 1)


def test_the_place_of_a_mark():
    found = histogram({"": [1.0, 2.0, 3.0]})
    assert found.place(found.edges[0]) == 0
    assert found.place(found.edges[-1]) == pytest.approx(len(found.edges) - 1)
    assert found.place(found.edges[-1] + 1) is None


@pytest.mark.parametrize(("reach", "held"), [(4.9, True), (2.9, True), (100, False)])
def test_edges_hold_what_shall_be_seen_unless_it_is_far_away(reach, held):
    found = histogram({"": [1.0, 2.0, 3.0]}, reach)
    assert (found.place(reach) is not None) == held
    assert sum(found.counts[""]) == 3


@given(st.floats(1e-9, 1e12))
def test_a_round_step_is_little_more_than_the_least(least):
    assert least * 0.999 <= round_step(least) <= 2.6 * least
