"""What the clocks of the databases say."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connections

from bigpandamon_core.sources.reading import ALIAS, declare, written

CLOCK = declare("server.clock", "What the clock of the database server says, to compare it with ours.")
SAYS: Mapping[str, str] = {
    "oracle": "SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM DUAL",
    "mysql": "SELECT UTC_TIMESTAMP(6)",
    "postgresql": "SELECT clock_timestamp() AT TIME ZONE 'UTC'",
}
"""By vendor. SQLite has none of its own."""


def of_panda() -> datetime | None:
    """Naive UTC; None where the database has no clock of its own.

    Raises:
        Problem: the database does not answer.
    """
    text = SAYS.get(connections[ALIAS].vendor)
    return written(CLOCK, text)[0][0] if text else None
