"""Files that are written once, durably, and known by size and checksum."""

import contextlib
import mmap
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

TEMPORARY = ".tmp"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """size: bytes. checksum: CRC-32 of all of them."""

    name: str
    size: int
    checksum: int


class Damaged(Exception):
    """A file is not what was written: the store cannot be used and has to be rebuilt from batches.

    reason: a few words that can stand in a file's name.
    """

    def __init__(self, name: str, reason: str):
        super().__init__(f"{name}: {reason.replace('-', ' ')}; the store has to be rebuilt from batches")
        self.name = name
        self.reason = reason


class _Counted:
    """A file that notes the size and the checksum of what is written to it."""

    closed = False

    def __init__(self, handle: BinaryIO):
        self._handle = handle
        self.size = self.checksum = 0

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self._handle.write(view)
        self.size += view.nbytes
        self.checksum = zlib.crc32(view, self.checksum)
        return view.nbytes

    def flush(self) -> None:
        self._handle.flush()


def write(folder: Path, name: str, fill: Callable[[Any], None]) -> File:
    """Write a file under a temporary name and rename it when all of it is on the disk.

    fill: is given the open file. Raises OSError, and leaves nothing, where it cannot be written.
    """
    temporary = folder / (name + TEMPORARY)
    try:
        with temporary.open("wb", buffering=0) as handle:
            counted = _Counted(handle)
            fill(counted)
            os.fsync(handle.fileno())
        temporary.rename(folder / name)
    finally:
        temporary.unlink(missing_ok=True)
    return File(name, counted.size, counted.checksum)


def sync(folder: Path) -> None:
    """Names that were given are on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_batch(folder: Path, name: str, batch: Any) -> File:
    """Write a pyarrow.RecordBatch, uncompressed, so that it can be mapped."""

    def fill(handle: Any) -> None:
        with pa.ipc.new_file(handle, batch.schema) as writer:
            writer.write_batch(batch)

    return write(folder, name, fill)


def mapped(folder: Path, file: File) -> Any:
    """A file of write_batch in memory, after a look at all of it, as a pyarrow.RecordBatch.

    Raises:
        Damaged: its size or checksum is another; it has been set aside.
        FileNotFoundError: it is not there.
    """
    path = folder / file.name
    with path.open("rb", buffering=0) as handle:
        if os.fstat(handle.fileno()).st_size != file.size:
            raise set_aside(path, "wrong-size")
        if _checksum(handle) != file.checksum:
            raise set_aside(path, "wrong-checksum")
        content = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
    with pa.ipc.open_file(pa.py_buffer(content)) as reader:
        return reader.get_batch(0)


def _checksum(handle: BinaryIO) -> int:
    """Of all that a file holds. It is not looked at where it is mapped: the process would be as large as if
    every column were in use."""
    found = 0
    while block := handle.read(_BLOCK):
        found = zlib.crc32(block, found)
    return found


def set_aside(path: Path, reason: str) -> Damaged:
    """Rename a damaged file, so that nobody uses it and somebody can look at it. A reader may not be allowed
    to; it does not use the file either."""
    with contextlib.suppress(OSError):
        path.rename(path.with_name(f"{path.name}.{reason}"))
    return Damaged(path.name, reason)
