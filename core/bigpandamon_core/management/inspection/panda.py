"""The PanDA database: reachable, and which families of its tables can be read."""

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from bigpandamon_core.config import Configuration
from bigpandamon_core.management.inspection import Finding, trouble
from bigpandamon_core.panda.families import Presence, presence

SUBJECT = "PanDA database"
INDISPENSABLE = "jobs"


def findings(configuration: Configuration) -> Iterator[Finding]:
    url = configuration.get("panda.url")
    try:
        found = presence()
    except (DatabaseError, ImproperlyConfigured) as error:
        yield trouble(SUBJECT, f"{url} does not answer: {error}")
        return
    yield Finding(SUBJECT, f"{url} answers")
    yield from map(_family, found.items())


def _family(entry: tuple[str, Presence]) -> Finding:
    """Absent tables only switch off what needs them, but without jobs there is nothing to show."""
    family, state = entry
    text = f"tables of {family} {state}"
    if state is Presence.PRESENT or family != INDISPENSABLE:
        return Finding(SUBJECT, text)
    return trouble(SUBJECT, text, "compare panda.schemas and the account's rights")
