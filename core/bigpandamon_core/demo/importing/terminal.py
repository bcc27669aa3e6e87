"""Tells a person how an import goes: refusals as they come, progress, at the end what became of each file."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bigpandamon_core.demo.importing.files import FileReport, Watcher
from bigpandamon_core.demo.importing.tree import TreeReport
from bigpandamon_core.domain.window import iso
from bigpandamon_core.sources.records import Unreadable

CLEAR_LINE = "\r\033[K"


class Terminal(Watcher):
    """Summaries go to standard output, refusals and progress (only on a terminal) to standard error."""

    def __init__(self) -> None:
        self.shows_progress = sys.stderr.isatty()

    def refused(self, path: Path, refusals: Iterable[Unreadable]) -> None:
        for refusal in refusals:
            self._clear()
            print(f"{path.name}, {refusal.place}: {refusal.reason}", file=sys.stderr)

    def progress(self, report: FileReport, bytes_read: int, size_bytes: int) -> None:
        if self.shows_progress:
            percent = 100 * bytes_read // max(size_bytes, 1)
            told = f"{report.path.name}: {percent} %, {report.records:,} records"
            print(CLEAR_LINE, told, sep="", end="", file=sys.stderr, flush=True)

    def finished(self, report: FileReport) -> None:
        self._clear()
        print("\n  ".join(lines(report)))

    def _clear(self) -> None:
        if self.shows_progress:
            print(CLEAR_LINE, end="", file=sys.stderr, flush=True)


def lines(report: FileReport) -> Iterator[str]:
    """What became of a file: the counts, then whatever its reader should know beside them."""
    yield (
        f"{report.path.name} ({report.kind}): {report.records} records, {report.refused} refused,"
        f" {report.imported} imported"
        f" ({report.added} new, {report.completed} completed, {report.unchanged} known)"
    )
    if report.changed_nothing:
        yield f"nothing changed{_since(report)}"
    elif report.before:
        yield f"imported before, at {iso(report.before)}, by now not all of it was there"
    if report.kept:
        yield f"{report.kept} records contradict what is stored; stored values stay"
    if report.left_out:
        told = ", ".join(f"{name} ({count})" for name, count in sorted(report.left_out.items()))
        yield f"not stored, for there is no column: {told}"


def _since(report: FileReport) -> str:
    return f": this very file was imported at {iso(report.before)}" if report.before else ""


def passed_over(report: TreeReport) -> None:
    """Name the files of no known kind."""
    if report.passed_over:
        names = ", ".join(str(path) for path in report.passed_over)
        print(f"Passed over {len(report.passed_over)} files of no known kind: {names}")
