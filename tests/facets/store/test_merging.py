"""Parts stay few, and a row is not written again and again."""

from math import log2
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.facets.store.merging import CLOSED, OPEN, WHOLE, joined

SIZES = st.lists(st.integers(0, 10**6), max_size=30)


@given(sizes=SIZES, added=st.integers(0, 10**6), eagerness=st.sampled_from([OPEN, CLOSED, WHOLE]))
def test_what_stays_is_larger_than_all_that_is_smaller(sizes, added, eagerness):
    again = joined(sizes, added, eagerness)
    assert len(set(again)) == len(again)
    left = sorted(size for place, size in enumerate(sizes) if place not in again)
    written = added + sum(sizes[place] for place in again)
    for place, size in enumerate(left):
        assert size > eagerness * (written + sum(left[:place]))


@given(sizes=SIZES, eagerness=st.sampled_from([OPEN, CLOSED]))
def test_no_smaller_part_is_left_while_a_larger_is_joined(sizes, eagerness):
    again = joined(sizes, 5, eagerness)
    left = [size for place, size in enumerate(sizes) if place not in again]
    assert not again or not left or max(sizes[place] for place in again) <= min(left)


def test_at_once_means_one_part():
    assert joined([5, 1_000_000, 3], 0, WHOLE) == [0, 1, 2]
    assert joined([5], 0, WHOLE) == []
    assert joined([], 7, WHOLE) == []


@pytest.mark.parametrize(("eagerness", "parts", "rewrites"), [(OPEN, 1, 1), (CLOSED, 1, 20)])
def test_a_day_of_batches(eagerness, parts, rewrites):
    """A day's 2,000 batches: never more parts than doublings, each row written again as seldom."""
    random, sizes, written, total = Random(5), list[int](), 0, 0
    for _ in range(2_000):
        added = random.randint(1, 700)
        total += added
        again = joined(sizes, added, eagerness)
        whole = added + sum(sizes[place] for place in again)
        sizes = [size for place, size in enumerate(sizes) if place not in again] + [whole]
        written += whole
        assert len(sizes) <= parts * log2(total) + 1
    assert written / total <= rewrites * log2(total) + 1
