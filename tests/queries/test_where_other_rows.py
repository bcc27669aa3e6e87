"""As test_where, with rows that are others in every example."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.panda.jobs import JobsArchived4
from tests.queries.agreement import expected, found
from tests.queries.odd_values import conditions, odd_row


@pytest.mark.slow
@given(conditions=st.lists(conditions, min_size=5, max_size=5), seed=st.integers(0, 10**6))
def test_sql_and_memory_agree(panda, conditions, seed):
    JobsArchived4.objects.using(panda.alias).all().delete()
    random = Random(seed)
    rows = [odd_row(random) | {"pandaid": 1 + place} for place in range(20)]
    panda.jobs(rows)
    for condition in conditions:
        assert found(condition) == expected(condition, rows)
