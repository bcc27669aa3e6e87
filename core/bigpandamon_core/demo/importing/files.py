"""Imports one record file: reads it in batches, has the kind write them, accounts for every record."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from bigpandamon_core.demo.importing import origins
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sources.records import Outcome, Reader, Record, RecordKind, Unreadable, Writer

BATCH = 500


@dataclass(slots=True)
class FileReport:
    """What became of a file's records.

    imported = added + completed + unchanged; records = imported + refused. before: when the same content was
    imported last under this name, None if never. kept: known records that contradict a stored value, which
    stays. left_out: how many records told a field that has no column.
    """

    path: Path
    kind: str
    before: datetime | None = None
    added: int = 0
    completed: int = 0
    unchanged: int = 0
    refused: int = 0
    kept: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def imported(self) -> int:
        return self.added + self.completed + self.unchanged

    @property
    def records(self) -> int:
        return self.imported + self.refused

    @property
    def changed_nothing(self) -> bool:
        return not self.added and not self.completed

    def count(self, outcome: Outcome) -> None:
        self.added += outcome.added
        self.completed += outcome.completed
        self.unchanged += outcome.unchanged
        self.refused += len(outcome.refused)
        self.kept += outcome.kept
        self.left_out.update(outcome.left_out)


class Watcher:
    """Is told how an import goes on; this one says nothing."""

    def refused(self, path: Path, refusals: Iterable[Unreadable]) -> None:
        """Records that were not stored, as they are met."""

    def progress(self, report: FileReport, bytes_read: int, size_bytes: int) -> None:
        """After each batch."""

    def finished(self, report: FileReport) -> None:
        """After each file."""


def import_file(kind: RecordKind, path: Path, watcher: Watcher) -> FileReport:
    """Import all records of the file that can be stored; importing it again changes nothing.

    Raises Problem if the file cannot be read, or the kind does not read such files or may not write.
    """
    read = reader(kind, path)
    writer = kind.writer(path)
    origins.require_tables()
    try:
        stream = path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from None
    with stream:
        file, before = origins.opened(path, kind)
        report = FileReport(path, kind.name, before)
        for batch in _batches(read(stream)):
            outcome = _written(kind, writer, batch)
            origins.remember(file, outcome.pandaids)
            report.count(outcome)
            watcher.refused(path, outcome.refused)
            watcher.progress(report, stream.tell(), path.stat().st_size)
        origins.closed(file, report.records, report.refused)
    watcher.finished(report)
    return report


def reader(kind: RecordKind, path: Path) -> Reader:
    """Problem if the kind has none for files with this suffix."""
    found = kind.reader(path)
    if found is None:
        raise Problem(
            f"{kind.name} reads files named {kind.files}.",
            where=str(path),
            remedy="Rename the file, or name another kind: see `bigpandamon import list`.",
            code="unknown-suffix",
        )
    return found


def unreadable(path: Path, error: OSError) -> Problem:
    return Problem(f"{path} cannot be read: {error.strerror}.", where=str(path), code="unreadable-file")


def _batches(items: Iterator[Record | Unreadable]) -> Iterator[list[Record | Unreadable]]:
    while batch := list(islice(items, BATCH)):
        yield batch


def _written(kind: RecordKind, writer: Writer, batch: list[Record | Unreadable]) -> Outcome:
    records = [item for item in batch if isinstance(item, Record)]
    outcome = writer.write(records) if records else Outcome()
    if outcome.records != len(records):
        raise AssertionError(f"kind {kind.name} accounts for {outcome.records} of {len(records)} records")
    outcome.refused += [item for item in batch if isinstance(item, Unreadable)]
    order = {item.place: number for number, item in enumerate(batch)}
    outcome.refused.sort(key=lambda refusal: order[refusal.place])
    return outcome
