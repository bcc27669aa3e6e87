"""`bigpandamon queries`: everything the monitor ever asks a PanDA database."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping

from bigpandamon_core.config.databases import FAMILIES, schemas
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management import start
from bigpandamon_core.panda import grants
from bigpandamon_core.panda.added import schema_of

NAME = "queries"
HELP = "list every read of the PanDA database; show its statements for an administrator, and their plans"
READER = "reader"
"""Where the configuration names no user."""
DIALECTS = ("oracle", "mysql", "postgresql", "sqlite")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", default="", help="one query, or a noun such as jobs")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--dialect", choices=DIALECTS, help="print the exact statements for this database")
    what.add_argument("--explain", action="store_true", help="print plans on the configured database")
    what.add_argument(
        "--grants", choices=grants.KINDS, help="print the rights that the account needs, as statements"
    )
    what.add_argument("--markdown", action="store_true", help="print the list as docs/queries.md has it")
    parser.add_argument(
        "--selection",
        default="",
        metavar="QUERY",
        help="the jobs that statements ask for, as in an address: hours=12&cloud=A",
    )


def granted(kind: str) -> int:
    """Nothing is tried: schemas and user are those of the configuration, which may be wrong elsewhere."""
    configuration, mistakes = start.imported()
    if wrong := start.concerned(configuration, mistakes, ("panda",)):
        start.tell(wrong)
        return start.MISCONFIGURED
    start.beyond_the_files(configuration)  # plugins that are in order have tables of their own
    from bigpandamon_core.panda.families import known  # pylint: disable=import-outside-toplevel

    url = configuration.get("panda.url")
    default = (url.name if url.kind == kind else grants.DATABASE) if kind == "mysql" else ""
    named = {family: schema or default for family, schema in schemas(configuration).items()}
    account = grants.account_of(kind, url.user or READER)
    tables = [table for family in known().values() for table in family if schema_of(table) in named]
    lacking = _lacking(kind, named, url.user)
    print(*lacking, *grants.statements(kind, account, named, tables), sep="\n")
    return 0


def _lacking(kind: str, named: Mapping[str, str], user: str) -> Iterator[str]:
    """What the configuration does not say, as comments."""
    lacking = [f"panda.schemas.{family}" for family in FAMILIES if not named[family]]
    if kind == "oracle" and lacking:
        yield f"-- The owner of tables is named by {', '.join(lacking)}: not configured."
        yield "-- Run as that owner, or configure it: without one a table is looked for in one's own schema."
    if not user:
        yield f"-- panda.url names no user: {READER} stands for it."


def run(parsed: Namespace) -> int:
    if parsed.grants:
        return granted(parsed.grants)
    if parsed.selection and not (parsed.dialect or parsed.explain):
        raise Problem("A list of queries has no selection.", remedy="Add --explain or --dialect NAME.")
    start.everything()
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.management import query_listing  # pylint: disable=import-outside-toplevel

    asked = query_listing.declared(parsed.name)
    if not asked:
        print(f"There is no query {parsed.name}; without a name all are listed.")
        return start.MISCONFIGURED
    lines: Iterable[str] = query_listing.listed(asked)
    if parsed.markdown:
        lines = query_listing.markdown(asked)
    elif parsed.dialect:
        lines = query_listing.statements(parsed.dialect, parsed.selection, asked)
    elif parsed.explain:
        lines = query_listing.plans(parsed.selection, asked)
    print(*lines, sep="\n")
    return 0
