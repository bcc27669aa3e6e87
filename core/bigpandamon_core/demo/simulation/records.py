"""Rows of the simulated PanDA, and which of them the database does not hold yet as they are now."""

from datetime import datetime
from typing import Any

EPOCH = datetime(1970, 1, 1)
"""modificationtime of what belongs to a job (files, parameters, metadata) while the job lives."""

Row = dict[str, Any]


class Record:
    """A row. table: where it belongs now. stored: where the database has it, "" before it was written."""

    __slots__ = ("stored", "table", "values")

    def __init__(self, table: str, values: Row) -> None:
        self.table = table
        self.stored = ""
        self.values = values


class Changes:
    """Records made or changed since they were last taken, in the order of the first change."""

    def __init__(self) -> None:
        self._touched: dict[int, Record] = {}

    def add(self, table: str, values: Row) -> Record:
        record = Record(table, values)
        self._touched[id(record)] = record
        return record

    def touch(self, record: Record) -> None:
        self._touched[id(record)] = record

    def take(self) -> list[Record]:
        taken = list(self._touched.values())
        self._touched = {}
        return taken
