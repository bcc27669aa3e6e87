"""MySQL and MariaDB, with cursors that stream, or hold rows as they came: Django's own makes values of a
whole answer first."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.db.backends.mysql import base, operations
from MySQLdb import OperationalError, ProgrammingError
from MySQLdb.constants import CR, FIELD_TYPE
from MySQLdb.cursors import SSCursor

from bigpandamon_core.panda.backends.qualified import QualifiedNames


@lru_cache(maxsize=1 << 14)
def moment(text: str) -> datetime | None:
    """What the driver's own reader of times gives, a good deal faster: None for dates that there are not. The
    times of a job, and of jobs read together, are often the same."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


TIMES = {FIELD_TYPE.DATETIME: moment, FIELD_TYPE.TIMESTAMP: moment}
CONVERSIONS = {**base.django_conversions, **TIMES}
QUICK = dict.fromkeys(TIMES, datetime.fromisoformat)
"""The same without a step of the interpreter for each time; dates that there are not are refused."""


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


class HeldCursor(SSCursor):  # type: ignore[misc]  # the driver is not typed
    """All rows of an answer arrive at once and are held as they came; they become values as they are fetched.
    The driver's own cursor makes values of all of them first, several times as large.

    is_quick: whether all times so far were dates that there are. An answer with another one is asked for once
    more, and from then on all are looked at. reads_quickly: whether they are taken for such in this answer.
    """

    is_quick: ClassVar[bool] = True
    rownumber: int
    reads_quickly = False

    def _mogrify(self, query: str | bytes, args: Any = None) -> Any:
        """The driver takes some ten steps for each value; of numbers there are hundreds in a statement."""
        if not isinstance(args, tuple | list):
            return super()._mogrify(query, args)
        database = self._get_db()
        told = [b"%d" % value if isinstance(value, int) else database.literal(value) for value in args]
        try:
            return (query.encode(database.encoding) if isinstance(query, str) else query) % tuple(told)
        except TypeError as error:
            raise ProgrammingError(str(error)) from error

    def _get_result(self) -> Any:
        connection, self.reads_quickly = self._get_db(), HeldCursor.is_quick
        if not self.reads_quickly:
            return connection.store_result()
        connection.converter.update(QUICK)
        try:
            return connection.store_result()
        finally:
            connection.converter.update(TIMES)

    def _fetch_row(self, size: int = 1) -> Any:
        try:
            return super()._fetch_row(size)
        except ValueError:
            if not self.reads_quickly:
                raise
            return self._again(size)

    def _again(self, size: int) -> Any:
        """The rows that could not be read, and what follows. Without a snapshot the rows before these may be
        others by now: then the answer is given up as if the connection were lost, and asked for anew."""
        place, HeldCursor.is_quick = self.rownumber, False
        if place and self._get_db().get_autocommit():
            raise OperationalError(CR.SERVER_LOST, "an answer with a date that there is not was read half")
        self._query(self._executed)
        self._result.data_seek(place)
        self.rownumber = place
        return super()._fetch_row(size)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "conv": CONVERSIONS}

    def create_cursor(self, name: str | None = None) -> base.CursorWrapper:
        if name is None:
            return base.CursorWrapper(self.connection.cursor(HeldCursor))
        return StreamCursor(self.connection.cursor(SSCursor), self)

    def chunked_cursor(self) -> Any:
        return self._cursor(name="stream")  # type: ignore[attr-defined]  # not in the stubs
