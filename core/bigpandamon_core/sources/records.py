"""Saved records: what a reader yields, what a writer answers, and the declaration that joins the two.

A kind of record file is declared once, as a RecordKind; core declares its own, plugins add theirs.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the file tells it. place: where it stands, for people ("line 17", "record 3")."""

    place: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A place in the file that holds no record, and why."""

    place: str
    reason: str


class Refused(Exception):
    """A record that cannot be stored; the message says which column or rule is against it."""


Reader = Callable[[BinaryIO], Iterator[Record | Unreadable]]
"""Yields the records of an open file one by one, in flat memory. A record it cannot read is yielded as
Unreadable and the next one follows, as far as the format allows."""


@dataclass(slots=True)
class Outcome:
    """What became of a batch of records; every record is counted exactly once.

    added: new. completed: known, something absent was filled. unchanged: known, nothing to add.
    refused: not stored. kept: how many of the known ones say something else than what is stored (the stored
    value stays). left_out: fields with a value but no column for it. pandaids: jobs the records are about.
    """

    added: int = 0
    completed: int = 0
    unchanged: int = 0
    refused: list[Unreadable] = field(default_factory=list)
    kept: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    pandaids: list[int] = field(default_factory=list)

    @property
    def imported(self) -> int:
        return self.added + self.completed + self.unchanged

    @property
    def records(self) -> int:
        return self.imported + len(self.refused)


class Writer(Protocol):
    """Stores batches of records of one file. Writing the same records again changes nothing."""

    def write(self, records: Sequence[Record]) -> Outcome: ...


ANY = ""
"""In a kind's readers: for files whose names end as no other reader's do."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record file.

    readers: reader by file suffix (".csv"), under ANY for files of all other names. writer: called once per
    file, with its path.
    recognises: whether a file of these suffixes is of this kind, from its path and first record.
    """

    name: str
    help: str
    readers: Mapping[str, Reader]
    writer: Callable[[Path], Writer]
    recognises: Callable[[Path, Record], bool]

    @property
    def suffixes(self) -> tuple[str, ...]:
        return tuple(suffix for suffix in self.readers if suffix != ANY)

    @property
    def files(self) -> str:
        """Which files it reads, for people."""
        named = [f"*{suffix}" for suffix in self.suffixes]
        return ", ".join([*named, "any other name"] if ANY in self.readers else named)

    def reader(self, path: Path) -> Reader | None:
        """What reads a file of this name; None if nothing does."""
        return self.readers.get(path.suffix.lower(), self.readers.get(ANY))
