"""Lines of text into a table, in the fastest way that each server has."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

LINES_AT_ONCE = 10_000
LINES_PER_WRITE = 500
ESCAPED = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}
UNESCAPED = re.compile(r"\\.")
NULL = "\\N"


def load(connection: BaseDatabaseWrapper, place: str, columns: Sequence[str], lines: Iterable[str]) -> int:
    """Append lines (as bulk.templates makes them, without an end) to a table. Returns how many."""
    names = ", ".join(map(connection.ops.quote_name, columns))
    return LOADERS[connection.vendor](connection, f"{place} ({names})", len(columns), lines)


def _postgresql(connection: BaseDatabaseWrapper, target: str, _width: int, lines: Iterable[str]) -> int:
    count, source = 0, iter(lines)
    with (
        transaction.atomic(using=connection.alias),
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY {target} FROM STDIN") as copy,
    ):
        while bunch := list(islice(source, LINES_PER_WRITE)):
            copy.write("\n".join(bunch) + "\n")
            count += len(bunch)
    return count


def _mysql(connection: BaseDatabaseWrapper, target: str, _width: int, lines: Iterable[str]) -> int:
    """The client sends files; the next one is written while the server takes the last."""
    table, _, columns = target.partition(" ")
    count, source = 0, iter(lines)
    with (
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(1) as aside,
        connection.cursor() as cursor,
    ):
        cursor.execute("SET unique_checks = 0, foreign_key_checks = 0")
        path, other = Path(folder, "lines"), Path(folder, "more_lines")
        written = aside.submit(_write, path, source)
        while size := written.result():
            written = aside.submit(_write, other, source)
            cursor.execute(
                f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE {table} CHARACTER SET utf8mb4 {columns}"
            )
            path, other = other, path
            count += size
        cursor.execute("SET unique_checks = 1, foreign_key_checks = 1")
    return count


def _write(path: Path, lines: Iterator[str]) -> int:
    """The next lines into a file; how many there were."""
    bunch = list(islice(lines, LINES_AT_ONCE))
    path.write_text("".join(f"{line}\n" for line in bunch), encoding="utf-8")
    return len(bunch)


def _sqlite(connection: BaseDatabaseWrapper, target: str, width: int, lines: Iterable[str]) -> int:
    count, source = 0, iter(lines)
    statement = f"INSERT INTO {target} VALUES ({', '.join(['%s'] * width)})"  # noqa: S608  # our own names
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        while bunch := [_values(line) for line in islice(source, LINES_AT_ONCE)]:
            cursor.executemany(statement, bunch)
            count += len(bunch)
    return count


def _values(line: str) -> list[str | None]:
    return [None if field == NULL else _unescaped(field) for field in line.split("\t")]


def _unescaped(field: str) -> str:
    return UNESCAPED.sub(lambda match: ESCAPED[match.group()], field) if "\\" in field else field


LOADERS: dict[str, Callable[[BaseDatabaseWrapper, str, int, Iterable[str]], int]] = {
    "postgresql": _postgresql,
    "mysql": _mysql,
    "sqlite": _sqlite,
}
