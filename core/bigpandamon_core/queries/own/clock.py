"""What the clock of our own database says."""

from datetime import datetime

from django.db import Error, connections

from bigpandamon_core.queries.clock import SAYS
from bigpandamon_core.sources.failures import failure

OWN = "default"


def of_own() -> datetime | None:
    """As of_panda."""
    text = SAYS.get(connections[OWN].vendor)
    if text is None:
        return None
    try:
        with connections[OWN].cursor() as cursor:
            cursor.execute(text)
            (moment,) = cursor.fetchone()
    except Error as error:
        raise failure(OWN, error) from error
    return moment  # type: ignore[no-any-return]  # what the statements give
