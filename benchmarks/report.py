"""What the bench tells: lines of JSON, a table for the terminal, a table for the documentation."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

COLUMNS = ("measure", "value", "unit", "reference", "against", "ratio", "floor", "goal", "verdict")
Record = Mapping[str, Any]


def write(path: Path, about: Record, records: Iterable[Record]) -> None:
    """One JSON object a line, the first about the run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each) + "\n" for each in ({"run": about}, *records)))


def read(path: Path) -> tuple[Record, list[Record]]:
    """About the run, and its figures."""
    first, *rest = (json.loads(line) for line in path.read_text().splitlines())
    return first["run"], rest


def table(records: Iterable[Record]) -> Iterator[str]:
    """Lines for a terminal."""
    rows = [COLUMNS, *map(_cells, records)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(_aligned(row, widths)).rstrip()


def _aligned(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Texts to the left, numbers to the right."""
    for name, cell, width in zip(COLUMNS, row, widths, strict=True):
        yield cell.ljust(width) if name in ("measure", "unit", "against", "verdict") else cell.rjust(width)


def markdown(about: Record, records: Iterable[Record]) -> Iterator[str]:
    """The table of docs/performance.md."""
    told = ", ".join(f"{name} {value}" for name, value in about.items())
    yield f"Run: {told}."
    yield ""
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|" + "|".join("---" for _ in COLUMNS) + "|"
    for record in records:
        yield f"| {' | '.join(_cells(record))} |"


def _cells(record: Record) -> tuple[str, ...]:
    return tuple(_cell(record.get(name)) for name in COLUMNS)


def _cell(value: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
