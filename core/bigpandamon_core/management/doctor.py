"""`bigpandamon doctor`: everything that can be looked at, and in plain words what to do."""

import json
import logging
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bigpandamon_core.config import Configuration, Mistake
from bigpandamon_core.management import start
from bigpandamon_core.management.inspection import Finding, Level, trouble

NAME = "doctor"
HELP = "look at files, permissions, disks, databases, grants, clocks, cache, web and plugins; say what to do"
TROUBLE = 1
INDENT = " " * 9


def arguments(parser: ArgumentParser) -> None:
    parser.epilog = "Nothing is written. Exit code: 0 well, 1 trouble, 2 mistakes in the configuration."
    parser.add_argument("--json", action="store_true", help="for programs")


def run(parsed: Namespace) -> int:
    # What a driver says stands in the findings.
    logging.getLogger().addHandler(logging.NullHandler())
    configuration, mistakes = start.examined()
    found = told(configuration, mistakes)
    seen = list(found) if parsed.json else list(_printed(found))
    if parsed.json:
        print(json.dumps([finding.told() for finding in seen], indent=2, ensure_ascii=False))
    else:
        print(summed(seen))
    if mistakes:
        return start.MISCONFIGURED
    return 0 if all(finding.well for finding in seen) else TROUBLE


def _printed(found: Iterable[Finding]) -> Iterator[Finding]:
    """The same, each printed as it is made."""
    for finding in found:
        words = finding.told()
        print(f"{words['level']:7}  {words['subject']}: {words['text']}", flush=True)
        if words["remedy"]:
            print(f"{INDENT}{words['remedy']}", flush=True)
        yield finding


def summed(seen: Iterable[Finding]) -> str:
    number = sum(finding.level is not Level.OK for finding in seen)
    things = "1 thing" if number == 1 else f"{number} things"
    return f"{things} to do." if number else "Nothing to do."


@dataclass(frozen=True)
class Look:
    """One thing to look at. by: tables of the configuration it goes by; while a mistake stands there it is
    left out. asks: the database that must have answered before."""

    findings: Callable[[Configuration], Iterator[Finding]]
    by: tuple[str, ...] = ()
    asks: str = ""


def told(configuration: Configuration, mistakes: tuple[Mistake, ...]) -> Iterator[Finding]:
    """Every mistake, then whatever can be looked at nevertheless; all that is not well has its remedy."""
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.management.inspection import remedies  # pylint: disable=import-outside-toplevel

    for finding in _found(configuration, mistakes):
        yield replace(finding, remedy=remedies.remedy(finding))


def _found(configuration: Configuration, mistakes: tuple[Mistake, ...]) -> Iterator[Finding]:
    from django.db import connections  # pylint: disable=import-outside-toplevel

    yield from map(_mistaken, mistakes)
    for look in looks():
        silent = look.asks and connections[look.asks].connection is None
        mistaken = look.by and start.concerned(configuration, mistakes, look.by)
        if not silent and not mistaken:
            yield from look.findings(configuration)


def _mistaken(mistake: Mistake) -> Finding:
    place = ": ".join(part for part in (mistake.file, mistake.key) if part)
    text = f"{place}: expected {mistake.expected}, found {mistake.found}"
    return trouble("configuration", text, mistake.remedy)


def looks() -> tuple[Look, ...]:
    """Those of `check` among them, in an order in which a subject is told at once."""
    # pylint: disable-next=import-outside-toplevel
    from bigpandamon_core.management.inspection import (
        broker,
        cache,
        clock,
        disk,
        files,
        grants,
        hosts,
        leftovers,
        own,
        panda,
        permissions,
        plugins,
        schedule,
        web,
    )

    by = start.DATABASES
    return (
        Look(files.findings, ("",)),
        Look(leftovers.findings),
        Look(permissions.findings, ("paths",)),
        Look(plugins.findings),
        Look(disk.findings, ("paths",)),
        Look(own.findings, by["default"]),
        Look(hosts.findings, (*by["default"], "web"), "default"),
        Look(schedule.findings, (*by["default"], "schedule"), "default"),
        Look(panda.findings, by["panda"]),
        Look(grants.findings, by["panda"], "panda"),
        Look(clock.of_ours, by["default"], "default"),
        Look(clock.of_theirs, by["panda"], "panda"),
        Look(cache.findings, ("cache", "paths")),
        Look(broker.findings),
        Look(web.findings, ("web",)),
    )
