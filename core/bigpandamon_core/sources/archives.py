"""What is inside a log: a tar or zip archive, packed or not, or a single file.

Nothing is written to disk by a member's name, and nothing is read beyond a size.
"""

import bz2
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from stat import S_ISLNK
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Protocol

BLOCK = 65_536
XZ_MEMORY = 128_000_000
EPOCH = datetime(1970, 1, 1)
PACKED = (".gz", ".bz2", ".xz")
_ENTRY = b"PK\x01\x02"
"""Begins each member in the directory of a zip archive."""


@dataclass(frozen=True)
class Caps:
    """archive_bytes: of an archive, unpacked. file_bytes: of one file. members: that are looked at."""

    archive_bytes: int
    file_bytes: int
    members: int = 2000


@dataclass(frozen=True)
class Member:
    """A file in a log. refused: why it is not shown, "" if it is. handle: by which its archive knows it."""

    path: str
    size: int
    modified: datetime | None
    refused: str
    handle: Any = None

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


class Unreadable(Exception):
    """A log that is not looked into; the message says why."""


class Log(Protocol):
    """A log that is open."""

    def members(self) -> Iterator[Member]: ...

    def read(self, member: Member, most_bytes: int) -> bytes: ...


_FAILURES = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(ValueError, OverflowError, LookupError, NotImplementedError, RuntimeError, MemoryError, struct.error),
)
"""What the libraries raise for archives that are broken, or made to break them."""


@contextmanager
def opened(packed: BinaryIO, name: str, caps: Caps) -> Iterator[tuple[Log, tuple[Member, ...]]]:
    """A log and what is in it. name: of the file it came as.

    Raises:
        Unreadable: it is broken, too large or has too many files.
    """
    with TemporaryFile() as room:
        try:
            plain = _unpacked(packed, room, caps.archive_bytes)
            log = _kind(plain, _unpacked_name(name), caps)
            found = tuple(_limited(log.members(), caps.members))
        except _FAILURES as error:
            raise Unreadable("the log cannot be read: it is broken") from error
        yield log, found


def content(log: Log, member: Member, caps: Caps) -> bytes:
    """Raises Unreadable: it is broken, or not as large as it says."""
    try:
        found = log.read(member, caps.file_bytes + 1)
    except _FAILURES as error:
        raise Unreadable("the file cannot be read: it is broken") from error
    if len(found) > caps.file_bytes:
        raise Unreadable("the file is larger than it says")
    return found


def _limited(members: Iterator[Member], most: int) -> Iterator[Member]:
    for place, member in enumerate(members):
        if place >= most:
            raise Unreadable(f"the log has more than {most} files")
        yield member


def _unpacked(packed: BinaryIO, room: BinaryIO, most_bytes: int) -> BinaryIO:
    """The log itself, or what it holds packed, in a file that has no name."""
    unpacker = _unpacker(packed)
    if unpacker is None:
        return packed
    size = 0
    for block in _blocks(packed, unpacker):
        size += len(block)
        if size > most_bytes:
            raise Unreadable(f"the log is larger than {most_bytes // 1_000_000} MB, unpacked")
        room.write(block)
    room.seek(0)
    return room


def _unpacker(packed: BinaryIO) -> Callable[[], Any] | None:
    begins = packed.read(6)
    packed.seek(0)
    if begins.startswith(b"\x1f\x8b"):
        return Gunzip
    if begins.startswith(b"BZh"):
        return bz2.BZ2Decompressor
    if begins.startswith(b"\xfd7zXZ\0"):
        return lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY)
    return None


class Gunzip:
    """zlib's unpacker with the words of the others."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, packed: bytes, most: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + packed, most)


def _blocks(packed: BinaryIO, unpacker: Callable[[], Any]) -> Iterator[bytes]:
    """Small pieces, whatever they become; parts packed one after the other are one file. What follows the
    last part and is none is left out, as the usual programs do."""
    part, waiting = unpacker(), packed.read(BLOCK)
    while True:
        yield part.decompress(waiting, BLOCK)
        waiting = b""
        if part.eof:
            waiting = (part.unused_data or packed.read(BLOCK)).lstrip(b"\0")
            if not waiting:
                return
            part = unpacker()
        elif part.needs_input:
            waiting = packed.read(BLOCK)
            if not waiting:
                raise EOFError


def _kind(plain: BinaryIO, name: str, caps: Caps) -> Log:
    begins = plain.read(265)
    plain.seek(0)
    if begins.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Zip(plain, caps)
    if begins[257:262] == b"ustar":
        return Tar(plain, caps)
    return Single(plain, name, caps)


def _unpacked_name(name: str) -> str:
    return next((name.removesuffix(end) for end in PACKED if name.endswith(end)), name)


class Single:
    """A log that is a file."""

    def __init__(self, plain: BinaryIO, name: str, caps: Caps):
        self._plain = plain
        self._name = name
        self._caps = caps

    def members(self) -> Iterator[Member]:
        size = self._plain.seek(0, 2)
        yield Member(self._name, size, None, _too_large(size, self._caps))

    def read(self, _member: Member, most_bytes: int) -> bytes:
        self._plain.seek(0)
        return self._plain.read(most_bytes)


class Tar:
    """A tar archive."""

    def __init__(self, plain: BinaryIO, caps: Caps):
        # pylint: disable-next=consider-using-with  # its file is closed by who opened it
        self._tar = tarfile.open(fileobj=plain, mode="r:")  # noqa: SIM115
        self._caps = caps

    def members(self) -> Iterator[Member]:
        for info in self._tar:
            if not info.isdir():
                refused = _refused(info.name) or self._why_not(info)
                yield Member(_shown(info.name), info.size, _moment(info.mtime), refused, info)

    def _why_not(self, info: tarfile.TarInfo) -> str:
        if info.issym() or info.islnk():
            return "a link"
        return _too_large(info.size, self._caps) if info.isreg() else "no plain file"

    def read(self, member: Member, most_bytes: int) -> bytes:
        found = self._tar.extractfile(member.handle)
        return found.read(most_bytes) if found else b""


class Zip:
    """A zip archive."""

    def __init__(self, plain: BinaryIO, caps: Caps):
        _refuse_many(plain, caps.members)
        # pylint: disable-next=consider-using-with  # as above
        self._zip = zipfile.ZipFile(plain)
        self._caps = caps

    def members(self) -> Iterator[Member]:
        for info in self._zip.infolist():
            if not info.is_dir():
                refused = _refused(info.filename) or self._why_not(info)
                yield Member(_shown(info.filename), info.file_size, _date(info.date_time), refused, info)

    def _why_not(self, info: zipfile.ZipInfo) -> str:
        if S_ISLNK(info.external_attr >> 16):
            return "a link"
        return "encrypted" if info.flag_bits & 1 else _too_large(info.file_size, self._caps)

    def read(self, member: Member, most_bytes: int) -> bytes:
        with self._zip.open(member.handle) as found:
            return found.read(most_bytes)


def _refuse_many(plain: BinaryIO, most: int) -> None:
    """A directory is read as a whole; its entries are counted before."""
    count = 0
    while block := plain.read(1_000_000):
        count += block.count(_ENTRY)
        if count > most:
            raise Unreadable(f"the log has more than {most} files")
    plain.seek(0)


def _refused(path: str) -> str:
    """Names that lead out of the folder in which an archive would be unpacked."""
    named = path.replace("\\", "/")
    if PurePosixPath(named).is_absolute() or named[1:2] == ":":
        return "an absolute name"
    return "a name that leads out" if ".." in named.split("/") else ""


def _too_large(size: int, caps: Caps) -> str:
    return f"larger than {caps.file_bytes // 1_000_000} MB" if size > caps.file_bytes else ""


def _shown(path: str) -> str:
    """A name that is whole text."""
    return path.encode("utf-8", "replace").decode().removeprefix("./")


def _moment(seconds: float) -> datetime | None:
    try:
        return EPOCH + timedelta(seconds=int(seconds))
    except (OverflowError, ValueError):
        return None


def _date(parts: tuple[int, int, int, int, int, int]) -> datetime | None:
    try:
        return datetime(*parts)
    except ValueError:
        return None
