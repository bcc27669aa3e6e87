"""Records from JSON: one object per line (NDJSON), or the objects of an array inside one large document."""

import json
from collections import deque
from collections.abc import Iterator
from functools import partial
from math import isfinite
from typing import Any, BinaryIO, Never

import ijson

from bigpandamon_core.sources.records import Reader, Record, Refused, Unreadable

LONGEST_LINE_BYTES = 64 * 1024 * 1024
DEEPEST = 64
NOT_AN_OBJECT = "not a JSON object"
BOM = b"\xef\xbb\xbf"
STEP = {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}
NOTHING = ("null", None)

Events = Iterator[tuple[str, object]]


def ndjson_records(stream: BinaryIO) -> Iterator[Record | Unreadable]:
    """One JSON object per line; blank lines are no records."""
    number = 0
    while line := stream.readline(LONGEST_LINE_BYTES):
        number += 1
        if len(line) == LONGEST_LINE_BYTES and not line.endswith(b"\n"):
            _skip_rest_of_line(stream)
            yield Unreadable(f"line {number}", f"longer than {LONGEST_LINE_BYTES} bytes")
        elif line.strip():
            yield _parsed(f"line {number}", line)


def _skip_rest_of_line(stream: BinaryIO) -> None:
    while (piece := stream.readline(LONGEST_LINE_BYTES)) and not piece.endswith(b"\n"):
        pass


def _parsed(place: str, line: bytes) -> Record | Unreadable:
    try:
        return _as_record(place, _read(line))
    except Refused as error:
        return Unreadable(place, str(error))


def json_document(stream: BinaryIO, most_bytes: int) -> Any:
    """A file that is one JSON document, held in memory.

    Raises:
        Refused: it is longer than that, no JSON, or has a number that no double holds.
    """
    content = stream.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise Refused(f"longer than {most_bytes} bytes")
    return _read(content)


def _read(content: bytes) -> Any:
    try:
        return json.loads(content, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Refused(f"not JSON: {error}"[:200]) from error


def _finite(text: str) -> float:
    return float(text) if isfinite(float(text)) else _refuse_constant(text)


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is no JSON number")


def _as_record(place: str, values: object) -> Record | Unreadable:
    return Record(place, values) if isinstance(values, dict) else Unreadable(place, NOT_AN_OBJECT)


def array_records(key: str) -> Reader:
    """A reader of a JSON document: its records are the objects of the array under that key of the outermost
    object, or of the array that the document itself is. Numbers with a fraction arrive as Decimal."""
    return partial(_array_records, key)


def _array_records(key: str, stream: BinaryIO) -> Iterator[Record | Unreadable]:
    number = 0
    try:
        for number, value in enumerate(_elements(_events(stream), key), 1):
            yield _as_record(f"record {number}", value)
    except ijson.JSONError as error:
        yield Unreadable(f"record {number + 1}", f"not JSON: {_first_line(error)}; nothing after it was read")
    except LookupError as error:
        yield Unreadable("record 1", str(error.args[0]))


def _events(stream: BinaryIO) -> Events:
    """The document's events; nesting is bounded, because each level costs memory."""
    if stream.read(len(BOM)) != BOM:
        stream.seek(0)
    depth = 0
    for event, value in ijson.basic_parse(stream):
        depth += STEP.get(event, 0)
        if depth > DEEPEST:
            raise ijson.JSONError(f"nested more than {DEEPEST} deep")
        yield event, value


def _elements(events: Events, key: str) -> Iterator[object]:
    """The elements of the array; LookupError if the document has none there."""
    event, _ = next(events, NOTHING)
    if event == "start_array":
        yield from _until_end(events)
    found = event == "start_array"
    for mark, name in events:
        if mark != "map_key":
            continue
        event, value = next(events, NOTHING)
        if name == key and event == "start_array":
            found = True
            yield from _until_end(events)
        else:
            deque(_one_value(event, value, events), maxlen=0)  # passed over, however long
    if not found:
        raise LookupError(f"no array {key!r} in this document")


def _until_end(events: Events) -> Iterator[object]:
    for event, value in events:
        if event == "end_array":
            return
        builder = ijson.ObjectBuilder()
        for part in _one_value(event, value, events):
            builder.event(*part)
        yield builder.value


def _one_value(event: str, value: object, events: Events) -> Events:
    """The events of the value that begins with this one, to its end."""
    yield event, value
    depth = STEP.get(event, 0)
    while depth > 0:
        event, value = next(events, NOTHING)
        yield event, value
        depth += STEP.get(event, 0)


def _first_line(error: Exception) -> str:
    """yajl tells a mistake in three lines, sometimes as bytes; the first says what, the others draw it."""
    told = error.args[0] if error.args else ""
    text = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
    return (text.splitlines() or ["unexpected end"])[0]
