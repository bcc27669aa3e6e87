"""Event logs that grow: what is new in them since a place, whatever became of the file meanwhile.

A place is known by its file and by the event before it. So it is found again when the file was renamed
(rotation), copied and emptied, or when another file got its inode number.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from glob import glob, has_magic
from hashlib import sha256
from os import fstat
from pathlib import Path
from typing import BinaryIO

from bigpandamon_htcondor_agent.event_log import Block, blocks

LOG = logging.getLogger(__name__)
BATCH = 2000
"""Events that are kept in one go."""
ATTEMPTS = 10
TAIL = 65_536
"""Bytes at the end of a log in which its last event is."""
_ROTATED = re.compile(r"\.(old|\d+|\d{8}T\d{6})\Z")


@dataclass(frozen=True, slots=True)
class Position:
    """After which event reading goes on. length, digest: of that event; written: of the file, nanoseconds."""

    inode: int
    offset: int
    length: int
    digest: str
    written: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Events in their order, when their file was changed last (naive UTC), and where the next ones begin."""

    blocks: list[Block]
    written: datetime
    position: Position


def logs(patterns: Iterable[str]) -> list[Path]:
    """The logs that paths and patterns name, each once; parts that rotation put aside belong to theirs."""
    names = {
        name for pattern in patterns for name in glob(pattern) or ([] if has_magic(pattern) else [pattern])
    }
    return [path for path in map(Path, sorted(names)) if not is_rotation(path)]


def is_rotation(path: Path) -> bool:
    """Whether the file is an older part of another one beside it."""
    return bool(_ROTATED.search(path.name)) and path.with_name(_ROTATED.sub("", path.name)).exists()


def news(path: Path, position: Position | None) -> Iterator[Batch]:
    """What came after the position, oldest first; without one, all there is. OSError: it cannot be read."""
    with ExitStack() as opened:
        parts = _since(path, _chain(path, opened), position)
        if len(parts) > 1 and not parts[-1].size:
            parts.pop()  # the one before it may still grow
        for part in parts:
            yield from _batches(part, last=part is parts[-1])


def latest(path: Path) -> Batch | None:
    """The last events of a log, None when there are none."""
    with path.open("rb") as stream:
        stream.seek(max(fstat(stream.fileno()).st_size - TAIL, 0))
        found = [block for block in blocks(stream) if block.whole]
        return _batch(stream, found) if found else None


@dataclass(slots=True)
class _Part:
    """An open file, so that renaming changes nothing any more, and where in it to begin."""

    path: Path
    stream: BinaryIO
    inode: int
    size: int
    written: int
    begin: int = 0

    def holds(self, position: Position) -> bool:
        if self.size < position.offset:
            return False
        self.stream.seek(position.offset - position.length)
        return sha256(self.stream.read(position.length)).hexdigest() == position.digest


def _open(path: Path, opened: ExitStack) -> _Part:
    stream = opened.enter_context(path.open("rb"))
    found = fstat(stream.fileno())
    return _Part(path, stream, found.st_ino, found.st_size, found.st_mtime_ns)


def _chain(path: Path, opened: ExitStack) -> list[_Part]:
    """Parts that rotation put aside, the oldest first, and the file itself; FileNotFoundError without it."""
    for _ in range(ATTEMPTS):
        with suppress(FileNotFoundError):
            current = _open(path, opened)
            names = (name for name in path.parent.iterdir() if name.name.startswith(f"{path.name}."))
            aside = [_open(name, opened) for name in names if _ROTATED.fullmatch(name.name[len(path.name) :])]
            if path.stat().st_ino == current.inode:
                return [*sorted(aside, key=_age), current]
    raise FileNotFoundError(f"{path}: it is not there, or was rotated while its parts were looked for")


def _age(part: _Part) -> tuple[int, int]:
    number = part.path.suffix[1:]
    return part.written, -int(number) if number.isdigit() else 0


def _since(path: Path, parts: list[_Part], position: Position | None) -> list[_Part]:
    if not position:
        return parts
    for part in sorted(parts, key=lambda part: part.inode != position.inode):
        if part.holds(position):
            part.begin = position.offset
            return parts[parts.index(part) :]
    LOG.warning(
        "%s: the place of the last event is gone; what was written since is read from its start", path
    )
    return [part for part in parts if part.written > position.written]


def _batches(part: _Part, *, last: bool) -> Iterator[Batch]:
    """The end of an event that has not come yet is waited for in the last file, and given up in others."""
    ready: list[Block] = []
    before: Block | None = None
    part.stream.seek(part.begin)
    for block in blocks(part.stream):
        if before:
            ready.append(before)
        if len(ready) == BATCH:
            yield _batch(part.stream, ready)
            ready = []
        before = block
    if before and (before.whole or not last):
        ready.append(before)
        if not before.whole:
            LOG.warning("%s: the last event, at byte %d, has no end", part.path, before.begin)
    if ready:
        yield _batch(part.stream, ready)


def _batch(stream: BinaryIO, ready: list[Block]) -> Batch:
    found, last = fstat(stream.fileno()), ready[-1]
    here = stream.tell()
    stream.seek(last.begin)
    digest = sha256(stream.read(last.end - last.begin)).hexdigest()
    stream.seek(here)
    written = datetime.fromtimestamp(found.st_mtime, UTC).replace(tzinfo=None)
    position = Position(found.st_ino, last.end, last.end - last.begin, digest, found.st_mtime_ns)
    return Batch(ready, written, position)
