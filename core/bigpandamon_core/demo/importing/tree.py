"""Imports whatever is recognised below a folder; what is not is named, not guessed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bigpandamon_core.demo.importing.files import FileReport, Watcher, import_file, unreadable
from bigpandamon_core.demo.importing.kinds import KINDS
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sources.records import Record, RecordKind


@dataclass(slots=True)
class TreeReport:
    """imported: one report per recognised file. passed_over: files of no known kind."""

    imported: list[FileReport] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)


def import_tree(
    path: Path, watcher: Watcher | None = None, kinds: Sequence[RecordKind] = KINDS
) -> TreeReport:
    """Import the file, or every recognised file below the folder, in the order of their paths.

    Raises Problem if there is nothing at that path, or the PanDA database is not one of the demonstration's.
    """
    report = TreeReport()
    for file in _files(path):
        kind = recognised(file, kinds)
        if kind is None:
            report.passed_over.append(file)
        else:
            report.imported.append(import_file(kind, file, watcher or Watcher()))
    return report


def recognised(path: Path, kinds: Sequence[RecordKind] = KINDS) -> RecordKind | None:
    """The first kind that knows the file by its name and first record; None for files of another sort."""
    for kind in kinds:
        first = _first_record(kind, path)
        if first is not None and kind.recognises(path, first):
            return kind
    return None


def _first_record(kind: RecordKind, path: Path) -> Record | None:
    read = kind.reader(path)
    if read is None:
        return None
    try:
        with path.open("rb") as stream:
            return next((item for item in read(stream) if isinstance(item, Record)), None)
    except OSError as error:
        raise unreadable(path, error) from None


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        return iter((path,))
    if not path.is_dir():
        raise Problem(f"There is nothing at {path}.", where=str(path), code="unreadable-file")
    return iter(sorted(file for file in path.rglob("*") if file.is_file() and not _is_hidden(file, path)))


def _is_hidden(file: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(below).parts)
