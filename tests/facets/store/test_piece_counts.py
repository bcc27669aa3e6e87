"""Counts of pieces add up to those of the rows, in whatever order they are asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.facets.store import piece_counts
from bigpandamon_core.facets.store.piece_counts import PieceCounts

ENDS = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted), min_size=1, max_size=5)


@given(
    codes=st.lists(st.integers(0, 9), max_size=100),
    kind=st.sampled_from([np.uint8, np.uint16, np.uint32]),
    asked=ENDS,
    more=st.integers(0, 300),
)
def test_they_are_those_of_the_rows(codes, kind, asked, more):
    """more: words that were added after the rows were written."""
    column = np.array(codes, kind)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(piece_counts, "NARROW", 4)
        patched.setattr(piece_counts, "WIDE", 7)
        counts = PieceCounts(column)
        for start, stop in asked:
            start, stop = min(start, len(codes)), min(stop, len(codes))
            found = counts.between(start, stop, 10 + more)
            assert found.tolist() == [codes[start:stop].count(code) for code in range(10 + more)]
