"""Saved definitions of queues: a JSON document of one queue, or of several by name, as an information
system gives them (CRIC, AGIS) or as PanDA itself held them (schedconfig)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bigpandamon_core.demo.importing.rows import Row, complete, read
from bigpandamon_core.demo.importing.tables import key
from bigpandamon_core.demo.importing.writing import RowWriter
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.sources.records import Record, RecordKind, Refused, Unreadable

MOST_BYTES = 64 * 1024 * 1024
"""Of a document, which is held in memory: that of a thousand queues has a tenth of it."""
CHANGED = ("last_modified", "lastmod")
NAMES = frozenset({"nickname", "siteid"})


def queue_records(stream: BinaryIO) -> Iterator[Record | Unreadable]:
    """Each definition of the document; what else it holds is told."""
    text = stream.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        yield Unreadable("the document", f"longer than {MOST_BYTES} bytes")
        return
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield Unreadable("the document", f"not JSON: {error}")
        return
    is_one = not isinstance(document, dict) or document.keys() >= NAMES
    for place, values in [("the document", document)] if is_one else document.items():
        is_queue = isinstance(values, dict) and values.keys() >= NAMES
        yield Record(place, values) if is_queue else Unreadable(place, "no definition of a queue")


def queue_row(record: Record) -> Row:
    """Refused if the definition names no queue or a column cannot hold its value."""
    values = record.values
    if not values["nickname"]:
        raise Refused("no nickname")
    changed = next((values[name] for name in CHANGED if values.get(name)), None)
    told = {"panda_queue": values["nickname"], "data": values, "last_update": changed}
    return read(SchedconfigJson, told)


def writer(_path: Path) -> RowWriter:
    return RowWriter(queue_row, complete, key(SchedconfigJson), (SchedconfigJson,))


def recognises(_path: Path, record: Record) -> bool:
    return record.values.keys() >= NAMES


KIND = RecordKind(
    name="queues",
    help="definitions of queues: a JSON document of one, or of several by name",
    readers={".json": queue_records},
    writer=writer,
    recognises=recognises,
)
