"""Payloads as bytes, whole or as they arrive."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import Any

import orjson

from bigpandamon_core.payloads.call import Later, Table

OPTIONS = (orjson.OPT_OMIT_MICROSECONDS, orjson.OPT_OMIT_MICROSECONDS | orjson.OPT_NON_STR_KEYS)
"""For nearly all there is to encode, and for the rest: looking at the kinds of keys takes a third longer."""
BATCH = 100


def encode(value: Any) -> bytes:
    """One JSON value; times as `YYYY-MM-DDTHH:MM:SS` without a zone, decimals as numbers.

    Stored JSON may hold what orjson refuses: whole numbers beyond 64 bits, halves of surrogate pairs. Numbers
    that are not finite are null.
    """
    for options in OPTIONS:
        with suppress(orjson.JSONEncodeError):
            return orjson.dumps(value, default=_default, option=options)
    return json.dumps(_finite(value), default=_default, separators=(",", ":"), allow_nan=False).encode()


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _default(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    raise TypeError(f"{type(value).__name__} has no JSON form")


def json_chunks(content: Any) -> Iterator[bytes]:
    """JSON as it is made: iterators become arrays row by row, Later parts are computed in their turn."""
    if isinstance(content, Iterator):
        yield from _array(content)
        return
    if not isinstance(content, dict) or not any(
        isinstance(part, Iterator | Later) for part in content.values()
    ):
        yield encode(content)
        return
    before = b"{"
    for name, part in content.items():
        value = part.compute() if isinstance(part, Later) else part
        if isinstance(part, Later) and part.optional and not value:
            continue
        yield before + encode(name) + b":"
        before = b","
        if isinstance(part, Iterator):
            yield from _array(part)
        else:
            yield encode(value)
    yield b"}"


def _array(rows: Iterator[Any]) -> Iterator[bytes]:
    begin = b"["
    while batch := list(islice(rows, BATCH)):
        yield begin + memoryview(encode(batch))[1:-1]
        begin = b","
    yield b"]" if begin == b"," else b"[]"


def csv_chunks(table: Table) -> Iterator[bytes]:
    """Comma separated with a heading line; a cell that a spreadsheet takes for a formula gets a quote."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_cell(row[name]) for name in table.columns])
        if buffer.tell() > 65_536:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _cell(value: Any) -> Any:
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def ndjson_chunks(table: Table) -> Iterator[bytes]:
    """One JSON object a line; the last line says that the answer is whole and how many rows it has."""
    rows, count = iter(table.rows), 0
    while batch := list(islice(rows, BATCH)):
        count += len(batch)
        yield b"".join(encode({name: row[name] for name in table.columns}) + b"\n" for row in batch)
    yield encode({"_complete": True, "_rows": count}) + b"\n"


def text_chunks(table: Table) -> Iterator[bytes]:
    """Aligned columns for a terminal."""
    rows = [[_word(row[name]) for name in table.columns] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(table.columns, *rows, strict=True)]
    for cells in ([*table.columns], *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield (line.rstrip() + "\n").encode()
    if table.note:
        yield (table.note + "\n").encode()


def _word(value: Any) -> str:
    if value is None:
        return ""
    text = value.strftime("%Y-%m-%d %H:%M:%S") if hasattr(value, "strftime") else str(value)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


CHUNKS = {"json": json_chunks, "csv": csv_chunks, "ndjson": ndjson_chunks, "text": text_chunks}


def whole_or_rest(chunks: Iterator[bytes], most_bytes: int) -> tuple[bytes, Iterator[bytes] | None]:
    """The beginning of an answer, and the rest if it is longer than `most_bytes` (None if it is whole)."""
    taken, size = [], 0
    for chunk in chunks:
        taken.append(chunk)
        size += len(chunk)
        if size > most_bytes:
            return b"".join(taken), chunks
    return b"".join(taken), None
