import json
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.sources.json_records import array_records, ndjson_records
from bigpandamon_core.sources.records import Record, Unreadable

pytestmark = pytest.mark.once

READER = array_records("jobs")


def read(content: bytes) -> list[Record | Unreadable]:
    return list(READER(BytesIO(content)))


def lines(content: bytes) -> list[Record | Unreadable]:
    return list(ndjson_records(BytesIO(content)))


def test_each_line_is_a_record_and_blank_lines_are_none():
    assert lines(b'{"a": 1}\n\n{"a": 2}') == [Record("line 1", {"a": 1}), Record("line 3", {"a": 2})]


@pytest.mark.parametrize(
    "bad", [b"{", b"[1]", b"7", b'{"a": NaN}', b'{"a": "\xff"}', b"[" * 100_000], ids=lambda bad: bad[:9]
)
def test_a_bad_line_is_told_and_the_next_read(bad: bytes):
    first, second = lines(bad + b'\n{"a": 1}\n')
    assert isinstance(first, Unreadable)
    assert first.place == "line 1"
    assert second == Record("line 2", {"a": 1})


def test_records_of_the_array_under_the_key():
    assert read(b'{"selectionsummary": [{"jobs": [9]}], "jobs": [{"a": 1}, {"a": [2, {"b": null}]}]}') == [
        Record("record 1", {"a": 1}),
        Record("record 2", {"a": [2, {"b": None}]}),
    ]


def test_a_document_that_is_the_array_itself():
    assert read(b'\xef\xbb\xbf [{"a": 1}]') == [Record("record 1", {"a": 1})]


def test_an_empty_answer_has_no_records_but_another_document_is_told():
    assert not read(b'{"jobs": []}')
    for other in (b"{}", b"7", b'{"jobs": {"a": 1}}', b'{"tasks": [{"a": 1}]}'):
        assert read(other) == [Unreadable("record 1", "no array 'jobs' in this document")]


def test_an_element_that_is_no_object_is_told_and_the_next_read():
    assert read(b'{"jobs": [1, {"a": 1}]}') == [
        Unreadable("record 1", "not a JSON object"),
        Record("record 2", {"a": 1}),
    ]


@pytest.mark.parametrize("end", [b'{"a":', b"", b'{"a": NaN}]}', b'{"a": "\xff"}]}', b"]"], ids=str)
def test_what_stands_before_a_mistake_is_read(end: bytes):
    good, bad = read(b'{"jobs": [{"a": 1}, ' + end)
    assert good == Record("record 1", {"a": 1})
    assert isinstance(bad, Unreadable)
    assert bad.place == "record 2"
    assert bad.reason.endswith("nothing after it was read")


def test_nesting_is_bounded():
    (item,) = read(b'{"jobs": ' + b"[" * 1_000_000)
    assert isinstance(item, Unreadable)
    assert "nested more than 64 deep" in item.reason


def test_numbers_keep_their_digits():
    (record,) = read(b'[{"a": 123456789012345678901234567890, "b": 0.1}]')
    assert isinstance(record, Record)
    assert record.values == {"a": 123456789012345678901234567890, "b": Decimal("0.1")}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.lists(st.dictionaries(st.text(max_size=5), values, max_size=4), max_size=4),
    st.dictionaries(st.text(), values),
)
def test_agrees_with_the_standard_parser(jobs: list[dict[str, object]], around: dict[str, object]):
    document = {**around, "jobs": jobs, "errsByCount": [{"jobs": []}]}
    found = [item.values for item in read(json.dumps(document).encode()) if isinstance(item, Record)]
    assert found == jobs


def test_both_readers_agree():
    objects: Iterator[dict[str, object]] = ({"pandaid": number, "text": "é" * number} for number in range(50))
    told = [json.dumps(each).encode() for each in objects]
    by_line = [item.values for item in lines(b"\n".join(told)) if isinstance(item, Record)]
    by_element = [item.values for item in read(b"[" + b",".join(told) + b"]") if isinstance(item, Record)]
    assert by_line == by_element
