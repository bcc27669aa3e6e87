"""`bigpandamon token`: what programs show themselves with."""

import sys
from argparse import ArgumentParser, Namespace

from django.db import Error

from bigpandamon_core.management import amounts, operator, start

NAME = "token"
HELP = "tokens of accounts, for programs: made, listed and revoked"
USUAL_DAYS = 90


def arguments(parser: ArgumentParser) -> None:
    group = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    told = "make a token and print it, once"
    create = group.add_parser("create", help=told, description=told)
    create.add_argument("--account", required=True, metavar="NAME")
    create.add_argument("--label", required=True, help="what it is for")
    create.add_argument(
        "--scope",
        action="append",
        required=True,
        choices=("read", "personal", "operate", "administer"),
        help="what it may do of what the account may; may be given several times",
    )
    create.add_argument(
        "--days", type=amounts.whole(1), default=USUAL_DAYS, help=f"how long it is good; {USUAL_DAYS}"
    )
    told = "tell all tokens, or those of one account; never their secrets"
    listing = group.add_parser("list", help=told, description=told)
    listing.add_argument("--account", default="", metavar="NAME")
    told = "end a token for good"
    revoke = group.add_parser("revoke", help=told, description=told)
    revoke.add_argument("token", metavar="TOKEN", help="its first part, as `list` tells it")


def run(parsed: Namespace) -> int:
    start.django()
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.sources.failures import failure  # pylint: disable=import-outside-toplevel

    try:
        _run(parsed)
    except Error as error:
        raise failure("default", error) from error
    return 0


def _run(parsed: Namespace) -> None:
    # pylint: disable=import-outside-toplevel  # as in run
    from bigpandamon_core.accounts import registering, tokens
    from bigpandamon_core.accounts.audit import Actor
    from bigpandamon_core.management import account_listing

    if parsed.what == "create":
        _create(parsed)
    elif parsed.what == "revoke":
        tokens.revoke(parsed.token, Actor(operator.name()))
    else:
        account = registering.account(parsed.account).name if parsed.account else ""
        print(*account_listing.tokens(account), sep="\n")


def _create(parsed: Namespace) -> None:
    """The token alone on the standard output, so that it can go into a file."""
    # pylint: disable=import-outside-toplevel  # as in run
    from django.conf import settings

    from bigpandamon_core.accounts import registering, tokens
    from bigpandamon_core.accounts.audit import Actor

    wish = tokens.Wish(parsed.label, tuple(parsed.scope), parsed.days)
    account = registering.account(parsed.account)
    made, key = tokens.create(account, wish, Actor(operator.name()), settings.BIGPANDAMON.get)
    print(key)
    until = f"{made.expires:%Y-%m-%d %H:%M} UTC"
    print(f"Token {made.public} of {account.name}, good until {until}. It is not kept.", file=sys.stderr)
