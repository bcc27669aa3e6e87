"""`bigpandamon import KIND FILE…`: saved records into a demonstration's database or plugins' tables."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from bigpandamon_core.config import Configuration
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management import start

if TYPE_CHECKING:
    from bigpandamon_core.sources.records import RecordKind

Kinds = tuple["RecordKind", ...]

NAME = "import"
HELP = "store saved PanDA records in a database that `demo schema` made, others in the tables of plugins"
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
    kinds = _kinds(start.django())
    if parsed.kind == LIST:
        print(*(f"{kind.name:<16} {kind.help} ({kind.files})" for kind in kinds), sep="\n")
        return 0
    if not parsed.files:
        raise Problem("No file was named.", remedy=f"bigpandamon import {parsed.kind} FILE…")
    if parsed.kind == AUTO:
        refused = _import_tree(parsed.files, kinds)
    else:
        refused = _import_files(parsed.kind, parsed.files, kinds)
    return SOME_REFUSED if refused else 0


def _kinds(configuration: Configuration) -> Kinds:
    """Core's, then those of the active plugins that have their tables."""
    # pylint: disable=import-outside-toplevel  # models can only be imported once Django is set up
    from bigpandamon_core.demo.importing.kinds import KINDS
    from bigpandamon_core.plugin.loading import load
    from bigpandamon_core.state.pending import pending_of

    plugins = [one.plugin for one in load(configuration) if one.plugin.records]
    lacking = [plugin for plugin in plugins if any(map(pending_of, plugin.apps))]
    for plugin in lacking:
        print(f"Records of {plugin.title} wait for `bigpandamon migrate`.", file=sys.stderr)
    return (*KINDS, *(kind for plugin in plugins if plugin not in lacking for kind in plugin.records))


def _import_tree(paths: list[Path], kinds: Kinds) -> int:
    """How many records were refused."""
    # pylint: disable=import-outside-toplevel  # as in _kinds
    from bigpandamon_core.demo.importing import terminal, tree

    refused = 0
    for path in paths:
        report = tree.import_tree(path, terminal.Terminal(), kinds)
        terminal.passed_over(report)
        refused += sum(file.refused for file in report.imported)
    return refused


def _import_files(name: str, paths: list[Path], kinds: Kinds) -> int:
    """How many records were refused."""
    # pylint: disable=import-outside-toplevel  # as in _kinds
    from bigpandamon_core.demo.importing import files, terminal
    from bigpandamon_core.demo.importing.kinds import by_name

    chosen = by_name(name, kinds)
    return sum(files.import_file(chosen, path, terminal.Terminal()).refused for path in paths)
