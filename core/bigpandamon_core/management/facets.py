"""`bigpandamon facets`: keep the columns of recent jobs on this host."""

from argparse import ArgumentParser, Namespace

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management import ending, start

NAME = "facets"
HELP = "keep the columns of recent jobs on this host, for counting; one such process per host"
HOURS_OF_DAY = 24


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="only until all that was told is kept, then end")
    parser.add_argument("--rebuild", action="store_true", help="discard what is there and begin anew")


def run(parsed: Namespace) -> int:
    configuration = start.everything()
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.facets.replaying import Replayer  # pylint: disable=import-outside-toplevel
    from bigpandamon_core.facets.store.publishing import Busy  # pylint: disable=import-outside-toplevel

    folder = configuration.get("facets.folder")
    keep_days = -(-configuration.get("follow.kept_hours") // HOURS_OF_DAY)
    try:
        replayer = Replayer(folder, keep_days)
    except Busy as busy:
        raise Problem(f"{busy}.", str(folder), "Let that one go on, or end it first.") from busy
    if parsed.rebuild:
        replayer.discard()
    wait = ending.waiter()
    replayer.live(lambda seconds: (parsed.once and seconds > 0) or wait(seconds))
    return 0
