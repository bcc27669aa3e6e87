"""`bigpandamon rollups`: how they stand, and days made anew from PanDA's tables."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import datetime

from django.db import Error

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import parse_moment
from bigpandamon_core.management import start

NAME = "rollups"
HELP = "how pre-produced aggregates stand; make days of them anew from PanDA's tables"
ENDS = 2


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--rebuild",
        nargs="*",
        metavar="MOMENT",
        help="make the days from one moment to another anew, e.g. --rebuild 2026-01-01 2026-02-01, while "
        "everything goes on; without moments: go on with what was interrupted",
    )


def run(parsed: Namespace) -> int:
    configuration = start.everything()
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.sources.failures import failure  # pylint: disable=import-outside-toplevel

    try:
        _run(parsed.rebuild, configuration.get("schedule.keep_days"))
    except Error as error:
        raise failure("default", error) from error
    return 0


def _run(moments: list[str] | None, keep_days: Mapping[str, int]) -> None:
    # pylint: disable=import-outside-toplevel
    from bigpandamon_core.management import rollup_listing
    from bigpandamon_core.rollups import rebuilding
    from bigpandamon_core.rollups.contributions import Counter
    from bigpandamon_core.web.loading import registry

    if moments is None:
        print(*rollup_listing.listed(), sep="\n")
        return
    if moments:
        rebuilding.plan(*_period(moments))
    for day, jobs in rebuilding.work(Counter(registry().every_error_rule), keep_days):
        print(f"{day:%Y-%m-%d}  {jobs:,} jobs", flush=True)


def _period(moments: list[str]) -> tuple[datetime, datetime]:
    found = [parse_moment(text) for text in moments]
    begin, end = (*found, None)[:ENDS] if len(found) <= ENDS else (None, None)
    if begin is None or end is None:
        raise Problem(
            "That is no period.", " ".join(moments), "Give two moments, e.g. 2026-01-01 2026-02-01."
        )
    return begin, end
