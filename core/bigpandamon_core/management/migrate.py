"""`bigpandamon migrate`: bring our own database's tables to this release; PanDA's are never touched."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError

from bigpandamon_core.config import Configuration, DatabaseUrl
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management import start

NAME = "migrate"
HELP = "make or update the tables of the monitor's own database (never PanDA's)"
OWN = "default"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--plan", action="store_true", help="only show what would be done")


def run(parsed: Namespace) -> int:
    configuration = start.django()
    if not parsed.plan:
        make_folder(configuration)
    try:
        call_command("migrate", database=OWN, interactive=False, plan=parsed.plan)
    except DatabaseError as error:
        where = f"database.url = {configuration.get('database.url')}"
        raise Problem(f"The own database refuses: {error}", where, status=503, code="unavailable") from error
    return 0


def make_folder(configuration: Configuration) -> None:
    """SQLite makes its file but not the folder it lies in."""
    url: DatabaseUrl = configuration.get("database.url")
    if url.kind != "sqlite3":
        return
    folder = Path(url.name).parent
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        remedy = "Make it, or set paths.state or database.url."
        raise Problem(f"The folder cannot be made: {error.strerror}.", str(folder), remedy) from error
