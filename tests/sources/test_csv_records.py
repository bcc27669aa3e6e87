from io import BytesIO

import pytest

from bigpandamon_core.sources.csv_records import csv_records
from bigpandamon_core.sources.records import Record, Unreadable

pytestmark = pytest.mark.once


def read(content: bytes) -> list[Record | Unreadable]:
    return list(csv_records(BytesIO(content)))


def test_rows_become_records_under_the_header_s_names():
    assert read(b'a,b\n1,"x, y"\n') == [Record("line 2", {"a": "1", "b": "x, y"})]


def test_place_is_the_line_a_record_begins_at():
    places = [item.place for item in read(b'a,b\n1,"two\nlines"\n\n3,4\n')]
    assert places == ["line 2", "line 5"]


@pytest.mark.parametrize(("content", "place"), [(b"", "line 1"), (b"\n\n", "line 3")])
def test_an_empty_file_is_no_table(content, place):
    assert read(content) == [Unreadable(place, "no header, as the file is empty")]


def test_a_header_alone_is_a_table_without_rows():
    assert read(b"a,b\n") == []


def test_wrong_number_of_cells_is_told_and_the_next_row_read():
    assert read(b"a,b\n1\n2,3\n") == [
        Unreadable("line 2", "1 cells under a header of 2"),
        Record("line 3", {"a": "2", "b": "3"}),
    ]


def test_broken_quotes_are_told_and_the_next_row_read():
    broken, good = read(b'a,b\n"x"y,1\n2,3\n')
    assert isinstance(broken, Unreadable)
    assert broken.place == "line 2"
    assert good == Record("line 3", {"a": "2", "b": "3"})


def test_a_quote_that_never_closes_is_told():
    (item,) = read(b'a\n"never closed\n1\n2\n')
    assert isinstance(item, Unreadable)
    assert (item.place, item.reason) == ("line 2", "not CSV: unexpected end of data")


def test_repeated_or_missing_names_in_the_header_refuse_the_file():
    assert [item.place for item in read(b"a,b,a\n1,2,3\n")] == ["line 1"]
    assert [item.place for item in read(b"a,,b\n1,2,3\n")] == ["line 1"]


def test_mark_of_byte_order_is_not_part_of_the_first_name():
    assert read(b"\xef\xbb\xbfa\n1\n") == [Record("line 2", {"a": "1"})]


def test_bytes_that_are_not_utf8_reach_the_converter():
    assert read(b"a\n\xff\n") == [Record("line 2", {"a": "\udcff"})]


def test_the_stream_stays_open_for_its_owner():
    stream = BytesIO(b"a\n1\n")
    list(csv_records(stream))
    assert not stream.closed


def test_a_long_field_is_read():
    long = b"x" * 1_000_000
    assert read(b"a\n" + long + b"\n") == [Record("line 2", {"a": long.decode()})]
