"""Records from CSV: a header line, then one record per row. UTF-8, commas, quotes as in RFC 4180."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from bigpandamon_core.sources.records import Record, Unreadable

LONGEST_FIELD_CHARACTERS = 64 * 1024 * 1024
"""A longer field is refused: more likely a quote that never closes than a value."""


def csv_records(stream: BinaryIO) -> Iterator[Record | Unreadable]:
    """A record's values are texts; bytes that are not UTF-8 arrive as lone surrogates, for the column's
    converter to refuse. Blank lines are no records."""
    csv.field_size_limit(LONGEST_FIELD_CHARACTERS)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _rows(text)
    finally:
        text.detach()  # the stream belongs to the caller; the wrapper would close it


def _rows(text: io.TextIOWrapper) -> Iterator[Record | Unreadable]:
    reader = csv.reader(text, strict=True)
    header: list[str] = []
    while True:
        place = f"line {reader.line_num + 1}"
        try:
            cells = next(reader)
        except StopIteration:
            if not header:
                yield Unreadable(place, "no header, as the file is empty")
            return
        except csv.Error as error:
            yield Unreadable(place, f"not CSV: {error}")
            continue
        if not cells:
            continue
        if header:
            yield _record(place, header, cells)
        elif mistake := _header_mistake(cells):
            yield Unreadable(place, mistake)
            return
        else:
            header = [name.strip() for name in cells]


def _header_mistake(cells: list[str]) -> str:
    names = [name.strip() for name in cells]
    if "" in names:
        return f"column {names.index('') + 1} of the header has no name; nothing of this file was read"
    repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if repeated:
        return f"the header names {', '.join(repeated)} more than once; nothing of this file was read"
    return ""


def _record(place: str, header: list[str], cells: list[str]) -> Record | Unreadable:
    if len(cells) != len(header):
        return Unreadable(place, f"{len(cells)} cells under a header of {len(header)}")
    return Record(place, dict(zip(header, cells, strict=True)))
