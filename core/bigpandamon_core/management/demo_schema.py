"""`bigpandamon demo schema`: the PanDA tables in an empty database."""

from argparse import ArgumentParser, Namespace

from bigpandamon_core.demo import connection, schema
from bigpandamon_core.management import start

NAME = "schema"
HELP = "create the PanDA tables in the empty database that panda.url names"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--no-indexes", action="store_true", help="leave the indexes for after a bulk load")


def run(parsed: Namespace) -> int:
    start.everything()
    fresh = schema.create(connection.writing(), indexes=not parsed.no_indexes)
    print("The PanDA tables are made." if fresh else "The PanDA tables were there already.")
    return 0
