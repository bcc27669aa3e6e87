"""Rows counted in one pass: chunks, rows taken back, names told otherwise, values that stand out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.summaries.jobs import Attribute, Tally, ValueCount, alphabetic, telling, told_as

STATE = Field("jobstatus", "", columns=("jobstatus", "jobsubstatus"), shown=lambda state, _sub: state)
QUEUE = Field("computingsite", "")
CORES = Field("actualcorecount", "", Kind.INTEGER)
FIELDS = (CORES, QUEUE, STATE)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "pandaid": st.integers(1, 9),
            "jobstatus": st.sampled_from(["failed", "finished", "holding", "running", "closed", None]),
            "jobsubstatus": st.sampled_from(["fg_partial", "fg_stumble", "", None]),
            "computingsite": st.sampled_from(["A", "B", "", None]),
            "actualcorecount": st.sampled_from([1, 8, None]),
            "piloterrorcode": st.sampled_from([0, 1099, 1305]),
            "superrorcode": st.sampled_from([0, 1]),
            "taskbuffererrorcode": st.sampled_from([0, 300]),
            "transexitcode": st.sampled_from([None, "0", "65", "abc"]),
        }
    ),
    max_size=12,
)


def counted(*chunks: tuple[int, list[dict[str, Any]]]) -> Tally:
    tally = Tally(FIELDS)
    for sign, rows in chunks:
        tally.add(sign, [tuple(row.get(name) for name in tally.columns) for row in rows])
    return tally


def results(tally: Tally) -> tuple[Any, ...]:
    errors = [(error.key, error.count, error.sites) for error in tally.errors()]
    return tally.total, tally.states(), tally.attributes(), errors, tally.failed, tally.finished


@given(rows=ROWS, cut=st.integers(0, 12))
def test_chunks_do_not_matter(rows: list[dict[str, Any]], cut: int):
    assert results(counted((1, rows))) == results(counted((1, rows[cut:]), (1, rows[:cut])))


@given(rows=ROWS, more=ROWS)
def test_rows_that_are_taken_back_leave_nothing(rows: list[dict[str, Any]], more: list[dict[str, Any]]):
    assert results(counted((1, rows), (1, more), (-1, more))) == results(counted((1, rows)))


@given(rows=ROWS)
def test_outcomes_are_those_of_the_state_as_shown(rows: list[dict[str, Any]]):
    def state(row: dict[str, Any]) -> Any:
        return {"fg_partial": "subfinished", "fg_stumble": "failed"}.get(
            row["jobsubstatus"], row["jobstatus"]
        )

    tally = counted((1, rows))
    assert tally.failed == sum(state(row) == "failed" for row in rows)
    assert tally.finished == sum(state(row) in ("finished", "subfinished") for row in rows)
    with_code = [row for row in rows if state(row) in ("failed", "holding") and row["piloterrorcode"] == 1099]
    assert sum(error.count for error in tally.errors() if error.key == "pilot:1099") == len(with_code)


def test_names_told_alike_are_counted_as_one():
    values = (ValueCount("Ada", 5, 2, 1), ValueCount("Not specified", 3), ValueCount("Bea", 2, 1))
    hidden = told_as(Attribute(QUEUE, values, 7), lambda _name: "")
    assert hidden == Attribute(QUEUE, (ValueCount("Not specified", 10, 3, 1),), 7)
    renamed = told_as(Attribute(QUEUE, values), str.upper)
    assert [value.value for value in renamed.values] == ["ADA", "Not specified", "BEA"]


def test_values_in_alphabetic_order():
    values = ["b", 10, "Not specified", "B", 9, "é", "a"]
    assert sorted(values, key=alphabetic) == [9, 10, "B", "a", "b", "é", "Not specified"]


@pytest.mark.parametrize(
    ("failed", "finished", "stands_out"), [(30, 10, True), (3, 1, False), (6, 34, False), (19, 0, False)]
)
def test_a_value_stands_out_when_it_is_no_chance(failed: int, finished: int, stands_out: bool):
    odd = ValueCount(8, failed + finished, failed, finished)
    assert telling(odd, 50 + failed, 950 + finished) == stands_out
