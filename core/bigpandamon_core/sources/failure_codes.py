"""What the error of a database means, by the codes that each vendor documents.

Servers number their errors (MySQL, MariaDB, Oracle), have SQLSTATE (PostgreSQL) or named results (SQLite).
Only SQLite tells a missing table or column in words alone.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.db import DataError, Error, IntegrityError, InternalError, NotSupportedError, ProgrammingError

from bigpandamon_core.panda.families import ABSENT_CODES, FORBIDDEN_CODES

Code = int | str


class Failure(StrEnum):
    """Why a database gave no answer. The value is for the log."""

    SLOW = "statement over its time limit"
    BUSY = "locked or out of resources"
    ABSENT = "no such table or column"
    FORBIDDEN = "no right to read"
    LOST = "connection lost"
    UNREACHABLE = "no connection"
    OURS = "statement not understood"

    @property
    def code(self) -> str:
        """A short stable word for programs."""
        return _WORDS[self]


_WORDS = {
    Failure.SLOW: "database-slow",
    Failure.BUSY: "database-busy",
    Failure.ABSENT: "table-absent",
    Failure.FORBIDDEN: "table-forbidden",
    Failure.LOST: "database-lost",
    Failure.UNREACHABLE: "database-unreachable",
    Failure.OURS: "internal-error",
}

SLOW_CODES: Mapping[str, frozenset[Code]] = {
    "mysql": frozenset({1317, 1969, 3024}),  # interrupted; MariaDB's limit; MySQL's limit
    "postgresql": frozenset({"57014"}),  # statement_timeout, or somebody cancelled it
    "oracle": frozenset({1013, "DPY-4024"}),  # cancelled; call_timeout
    "sqlite": frozenset({"SQLITE_INTERRUPT"}),
}
BUSY_CODES: Mapping[str, frozenset[Code]] = {
    "mysql": frozenset({1040, 1203, 1205, 1213, 1226}),  # connections, lock wait, deadlock, quota
    "postgresql": frozenset({"40001", "40P01", "53300", "55P03"}),  # the first also on standbys
    "oracle": frozenset({18, 20, 54, 60, 1555}),
    "sqlite": frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"}),
}
LOST_CODES: Mapping[str, frozenset[Code]] = {
    # server gone, lost while asking, lost while reading, shutdown, killed, network, closed for idleness
    "mysql": frozenset({2006, 2013, 2055, 1053, 1927, 1152, 1158, 1159, 1160, 1161, 4031}),
    "postgresql": frozenset({"08000", "08003", "08006", "25P03", "57P01", "57P02", "57P05"}),
    "oracle": frozenset({28, 600, 1012, 2396, 3113, 3114, 3135, "DPY-1001", "DPY-4011"}),
    "sqlite": frozenset(),
}
MORE_ABSENT_CODES: Mapping[str, frozenset[Code]] = {
    "mysql": frozenset({1054}),  # a column
    "postgresql": frozenset({"42703"}),
    "oracle": frozenset({904}),
}
_CODES: tuple[tuple[Failure, tuple[Mapping[str, frozenset[Code]], ...]], ...] = (
    (Failure.SLOW, (SLOW_CODES,)),
    (Failure.BUSY, (BUSY_CODES,)),
    (Failure.LOST, (LOST_CODES,)),
    (Failure.ABSENT, (ABSENT_CODES, MORE_ABSENT_CODES)),
    (Failure.FORBIDDEN, (FORBIDDEN_CODES,)),
)
_LACKING = ("no such table", "no such column")
_MISUSE = (DataError, IntegrityError, InternalError, NotSupportedError, ProgrammingError)


def kind_of(vendor: str, error: Error, connected: bool) -> Failure:
    """What went wrong. connected: whether there was a connection to ask on.

    What no code explains: a statement that was not understood is our fault, else the connection is to blame.
    """
    codes = codes_of(error)
    for kind, maps in _CODES:
        if any(codes & known.get(vendor, frozenset()) for known in maps):
            return kind
    if vendor == "sqlite" and any(words in str(error) for words in _LACKING):
        return Failure.ABSENT
    if isinstance(error, _MISUSE) or "SQLITE_ERROR" in codes:
        return Failure.OURS
    # The driver of PostgreSQL gives no code when the server is gone, and SQLite's file is not a session.
    return Failure.LOST if connected and vendor != "sqlite" else Failure.UNREACHABLE


def codes_of(error: Error) -> frozenset[Code]:
    """Every code that the driver's error carries."""
    cause = error.__cause__
    first = cause.args[0] if cause is not None and cause.args else None
    told = (
        getattr(cause, "sqlstate", None),
        getattr(cause, "sqlite_errorname", None),
        getattr(first, "full_code", None),
        getattr(first, "code", None),
        first,
    )
    return frozenset(code for code in told if code and isinstance(code, int | str))
