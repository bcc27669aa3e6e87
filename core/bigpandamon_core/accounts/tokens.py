"""Tokens: made for a purpose, with a part of what their account may, for a time; told once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from bigpandamon_core.accounts import secrets
from bigpandamon_core.accounts.audit import Act, Actor, note
from bigpandamon_core.accounts.rights import LADDER, Option, granted
from bigpandamon_core.domain.accounts import LONGEST_LABEL
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.window import now
from bigpandamon_core.queries.own.accounts import token_named
from bigpandamon_core.sections.types import Access
from bigpandamon_core.state.accounts import Account, ApiToken

MOST = 50
"""Tokens of one account that are good at a time."""


@dataclass(frozen=True)
class Wish:
    """What a new token is to be. label: what it is for. scope: rights by name. days: how long it is good."""

    label: str
    scope: tuple[str, ...]
    days: int


def create(account: Account, wish: Wish, actor: Actor, option: Option) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can be told again.

    Raises:
        Problem: what is wished for cannot be had.
    """
    label, scope = _label(wish.label), _scope(wish.scope, account, option)
    _refuse_days(wish.days, option("accounts.token_days"))
    _refuse_too_many(account)
    moment, (public, key) = now(), secrets.new_key()
    with transaction.atomic():
        made: ApiToken = ApiToken.objects.create(
            public=public,
            digest=secrets.digest(key),
            account=account,
            label=label,
            scope=scope,
            created=moment,
            expires=moment + timedelta(days=wish.days),
        )
        detail = f"of {account.name}, for {label}, scope {', '.join(scope)}, {wish.days} days"
        note(actor, Act.TOKEN_CREATED, public, detail)
    return made, key


def revoke(public: str, actor: Actor, account: Account | None = None) -> None:
    """End a token for good. account: whose it must be, None for anybody's.

    Raises:
        Problem: 404, there is no such token, or it belongs to somebody else.
    """
    found = token_named(public)
    if found is None or (account is not None and found.account_id != account.pk):
        raise not_found(f"There is no token {public[:16]}.", "Name it by its first part, as lists do.")
    with transaction.atomic():
        if ApiToken.objects.filter(pk=found.pk, revoked=None).update(revoked=now()):
            note(actor, Act.TOKEN_REVOKED, public, f"of {found.account.name}, for {found.label}")


def offered(account: Account, option: Option) -> tuple[Access, ...]:
    """The rights that a token of this account may carry."""
    anywhere = granted(account.groups, option).anywhere
    return tuple(access for access in LADDER if access in anywhere)


def _label(text: str) -> str:
    label = " ".join(text.split())
    if not label or len(label) > LONGEST_LABEL or not label.isprintable():
        raise _refused(
            f"A token needs a label of 1 to {LONGEST_LABEL} characters.", "label", "Say what it is for."
        )
    return label


def _scope(names: Iterable[str], account: Account, option: Option) -> list[str]:
    wanted, possible = sorted(set(names)), offered(account, option)
    if not wanted or not set(wanted) <= set(possible):
        given = ", ".join(wanted)[:100] or "nothing"
        remedy = f"Its account has: {', '.join(possible)}."
        raise _refused(f"A token of {account.name} cannot carry {given}.", "scope", remedy)
    return wanted


def _refuse_days(days: int, most: int) -> None:
    if not 1 <= days <= most:
        raise _refused(
            f"A token is good for 1 to {most} days.", "days", "The option accounts.token_days says so."
        )


def _refuse_too_many(account: Account) -> None:
    if account.tokens.filter(revoked=None, expires__gt=now()).count() >= MOST:
        what = f"{account.name} has {MOST} tokens already."
        raise Problem(what, remedy="Revoke one that is not used.", status=409, code="conflict")


def _refused(what: str, parameter: str, remedy: str) -> Problem:
    return Problem(what, remedy=remedy, code="illegal-value", parameter=parameter)
