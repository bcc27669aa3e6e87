"""Brings the changes of a simulated world into the database, each batch in one transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from bigpandamon_core.demo.simulation.records import Record
from bigpandamon_core.demo.simulation.statements import Statements, statements
from bigpandamon_core.domain.problems import Problem

ROWS_AT_ONCE = 2000
CACHE_KB = 200_000
"""SQLite's own 2 MB do not hold the indexes that a history fills."""
PATIENCE_MILLISECONDS = 60_000
"""How long SQLite waits while records are imported beside."""


class Writer:
    """absent: families of tables that this PanDA lacks; what belongs there is not written."""

    def __init__(self, connection: BaseDatabaseWrapper, absent: Iterable[str] = ()) -> None:
        self.connection = connection
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA cache_size = {-CACHE_KB}")
                cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}")
        self._statements = statements(connection, absent)

    def write(self, records: Iterable[Record], also: Callable[[CursorWrapper], None] | None = None) -> int:
        """Insert, move and update in one transaction; `also` writes in the same one. Returns rows written.

        A move is a delete and an insert. Raises Problem if a row to be moved is not where it should be.
        """
        moved, new, changed = _sorted(record for record in records if record.table in self._statements)
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            for table, rows in moved.items():
                self._delete(cursor, self._statements[table], rows)
            for table, rows in new.items():
                self._run(
                    cursor,
                    self._statements[table].insert,
                    map(self._statements[table].inserted, _values(rows)),
                )
            for table, rows in changed.items():
                self._run(
                    cursor,
                    self._statements[table].update,
                    map(self._statements[table].updated, _values(rows)),
                )
            if also is not None:
                also(cursor)
        for rows in (*new.values(), *changed.values()):
            mark_stored(rows)
        return sum(len(rows) for rows in (*new.values(), *changed.values()))

    def _delete(self, cursor: CursorWrapper, statement: Statements, rows: list[Record]) -> None:
        gone = self._run(cursor, statement.delete, map(statement.deleted, _values(rows)))
        if gone != len(rows):
            raise Problem(
                f"{len(rows) - gone} rows of {statement.table} are not where the simulator left them.",
                where="panda.url",
                remedy="Something else writes to this database: make another with `bigpandamon demo schema`.",
                code="demo-disturbed",
            )

    def _run(self, cursor: CursorWrapper, statement: str, rows: Iterable[list[Any]]) -> int:
        ready = list(rows)
        count = 0
        for first in range(0, len(ready), ROWS_AT_ONCE):
            cursor.executemany(statement, ready[first : first + ROWS_AT_ONCE])
            count += cursor.rowcount
        return count


def mark_stored(records: Iterable[Record]) -> None:
    for record in records:
        record.stored = record.table


def _sorted(records: Iterable[Record]) -> tuple[dict[str, list[Record]], ...]:
    """By table: rows to take away, rows to insert, rows to update."""
    moved: dict[str, list[Record]] = defaultdict(list)
    new: dict[str, list[Record]] = defaultdict(list)
    changed: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.stored == record.table:
            changed[record.table].append(record)
            continue
        new[record.table].append(record)
        if record.stored:
            moved[record.stored].append(record)
    return moved, new, changed


def _values(records: list[Record]) -> Iterable[dict[str, object]]:
    return (record.values for record in records)
