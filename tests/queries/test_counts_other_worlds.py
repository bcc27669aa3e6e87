"""As test_counts, with jobs that are others in every example."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.queries.counting import counted
from tests.queries.test_counts import COLUMNS, REQUESTS, asked, by_hand
from tests.queries.worlds import World


@pytest.mark.slow
@given(seed=st.integers(0, 10**6), parameters=st.sampled_from(REQUESTS))
def test_every_job_is_counted_once_by_its_newest_row(panda, seed, parameters):
    world = World(25, seed)
    world.store(panda)
    assert sorted(counted(asked(parameters), COLUMNS), key=repr) == sorted(
        by_hand(world, parameters), key=repr
    )
