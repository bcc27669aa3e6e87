"""`bigpandamon account`: who may sign in, and what was done."""

from argparse import ArgumentParser, Namespace

from django.db import Error

from bigpandamon_core.management import amounts, operator, start

NAME = "account"
HELP = "who may sign in: accounts made, listed and changed; the record of what was done"
MOST_ENTRIES = 100_000


def arguments(parser: ArgumentParser) -> None:
    group = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    told = "make an account; its password is asked for"
    create = group.add_parser("create", help=told, description=told)
    create.add_argument("name", metavar="NAME")
    create.add_argument("--full-name", default="", help="as PanDA knows the person")
    create.add_argument(
        "--group", action="append", default=[], metavar="GROUP", help="may be given several times"
    )
    _password_options(create)
    told = "set a new password, which signs the account out everywhere"
    password = group.add_parser("password", help=told, description=told)
    password.add_argument("name", metavar="NAME")
    _password_options(password)
    told = "put an account into these groups and no others"
    groups = group.add_parser("groups", help=told, description=told)
    groups.add_argument("name", metavar="NAME")
    groups.add_argument("groups", metavar="GROUP", nargs="*", help="without any it is in none")
    for what, told in (
        ("disable", "sign an account out, and refuse it and its tokens from now on"),
        ("enable", "let an account in again, and its tokens"),
    ):
        group.add_parser(what, help=told, description=told).add_argument("name", metavar="NAME")
    told = "tell all accounts, with what they may"
    group.add_parser("list", help=told, description=told)
    told = "tell what was done last: sign-ins, failed ones, tokens, accounts"
    audit = group.add_parser("audit", help=told, description=told)
    audit.add_argument("--last", type=amounts.whole(1, MOST_ENTRIES), default=50, help="entries; 50")


def _password_options(parser: ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--password-stdin", action="store_true", help="read it from the standard input")
    how.add_argument("--no-password", action="store_true", help="nobody can sign in; tokens can be made")


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
    from bigpandamon_core.accounts import registering
    from bigpandamon_core.accounts.audit import Actor

    actor = Actor(operator.name())
    match parsed.what:
        case "create":
            registering.create(parsed.name, _password(parsed), parsed.full_name, parsed.group, actor)
        case "password":
            registering.account(parsed.name)
            registering.set_password(parsed.name, _password(parsed), actor)
        case "groups":
            registering.set_groups(parsed.name, parsed.groups, actor)
        case "disable" | "enable":
            registering.set_active(parsed.name, parsed.what == "enable", actor)
        case _:
            _tell(parsed)


def _password(parsed: Namespace) -> str | None:
    return None if parsed.no_password else operator.password(parsed.password_stdin)


def _tell(parsed: Namespace) -> None:
    from django.conf import settings  # pylint: disable=import-outside-toplevel  # as in run

    from bigpandamon_core.management import account_listing  # pylint: disable=import-outside-toplevel

    if parsed.what == "list":
        print(*account_listing.accounts(settings.BIGPANDAMON.get), sep="\n")
    else:
        print(*account_listing.entries(parsed.last), sep="\n")
