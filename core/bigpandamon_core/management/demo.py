"""`bigpandamon demo …`: everything that makes or feeds a demonstration database."""

from argparse import ArgumentParser, Namespace

from bigpandamon_core.management import demo_run, demo_schema, demo_simulate

NAME = "demo"
HELP = "make a PanDA database to try the monitor with"
SUBCOMMANDS = (demo_run, demo_schema, demo_simulate)


def arguments(parser: ArgumentParser) -> None:
    group = parser.add_subparsers(dest="demo", metavar="WHAT", required=True)
    for command in SUBCOMMANDS:
        sub = group.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.arguments(sub)
        sub.set_defaults(demo_run=command.run)


def run(parsed: Namespace) -> int:
    return int(parsed.demo_run(parsed))
