"""Signing in with a name and a password, and out again."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from bigpandamon_core.accounts import secrets
from bigpandamon_core.accounts.audit import Act, Actor, note
from bigpandamon_core.accounts.limits import nobody, refuse_too_many
from bigpandamon_core.accounts.passwords import NOTHING_FITS, is_right
from bigpandamon_core.accounts.rights import Option
from bigpandamon_core.domain.accounts import is_account
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.queries.own.accounts import account_named, sign_in_of
from bigpandamon_core.state.accounts import Account, SignIn


def sign_in(name: str, password: str, address: str, option: Option) -> str:
    """The secret of a new sign-in, for the browser alone.

    Raises:
        Problem: 403, in the same words and after the same time whatever is wrong; 429, too many have failed.
    """
    wanted = name.strip().lower()
    found = account_named(wanted) if is_account(wanted) else None
    target = found.name if found else nobody(wanted, settings.SECRET_KEY)
    refuse_too_many(target, address, option)
    right = is_right(password, found.password if found else NOTHING_FITS)
    if found is None or not right or not found.is_active:
        note(Actor("", address), Act.FAILED_SIGN_IN, target)
        raise Problem(
            "Name and password do not belong to an account.",
            remedy="Try again, or ask the operator of this monitor.",
            status=403,
            code="sign-in-failed",
        )
    return _signed_in(found, address, option("accounts.session_hours"))


def _signed_in(account: Account, address: str, hours: int) -> str:
    secret, moment = secrets.new_cookie(), now()
    with transaction.atomic():
        SignIn.objects.create(
            digest=secrets.digest(secret),
            account=account,
            created=moment,
            expires=moment + timedelta(hours=hours),
        )
        note(Actor(account.name, address), Act.SIGN_IN, account.name)
    return secret


def sign_out(secret: str, address: str) -> None:
    """End a sign-in; nothing happens if there is none."""
    found = sign_in_of(secrets.digest(secret)) if secrets.is_cookie(secret) else None
    if found is None:
        return
    with transaction.atomic():
        found.delete()
        note(Actor(found.account.name, address), Act.SIGN_OUT, found.account.name)
