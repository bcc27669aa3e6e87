"""Numbers come out as they went in, and compare stored as they would compare themselves."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.facets.store.numbers import ABSENT, SECOND, microseconds, narrowest, packed
from tests.queries.odd_values import T

DAY = microseconds(T)
LARGE = st.integers(-(2**62), 2**62)
NUMBERS = st.one_of(
    LARGE,
    st.integers(0, 300),
    st.integers(0, 90_000).map(lambda second: DAY + second * SECOND),
    st.just(ABSENT),
)


def array(values):
    return np.array(values, np.int64)


@given(values=st.lists(NUMBERS, max_size=30))
def test_numbers_come_out_as_they_went_in(values):
    assert packed(array(values)).values.tolist() == values


@given(values=st.lists(NUMBERS, max_size=30), bound=st.one_of(NUMBERS, st.integers(-(2**70), 2**70)))
def test_bounds(values, bound):
    numbers = packed(array(values))
    present = [value != ABSENT for value in values]
    assert numbers.present.tolist() == present
    assert numbers.at_least(bound).tolist() == [value != ABSENT and value >= bound for value in values]
    assert numbers.at_most(bound).tolist() == [value != ABSENT and value <= bound for value in values]


@given(values=st.lists(NUMBERS, max_size=30), wanted=st.lists(st.one_of(NUMBERS, LARGE), max_size=9))
def test_membership(values, wanted):
    wanted = [value for value in wanted if value != ABSENT]
    found = packed(array(values)).one_of(array(wanted))
    assert found.tolist() == [value in wanted for value in values]


@given(values=st.lists(NUMBERS, max_size=30))
def test_membership_of_its_own_values(values):
    numbers = packed(array(values))
    present = [value for value in values if value != ABSENT]
    assert numbers.one_of(array(present)).tolist() == numbers.present.tolist()


@pytest.mark.parametrize(
    ("values", "width", "unit"),
    [
        ([DAY, DAY + 254 * SECOND], np.uint8, SECOND),
        ([DAY, DAY + 255 * SECOND], np.uint16, SECOND),
        ([DAY, DAY + 86_400 * SECOND, ABSENT], np.uint32, SECOND),
        ([DAY + 1, DAY + 1 + SECOND], np.uint8, SECOND),
        ([DAY, DAY + 1], np.uint8, 1),
        ([DAY, DAY + 86_400 * SECOND + 1], np.uint64, 1),
        ([6_900_000_000, 6_904_000_001], np.uint32, 1),
        ([ABSENT, ABSENT], np.uint8, SECOND),
    ],
)
def test_as_narrow_as_they_fit(values, width, unit):
    numbers = packed(array(values))
    assert (numbers.stored.dtype, numbers.unit) == (np.dtype(width), unit)
    assert numbers.values.tolist() == values


@pytest.mark.parametrize(
    ("most", "width"), [(0, 1), (255, 1), (256, 2), (65_535, 2), (65_536, 4), (2**32, 8)]
)
def test_codes_are_as_narrow_as_they_fit(most, width):
    assert narrowest(most).itemsize == width


def test_moments_are_exact():
    assert microseconds(T + timedelta(microseconds=1)) - microseconds(T) == 1
