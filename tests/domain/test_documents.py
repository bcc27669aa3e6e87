"""Differences of documents lead from the one to the other and back, whatever is in them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.documents import canonical, difference, digest_of
from tests.domain.differences import applied, undone

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
)
DOCUMENTS = st.dictionaries(st.sampled_from("abcdé\0"), VALUES, max_size=5)


def same(one, other):
    """As JSON, in which NaN is NaN and 1 is neither 1.0 nor true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@given(DOCUMENTS, DOCUMENTS)
def test_there_and_back(old, new):
    change = difference(old, new)
    assert same(applied(old, change), new)
    assert same(undone(new, change), old)
    assert (change == {}) == same(old, new) == (digest_of(old) == digest_of(new))


@given(DOCUMENTS)
def test_what_is_kept_as_text_is_the_same_again(document):
    assert same(json.loads(canonical(document)), document)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"b": {"old": 2, "new": 3}}),
        ({}, {"a": None}, {"a": {"new": None}}),
        ({"a": None}, {}, {"a": {"old": None}}),
        ({"a": 1}, {"a": True}, {"a": {"old": 1, "new": True}}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 2, "x": 1}}, {}),
    ],
)
def test_what_is_told(old, new, change):
    assert difference(old, new) == change
