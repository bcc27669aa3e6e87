"""`bigpandamon schedule`: what is done every so often."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any

from django.db import Error

from bigpandamon_core.config import Configuration
from bigpandamon_core.management import listening, start

NAME = "schedule"
HELP = "do what is done every so often; of several such processes one leads, the others stand by"
FAILED = 1
Options = Callable[[str], Any]


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--bind", type=listening.place, help="where `bigpandamon serve` listens, if not at web.bind"
    )
    group = parser.add_subparsers(dest="what", metavar="WHAT")
    told = "tell what each task did last and when it runs next"
    group.add_parser("list", help=told, description=told)
    told = "run one task now, here, whether it is due or not"
    one = group.add_parser("run", help=told, description=told)
    one.add_argument("name", metavar="NAME")


def run(parsed: Namespace) -> int:
    configuration = start.everything()
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.sources.failures import failure  # pylint: disable=import-outside-toplevel

    try:
        return _run(parsed, configuration)
    except Error as error:
        raise failure("default", error) from error


def _run(parsed: Namespace, configuration: Configuration) -> int:
    # pylint: disable=import-outside-toplevel
    from bigpandamon_core.management import schedule_listing
    from bigpandamon_core.schedule import catalogue, leading, runs

    option = _options(configuration, parsed.bind)
    if parsed.what == "list":
        print(*schedule_listing.listed(catalogue.tasks(configuration)), sep="\n")
        return 0
    if parsed.what == "run":
        return 0 if runs.once(catalogue.task_named(parsed.name, configuration), option) else FAILED
    leading.Scheduler(catalogue.tasks(configuration), option).live()
    return 0


def _options(configuration: Configuration, bind: str | None) -> Options:
    return lambda key: bind if bind and key == "web.bind" else configuration.get(key)
