"""What the clock of our own database says."""

from datetime import datetime

from django.db import Error, connections

from bigpandamon_core.sources.failures import failure
from bigpandamon_core.state.leases import CLOCKS
from bigpandamon_core.state.pending import OWN


def of_own() -> datetime | None:
    """As of_panda; it is the clock that leases go by."""
    text = CLOCKS.get(connections[OWN].vendor)
    if text is None:
        return None
    try:
        with connections[OWN].cursor() as cursor:
            cursor.execute(text)
            (moment,) = cursor.fetchone()
    except Error as error:
        raise failure(OWN, error) from error
    return moment  # type: ignore[no-any-return]  # what the statements give
