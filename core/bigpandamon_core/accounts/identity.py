"""Who shows a token or the cookie of a sign-in: one read, and no write but when a token was last used."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error

from bigpandamon_core.accounts import secrets
from bigpandamon_core.accounts.rights import Grant, Option, granted
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.queries.own.accounts import sign_in_of, token_named
from bigpandamon_core.sections.types import Access
from bigpandamon_core.state.accounts import Account, ApiToken

SCHEMES = ("token", "bearer")
USE_IS_NOTED_EVERY = timedelta(hours=1)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Identity:
    """Somebody the monitor knows, and what is allowed to who shows this."""

    account: Account
    grant: Grant


def by_authorization(header: str, option: Option) -> Identity:
    """Whoever sends this header Authorization.

    Raises:
        Problem: 401, it holds no token, none that is known, or none that is good any more.
    """
    scheme, _, key = header.partition(" ")
    if scheme.lower() not in SCHEMES:
        raise refused("Unknown scheme of authorization.", "Send `Authorization: Token <key>`.")
    key = key.strip()
    public = secrets.public_of(key)
    token = token_named(public) if public else None
    if token is None or not secrets.fits(key, token.digest):
        raise refused("Invalid token.", "Make one on the page of your account, or ask without a token.")
    moment = now()
    if ended := _why_ended(token, moment):
        raise refused(ended, "Make a new token, or ask without one.")
    _note_use(token, moment)
    scope = map(Access, token.scope)
    return Identity(token.account, granted(token.account.groups, option).within(scope))


def by_cookie(secret: str, option: Option) -> Identity | None:
    """Whoever is signed in with this cookie; None if nobody is, any more."""
    found = sign_in_of(secrets.digest(secret)) if secrets.is_cookie(secret) else None
    if found is None or found.expires <= now() or not found.account.is_active:
        return None
    return Identity(found.account, granted(found.account.groups, option))


def refused(what: str, remedy: str) -> Problem:
    return Problem(what, remedy=remedy, status=401, code="unauthorized")


def _why_ended(token: ApiToken, moment: datetime) -> str:
    """Told only to who has the secret."""
    if token.revoked:
        return "This token was revoked."
    if token.expires <= moment:
        return "This token has expired."
    return "" if token.account.is_active else "The account of this token is disabled."


def _note_use(token: ApiToken, moment: datetime) -> None:
    """Only once an hour, so that reading stays reading, and never in the way of it."""
    if token.last_used and moment - token.last_used < USE_IS_NOTED_EVERY:
        return
    try:
        ApiToken.objects.filter(pk=token.pk, last_used=token.last_used).update(last_used=moment)
    except Error as error:
        logger.warning("The use of token %s is not noted: %s", token.public, type(error).__name__)
