"""`bigpandamon follow`: notice what changes in PanDA."""

from argparse import ArgumentParser, Namespace

from bigpandamon_core.management import ending, start

NAME = "follow"
HELP = "notice what changes in PanDA and tell it to every host; of several such processes one leads"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="only until everything kept is known, then end")


def run(parsed: Namespace) -> int:
    configuration = start.everything()
    # Imported here: models can only be imported once Django is set up.
    # pylint: disable=import-outside-toplevel
    from bigpandamon_core.follow.leading import Follower
    from bigpandamon_core.web.loading import registry

    follower, wait = Follower(configuration.get, registry().every_error_rule), ending.waiter()
    follower.live(lambda seconds: (parsed.once and not follower.is_behind) or wait(seconds))
    return 0
