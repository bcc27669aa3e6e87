"""A batch: what changed between two moments, one row per job that was seen to change, as bytes.

Whoever follows PanDA writes batches in order; whoever keeps facets replays them. A later row of a job
replaces an earlier one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

import pyarrow as pa

from bigpandamon_core.domain.fields import Kind
from bigpandamon_core.facets.columns import COLUMNS, PANDAID, VERSION, WrongVersion, kept

PLACE = "place"
NAMES = (PLACE, *COLUMNS)
"""What a row of PanDA must have to become a row of a batch, by the names of the models, and its place."""
_TYPES = {Kind.TEXT: pa.string(), Kind.INTEGER: pa.int64(), Kind.TIME: pa.timestamp("us")}
_VERSION_KEY = b"bigpandamon.facets"
SCHEMA = pa.schema(
    [(PLACE, pa.uint8()), *((column.name, _TYPES[column.kind]) for column in COLUMNS.values())],
    {_VERSION_KEY: VERSION.encode()},
)


class Place(IntEnum):
    """Where the newest row of a job was: its table, or in none of them."""

    DEFINED = 0
    ACTIVE = 1
    ARCHIVED = 2
    GONE = 3


@dataclass(frozen=True, slots=True)
class Batch:
    """number: rises by one, without gaps within one store. as_of: naive UTC, up to when PanDA's changes are
    told with it. data: the rows, as `encode` makes them."""

    number: int
    as_of: datetime
    data: bytes


class Unreadable(Exception):
    """Bytes that are no batch, or no whole one."""


def encode(rows: Iterable[Mapping[str, Any]] | Mapping[str, Sequence[Any]]) -> bytes:
    """Rows of PanDA with their `place`, or the same as columns by name, as the bytes of a batch.

    Raises:
        KeyError: a column is missing.
        ValueError: a row has no pandaid or no known place (also pyarrow's, for a value of another type).
    """
    columns = rows if isinstance(rows, Mapping) else _columns(list(rows))
    table = pa.table([_array(field, columns[field.name]) for field in SCHEMA], schema=SCHEMA)
    _check(table)
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, SCHEMA, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def gone(pandaid: int) -> dict[str, Any]:
    """The row of a job that is in no table any more."""
    return dict.fromkeys(NAMES) | {PANDAID: pandaid, PLACE: Place.GONE}


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in NAMES}


def _array(field: Any, values: Sequence[Any]) -> Any:
    return pa.array(values if field.name == PLACE else kept(field.name, values), field.type)


def _check(table: Any) -> None:
    if table[PANDAID].null_count or table[PLACE].null_count:
        raise ValueError("every row of a batch needs pandaid and place")
    if any(place > max(Place) for place in table[PLACE].unique().to_pylist()):
        raise ValueError(f"a place beyond {max(Place)}")


def decode(data: bytes) -> Any:
    """The rows as a pyarrow.Table with the columns of SCHEMA.

    Raises:
        WrongVersion: its columns are others.
        Unreadable: it is no batch.
    """
    try:
        with pa.ipc.open_stream(data) as reader:
            version = (reader.schema.metadata or {}).get(_VERSION_KEY, b"none").decode()
            if version != VERSION:
                raise WrongVersion(version)
            return reader.read_all()
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(str(error)) from error
