"""`bigpandamon check`: is everything as the monitor needs it?"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import replace

from bigpandamon_core.config import Configuration
from bigpandamon_core.management import start
from bigpandamon_core.management.inspection import Finding

NAME = "check"
HELP = "tell every mistake in the configuration, then try databases and cache"
TROUBLE = 1


def arguments(parser: ArgumentParser) -> None:
    parser.epilog = "Exit code: 0 all is well, 1 trouble with a service, 2 mistakes in the configuration."
    parser.add_argument(
        "--config-only", action="store_true", help="look at the files only, not at databases and cache"
    )


def run(parsed: Namespace) -> int:
    if not parsed.config_only and not start.of_files()[1]:
        return inspect()
    configuration, mistakes = start.judged()
    if mistakes:
        start.tell(mistakes)
        return start.MISCONFIGURED
    print(f"No mistakes: {configuration.file or 'embedded defaults'}")
    return 0


def inspect() -> int:
    """Try everything, print each finding as it is made."""
    well = True
    for finding in findings(start.everything()):
        print(finding, flush=True)
        well = well and finding.well
    return 0 if well else TROUBLE


def findings(configuration: Configuration) -> Iterator[Finding]:
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.management.inspection import (  # pylint: disable=import-outside-toplevel
        cache,
        files,
        hosts,
        own,
        panda,
        plugins,
        remedies,
        schedule,
    )

    for look in (files, plugins, own, hosts, schedule, panda, cache):
        for finding in look.findings(configuration):
            yield replace(finding, remedy=remedies.remedy(finding))
