"""MySQL and MariaDB, with a cursor that streams: Django's own copies a whole answer into memory first."""

from collections.abc import Iterator
from typing import Any

from django.db.backends.mysql import base, operations
from MySQLdb.cursors import SSCursor

from bigpandamon_core.panda.backends.qualified import QualifiedNames


class DatabaseOperations(QualifiedNames, operations.DatabaseOperations):
    pass


class StreamCursor(base.CursorWrapper):
    """Rows arrive as they are read. Until it is closed its connection serves no other statement.

    Closing it before the last row ends the connection (Django opens the next one by itself): the driver would
    otherwise fetch all the remaining rows only to throw them away.
    """

    def __init__(self, cursor: Any, wrapper: "DatabaseWrapper"):
        super().__init__(cursor)
        self.wrapper = wrapper
        self.whole = True

    def execute(self, query: str, args: Any = None) -> Any:
        answer = super().execute(query, args)
        self.whole = False
        return answer

    def fetchone(self) -> Any:
        row = self.cursor.fetchone()
        self.whole = row is None
        return row

    def fetchmany(self, size: int | None = None) -> Any:
        rows = self.cursor.fetchmany(size)
        self.whole = not rows
        return rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchone, None)

    def close(self) -> None:
        if not self.whole and not self.wrapper.in_atomic_block:
            self.wrapper.close()
            self.cursor.connection = None
        self.cursor.close()


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def create_cursor(self, name: str | None = None) -> base.CursorWrapper:
        if name is None:
            return super().create_cursor()
        return StreamCursor(self.connection.cursor(SSCursor), self)

    def chunked_cursor(self) -> Any:
        return self._cursor(name="stream")  # type: ignore[attr-defined]  # not in the stubs
