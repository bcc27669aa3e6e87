"""What the clocks of the databases say."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connections

from bigpandamon_core.sources.reading import ALIAS, declare, written
from bigpandamon_core.state.leases import CLOCKS

CLOCK = declare("server.clock", "What the clock of the database server says, to compare it with ours.")
SAYS: Mapping[str, str] = {**CLOCKS, "oracle": "SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM DUAL"}
"""By vendor. SQLite has none of its own."""


def of_panda() -> datetime | None:
    """Naive UTC; None where the database has no clock of its own.

    Raises:
        Problem: the database does not answer.
    """
    text = SAYS.get(connections[ALIAS].vendor)
    return written(CLOCK, text)[0][0] if text else None
