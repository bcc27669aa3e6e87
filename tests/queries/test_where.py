"""A condition means the same as a predicate over rows in memory and as SQL, on every database."""

from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bigpandamon_core.domain.conditions import Not, Op, Test
from tests.queries.agreement import expected, found
from tests.queries.odd_values import conditions, text_tests


@given(condition=conditions)
@example(Test("nucleus", Op.FOLDED_LIKE, ("", "%", "")))
@example(Test("nucleus", Op.LIKE, ("", "_", "")))
@example(Test("computingsite", Op.FOLDED, " "))
@example(Test("corecount", Op.AT_LEAST, -32769))
@example(Not(Test("corecount", Op.AT_MOST, 10**6)))
@example(Test("computingsite", Op.FOLDED, "a "))
@example(Not(Test("nucleus", Op.EQUAL, "")))
def test_sql_and_memory_agree(stored, condition):
    assert found(condition) == expected(condition, stored)


@pytest.mark.parametrize("number", [2, 9, 11, 101, 501, 1200, 3000])
@pytest.mark.parametrize("column", ["computingsite", "nucleus"])
def test_long_lists_of_texts_agree(stored, column, number):
    """As of all queues of a region; to the letter, trailing blanks and case included."""
    invented = (f"QUEUE_{place}" for place in range(number - 8))
    wanted = tuple([*islice(invented, number), "a", "A", "a  ", "é", "ab", "%", "", " "][-number:])
    for condition in (Test(column, Op.ONE_OF, wanted), Not(Test(column, Op.ONE_OF, wanted))):
        assert found(condition) == expected(condition, stored)


@given(condition=text_tests)
def test_a_comparison_and_its_negation_are_all_rows(stored, condition):
    """Two-valued: what is absent fulfils the negation."""
    taken, left = found(condition), found(Not(condition))
    assert taken == expected(condition, stored)
    assert not taken & left
    assert len(taken | left) == len(stored)


@given(condition=st.one_of(text_tests, conditions))
def test_collations_are_not_relied_on(stored, ignoring_case, condition):
    assert found(condition) == expected(condition, stored)
