"""Our own database: reachable, and its tables those of this release."""

from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from bigpandamon_core.config import Configuration, DatabaseUrl
from bigpandamon_core.config.files import blocking
from bigpandamon_core.management.inspection import Finding, trouble
from bigpandamon_core.state.pending import pending

SUBJECT = "own database"
REMEDY = "run `bigpandamon migrate`"


def findings(configuration: Configuration) -> Iterator[Finding]:
    url: DatabaseUrl = configuration.get("database.url")
    if is_absent(url):
        yield _absent(url)
        return
    try:
        lacking = pending()
    except (DatabaseError, ImproperlyConfigured) as error:
        yield trouble(SUBJECT, f"{url} does not answer: {error}")
        return
    if lacking:
        yield trouble(SUBJECT, f"{url} lacks {', '.join(lacking)}", REMEDY)
    else:
        yield Finding(SUBJECT, f"{url}, tables of this release")


def _absent(url: DatabaseUrl) -> Finding:
    if there := blocking(Path(url.name)):
        remedy = f"move {there} away, or name another place in paths.state or database.url"
        return trouble(SUBJECT, f"{url} cannot be made: {there} is no folder", remedy)
    return trouble(SUBJECT, f"{url} is not there", REMEDY)


def is_absent(url: DatabaseUrl) -> bool:
    """Whether connecting would make the file: a check changes nothing."""
    return url.kind == "sqlite3" and not Path(url.name).is_file()
