"""`bigpandamon import KIND FILE…`: saved records into the database of a demonstration."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management import start

NAME = "import"
HELP = "store saved PanDA records in a database that `demo schema` made"
AUTO = "auto"
LIST = "list"
SOME_REFUSED = 1


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "kind",
        metavar="KIND",
        help=f"what the files hold: `{LIST}` tells the kinds there are, `{AUTO}` finds out for each file",
    )
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help=f"with {AUTO} also a folder")


def run(parsed: Namespace) -> int:
    """1 if records were refused."""
    start.django()
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.demo.importing import kinds  # pylint: disable=import-outside-toplevel

    if parsed.kind == LIST:
        print(
            *(f"{kind.name:<16} {kind.help} ({', '.join(kind.suffixes)})" for kind in kinds.KINDS), sep="\n"
        )
        return 0
    if not parsed.files:
        raise Problem("No file was named.", remedy=f"bigpandamon import {parsed.kind} FILE…")
    refused = _import_tree(parsed.files) if parsed.kind == AUTO else _import_files(parsed.kind, parsed.files)
    return SOME_REFUSED if refused else 0


def _import_tree(paths: list[Path]) -> int:
    """How many records were refused."""
    # pylint: disable=import-outside-toplevel  # as in run
    from bigpandamon_core.demo.importing import terminal, tree

    refused = 0
    for path in paths:
        report = tree.import_tree(path, terminal.Terminal())
        terminal.passed_over(report)
        refused += sum(file.refused for file in report.imported)
    return refused


def _import_files(kind: str, paths: list[Path]) -> int:
    """How many records were refused."""
    # pylint: disable=import-outside-toplevel  # as in run
    from bigpandamon_core.demo.importing import files, kinds, terminal

    chosen = kinds.by_name(kind)
    return sum(files.import_file(chosen, path, terminal.Terminal()).refused for path in paths)
