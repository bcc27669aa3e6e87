"""The place after a row: what we wrote is read back, what others wrote is refused or harmless."""

import base64
import json
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.cursors import place, read_cursor, write_cursor
from bigpandamon_core.domain.problems import Problem
from tests.domain.requests import selection

NUMBERS = st.integers(-(2**63) + 1, 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
VALUES = st.one_of(
    st.none(), NUMBERS, TEXTS, st.datetimes(), st.decimals(allow_nan=False, allow_infinity=False)
)


@given(VALUES, NUMBERS)
def test_what_was_written_is_read(value, tie):
    assert read_cursor(write_cursor(value, tie)) == place(value, tie)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        ("", None),
        (0, 0),
        ("0", "0"),
        (datetime(2026, 1, 2, 3, 4, 5), "2026-01-02T03:04:05"),
        (timedelta(seconds=-1.5), -1_500_000),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_a_place_is_plain(value, kept):
    assert place(value, 7) == (kept, 7)


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "text",
    ["x", "!!!", "", "eA", *map(encoded, ([1], [1, 2, 3], {"a": 1}, [1, [None]], [1, None], [1, True],
     [True, 1], [1, [[2]]], [[1], 2], [1.5, 2], [float("nan"), 1], [float("inf"), 1], [2**63, 1], [1, 2**63],
     ["\ud800", 1], ["a\x00", 1])), encoded(None), base64.urlsafe_b64encode(b"[" * 9000).decode()],
)  # fmt: skip
def test_what_we_did_not_write_is_refused(text):
    with pytest.raises(Problem, match="cannot be read") as refused:
        read_cursor(text)
    assert refused.value.parameter == "after"


@given(st.text())
def test_no_text_breaks_it(text):
    with suppress(Problem):
        assert len(read_cursor(text)) == 2


def test_a_request_may_carry_one():
    assert selection(f"after={write_cursor('a+b%', 5)}").after == ("a+b%", 5)
