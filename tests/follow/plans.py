"""Plans of MariaDB and PostgreSQL as `bigpandamon queries --explain` prints them, read independently."""

import re
from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

ASKED = {
    *("changes.how_many", "changes.living", "changes.period", "changes.since", "changes.unstamped"),
    *("changes.last_ended", "changes.whole", "changes.with_number", "jobs.doubles", "jobs.living_by"),
}
"""Everything that the leader asks, which a test of its own compares with what it does ask."""
ARCHIVES = ("jobsarchived4", "jobsarchived")
NAME = re.compile(r"/\* ([\w.]+) \*/")
SCAN = re.compile(r"Seq Scan on (\w+)")
BY_INDEX = re.compile(r"Index(?: Only)? Scan(?: Backward)? using (\w+)|Bitmap Index Scan on (\w+)")
EVERY_ROW = ("ALL", "index")
Indexes = dict[str, tuple[str, str]]
"""By name of an index, its table and its first column."""


def by_query(printed: str) -> Iterator[tuple[str, list[str]]]:
    """Name of the query and the lines of its plan, for each statement."""
    for block in printed.strip().split("\n\n"):
        statement, *plan = block.splitlines()
        found = NAME.match(statement)
        assert found, block
        yield found.group(1), plan


def read_whole(plan: list[str], indexes: Indexes) -> set[str]:
    """The tables that are read from end to end, row by row or through an index."""
    return set(_of_mariadb(plan)) | set(_of_postgresql(plan, indexes))


def _of_mariadb(plan: list[str]) -> Iterator[str]:
    """id, kind of select, table, kind of access, …"""
    cells = [line.split("  ") for line in (line.strip() for line in plan) if line[:1].isdigit()]
    yield from (table for _, _, table, access, *_ in cells if access in EVERY_ROW)


def _of_postgresql(plan: list[str], indexes: Indexes) -> Iterator[str]:
    """An index is walked whole unless the condition in the next line bounds its first column."""
    for line, condition in zip(plan, [*plan[1:], ""], strict=True):
        if scan := SCAN.search(line):
            yield scan.group(1)
        if used := BY_INDEX.search(line):
            table, first = indexes.get(used.group(1) or used.group(2), ("", ""))
            if table and not ("Index Cond" in condition and first in condition):
                yield table


def first_columns(connection: BaseDatabaseWrapper) -> Indexes:
    """Of the indexes of both archives."""
    found: Indexes = {}
    with connection.cursor() as cursor:
        for table in ARCHIVES:
            constraints = connection.introspection.get_constraints(cursor, table).items()
            found |= {name: (table, told["columns"][0]) for name, told in constraints if told["columns"]}
    return found
