"""The manifest: what a publication consists of. It is renamed into place last, and then all of it is seen."""

import json
import zlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bigpandamon_core.facets.columns import VERSION, WrongVersion
from bigpandamon_core.facets.store import files
from bigpandamon_core.facets.store.files import File, set_aside

NAME = "manifest"


@dataclass(frozen=True, slots=True)
class PartEntry:
    """failed, finished: how many rows stand first, and next; others follow. superseded: places of rows that
    count no more, rising, because a later batch told something else of their jobs."""

    file: File
    rows: int
    failed: int
    finished: int
    superseded: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DayEntry:
    """The jobs that ended on a day (UTC, by modificationtime). words: the dictionary of each coded column, as
    it grew."""

    day: date
    words: tuple[File, ...]
    parts: tuple[PartEntry, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """store: a name for this store; another stands for one that was rebuilt. generation: rises with each
    publication. batch: the last one that is in it. as_of: its moment, naive UTC. complete_since: jobs that
    ended since then are all here. live_day: the day whose dictionaries code the live part."""

    columns: str
    store: str
    generation: int
    batch: int
    as_of: datetime
    complete_since: datetime
    days: tuple[DayEntry, ...]
    live_day: date
    live: PartEntry | None

    @property
    def words(self) -> list[File]:
        return [file for day in self.days for file in day.words]

    @property
    def parts(self) -> list[File]:
        ended = [part.file for day in self.days for part in day.parts]
        return [*ended, self.live.file] if self.live else ended

    @property
    def files(self) -> list[File]:
        return [*self.words, *self.parts]

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(file.size for file in self.files)


def publish(folder: Path, manifest: Manifest) -> None:
    """Make it the one that readers see."""
    text = json.dumps(asdict(manifest), default=_written).encode()
    body = b"%08x\n%s" % (zlib.crc32(text), text)
    files.sync(folder)
    files.write(folder, NAME, lambda handle: handle.write(body))
    files.sync(folder)


def published(folder: Path) -> Manifest | None:
    """The manifest in place, None if there is none.

    Raises:
        Damaged: it is not whole.
        WrongVersion: the store has other columns.
    """
    path = folder / NAME
    try:
        checksum, _, text = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    if checksum != b"%08x" % zlib.crc32(text):
        raise set_aside(path, "wrong-checksum")
    found = json.loads(text)
    if found["columns"] != VERSION:
        raise WrongVersion(found["columns"])
    return _read(found)


def _written(moment: date) -> str:
    return moment.isoformat()


def _read(found: dict[str, Any]) -> Manifest:
    live = found["live"]
    return Manifest(
        **found
        | {
            "as_of": datetime.fromisoformat(found["as_of"]),
            "complete_since": datetime.fromisoformat(found["complete_since"]),
            "days": tuple(_day(day) for day in found["days"]),
            "live_day": date.fromisoformat(found["live_day"]),
            "live": _part(live) if live else None,
        }
    )


def _day(found: dict[str, Any]) -> DayEntry:
    return DayEntry(
        date.fromisoformat(found["day"]),
        tuple(File(**file) for file in found["words"]),
        tuple(_part(part) for part in found["parts"]),
    )


def _part(found: dict[str, Any]) -> PartEntry:
    return PartEntry(**found | {"file": File(**found["file"]), "superseded": tuple(found["superseded"])})
