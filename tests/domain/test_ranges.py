"""Ranges in requests: both ends are given, the lower one first."""

import pytest

from bigpandamon_core.domain.problems import Problem
from tests.domain.requests import selection


@pytest.mark.parametrize("query", ["priorityrange=500:100", "durationmin=10-5", "minramcount=3-1GB"])
@pytest.mark.parametrize("strict", [True, False])
def test_ranges_that_end_before_they_begin_are_refused_everywhere(query, strict):
    """Who sees no job would believe that there is none."""
    with pytest.raises(Problem, match="Illegal value") as refused:
        selection(query, strict=strict)
    assert refused.value.remedy == "Give the lower end of the range first."


@pytest.mark.parametrize("query", ["durationmin=5-", "durationmin=-5-", "priorityrange=:5", "durationmin=5"])
def test_half_a_range_is_refused_whole(query):
    with pytest.raises(Problem, match=f"'{query.partition('=')[2]}'") as refused:
        selection(query)
    assert "LOW" in refused.value.remedy
