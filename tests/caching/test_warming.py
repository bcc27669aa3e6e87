"""Only the instance itself may have answers made anew."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.caching.warming import LONGEST_SECONDS, ahead, asking

SECRET, OTHER = "s" * 50, "o" * 50


@pytest.mark.parametrize("seconds", [0, 60, LONGEST_SECONDS])
def test_who_knows_the_secret(seconds):
    assert ahead(asking(seconds, SECRET), SECRET) == timedelta(seconds=seconds)
    assert ahead(asking(seconds, OTHER), SECRET) == timedelta(0)


def test_it_is_for_a_day_at_most():
    assert ahead(asking(10**9, SECRET), SECRET) == timedelta(seconds=LONGEST_SECONDS)


@given(st.text())
def test_who_does_not(text):
    assert ahead(text, SECRET) == timedelta(0)
    assert ahead(f"60 {text}", SECRET) == timedelta(0)


def test_the_secret_is_not_told():
    assert SECRET not in asking(60, SECRET)
