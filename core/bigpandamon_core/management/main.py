"""The console script `bigpandamon`."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from django.core.exceptions import ImproperlyConfigured

import bigpandamon_core
from bigpandamon_core.config import ConfigurationErrors
from bigpandamon_core.domain.problems import Problem

FAILED = 1
INTERRUPTED = 130
NOBODY_READS = 141
# What importing a command can meet where the installation or the configuration is at fault.
UNUSABLE = (ImportError, ImproperlyConfigured, ConfigurationErrors)
HERE = "bigpandamon_core.management"
# Name of the command and of the module here that has its NAME, HELP, arguments(parser) and run(arguments).
COMMANDS: tuple[tuple[str, str], ...] = (
    ("check", "check"),
    ("doctor", "doctor"),
    ("config", "config"),
    ("plugins", "plugins"),
    ("queries", "queries"),
    ("migrate", "migrate"),
    ("serve", "serve"),
    ("follow", "follow"),
    ("facets", "facets"),
    ("rollups", "rollups"),
    ("schedule", "schedule"),
    ("account", "account"),
    ("token", "token"),
    ("demo", "demo"),
    ("import", "import_records"),
)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command. The result is the exit code: 0 well, 1 failed, 2 wrong use or configuration."""
    given = sys.argv[1:] if words is None else list(words)
    try:
        try:
            return _run(given)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Else Python would complain when it writes the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS


def _run(given: Sequence[str]) -> int:
    parsed = parser(given).parse_args(given)
    try:
        return int(parsed.run(parsed))
    except Problem as problem:
        told = [problem.what, problem.where, problem.remedy]
        print(*(part for part in told if part), sep="\n  ", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


class Parser(ArgumentParser):
    """Takes whole words only, and its sub-parsers do: a part of an option may not discard anything."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)


def parser(given: Sequence[str]) -> ArgumentParser:
    """Only the command that was asked for is imported: a broken one must not stop `bigpandamon check`."""
    top = Parser(prog="bigpandamon", description="A monitor for the PanDA workload system.")
    top.add_argument("--version", action="version", version=bigpandamon_core.__version__)
    group = top.add_subparsers(metavar="COMMAND", required=True)
    asked = next((word for word in given if not word.startswith("-")), "")
    known = asked in dict(COMMANDS)
    for name, module in COMMANDS:
        if known and name != asked:
            group.add_parser(name)
        else:
            _add(group, name, module, asked)
    return top


def _add(group: Any, name: str, module: str, asked: str) -> None:
    try:
        command = import_module(f"{HERE}.{module}")
    except UNUSABLE as error:
        if name == asked:
            raise
        group.add_parser(name, help=f"(cannot be used: {type(error).__name__})")
        return
    _offer(group.add_parser(name, help=command.HELP, description=command.HELP), command)


def _offer(sub: ArgumentParser, command: ModuleType) -> None:
    command.arguments(sub)
    sub.set_defaults(run=command.run)


if __name__ == "__main__":
    sys.exit(main())
