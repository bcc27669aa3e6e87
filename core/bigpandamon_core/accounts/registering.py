"""Accounts made and changed, which only those at the command line do."""

from collections.abc import Iterable

from django.db import transaction

from bigpandamon_core.accounts.audit import Act, Actor, note
from bigpandamon_core.accounts.passwords import NOTHING_FITS, hashed
from bigpandamon_core.domain.accounts import (
    ACCOUNT_EXPECTED,
    GROUP_EXPECTED,
    LONGEST_NAME,
    is_account,
    is_group,
)
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.window import now
from bigpandamon_core.queries.own.accounts import account_named
from bigpandamon_core.state.accounts import Account


def account(name: str) -> Account:
    """The account of this name.

    Raises:
        Problem: 404, there is none.
    """
    found = account_named(name) if is_account(name) else None
    if found is None:
        raise not_found(f"There is no account {name[:64]}.", "`bigpandamon account list` tells them all.")
    return found


def create(name: str, password: str | None, full_name: str, groups: Iterable[str], actor: Actor) -> Account:
    """A new account. password: None for one that only has tokens.

    Raises:
        Problem: one of these cannot be taken, or the name is taken.
    """
    if not is_account(name):
        raise Problem(f"{name[:64]!r} is no name of an account.", remedy=f"Give {ACCOUNT_EXPECTED}.")
    if account_named(name):
        raise Problem(f"There is an account {name} already.", status=409, code="conflict")
    if len(full_name) > LONGEST_NAME:
        raise Problem(f"A full name has at most {LONGEST_NAME} characters.", parameter="full_name")
    named = _groups(groups)
    kept = NOTHING_FITS if password is None else hashed(password, name)
    with transaction.atomic():
        made: Account = Account.objects.create(
            name=name, full_name=full_name, groups=named, password=kept, created=now()
        )
        note(actor, Act.ACCOUNT_CREATED, name, f"groups: {', '.join(named) or 'none'}")
    return made


def set_password(name: str, password: str | None, actor: Actor) -> None:
    """None: nothing fits any more. Whoever is signed in is signed out; tokens stay.

    Raises:
        Problem: there is no such account, or the password cannot be taken.
    """
    found = account(name)
    found.password = NOTHING_FITS if password is None else hashed(password, name)
    with transaction.atomic():
        found.save(update_fields=["password"])
        found.sign_ins.all().delete()
        note(actor, Act.PASSWORD_CHANGED, name, "none any more" if password is None else "")


def set_groups(name: str, groups: Iterable[str], actor: Actor) -> None:
    """These and no others, from the next request on.

    Raises:
        Problem: there is no such account, or a name is none of a group.
    """
    found, named = account(name), _groups(groups)
    before, found.groups = found.groups, named
    with transaction.atomic():
        found.save(update_fields=["groups"])
        told = " to ".join(", ".join(some) or "none" for some in (before, named))
        note(actor, Act.GROUPS_CHANGED, name, f"from {told}")


def set_active(name: str, active: bool, actor: Actor) -> None:
    """Disable an account, which signs it out and stops its tokens, or enable it, which brings these back.

    Raises:
        Problem: there is no such account.
    """
    found = account(name)
    found.is_active = active
    with transaction.atomic():
        found.save(update_fields=["is_active"])
        if not active:
            found.sign_ins.all().delete()
        note(actor, Act.ACCOUNT_ENABLED if active else Act.ACCOUNT_DISABLED, name)


def _groups(names: Iterable[str]) -> list[str]:
    found = sorted(set(names))
    for name in found:
        if not is_group(name):
            raise Problem(f"{name[:100]!r} is no name of a group.", remedy=f"Give {GROUP_EXPECTED}.")
    return found
