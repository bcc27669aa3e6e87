"""Records by column and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.by_column import by_column, records

NAMES = ("a", "b", "c")


@given(st.lists(st.tuples(st.integers(), st.text(), st.none())))
def test_there_and_back(rows):
    values = by_column(NAMES, rows)
    assert tuple(values) == NAMES
    assert [tuple(record.values()) for record in records(values)] == rows


def test_each_record_is_its_own():
    first, second = records(by_column(NAMES, [(1, 2, 3), (4, 5, 6)]))
    first["a"] = 0
    assert second == {"a": 4, "b": 5, "c": 6}


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        list(records({"a": [1, 2], "b": [1]}))
