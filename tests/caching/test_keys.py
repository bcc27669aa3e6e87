"""What must not share an answer has another key; what means the same has the same."""

import dataclasses
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.caching.keys import Question, normalised, secret_of
from tests.caching.questions import QUESTION, SECRET, question

PARTS = [field.name for field in dataclasses.fields(Question) if field.name != "edition"]
TUPLES = ("parameters", "ignored")
texts = st.text(max_size=8)
pairs = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)


def other(part: str) -> object:
    return (("x", "y"),) if part == "parameters" else ("x",) if part == "ignored" else "something else"


@pytest.mark.parametrize("part", PARTS)
def test_each_part_makes_a_difference(part):
    assert question(**{part: other(part)}).key(SECRET) != QUESTION.key(SECRET)


def test_no_two_parts_are_taken_for_each_other():
    changed = [question(**{part: other(part)}).key(SECRET) for part in PARTS]
    both = [question(**{a: other(a), b: other(b)}).key(SECRET) for a, b in combinations(PARTS, 2)]
    assert len({*changed, *both, QUESTION.key(SECRET)}) == len(changed) + len(both) + 1


questions = st.builds(
    Question,
    **{part: texts for part in PARTS if part not in TUPLES},
    parameters=pairs,
    ignored=st.lists(texts, max_size=2).map(tuple),
)


@given(questions, questions)
def test_keys_are_equal_only_for_equal_questions(one, two):
    assert (one.key(SECRET) == two.key(SECRET)) == (dataclasses.replace(two, edition=one.edition) == one)


def test_a_newer_edition_takes_the_place_of_the_older():
    assert question(edition="e2").key(SECRET) == QUESTION.key(SECRET)


def test_nobody_without_the_secret_can_name_a_key():
    assert QUESTION.key(secret_of("another")) != QUESTION.key(SECRET)


def test_a_key_fits_memcached():
    long = question(parameters=(("taskname", "ä" * 20_000),), url="/\ud800")
    assert len(long.key(SECRET)) == 32


STEERING = frozenset({"json", "timestamp"})


@given(st.lists(st.tuples(st.sampled_from("abcde"), texts), unique_by=lambda pair: pair[0]), st.randoms())
def test_order_and_case_of_names_make_no_difference(parameters, random):
    shuffled = [(name.upper(), value) for name, value in parameters]
    random.shuffle(shuffled)
    assert normalised(shuffled, STEERING) == normalised(parameters, STEERING)


def test_of_a_repeated_name_the_last_counts():
    assert normalised([("a", "1"), ("A", "2")], STEERING) == (("a", "2"),)
    assert normalised([("A", "2"), ("a", "1")], STEERING) == (("a", "1"),)


def test_what_only_steers_is_left_out():
    assert normalised([("JSON", ""), ("a", "1"), ("timestamp", "5")], STEERING) == (("a", "1"),)


def test_values_keep_their_case():
    assert normalised([("a", "X")], STEERING) != normalised([("a", "x")], STEERING)
