"""Who is calling, and what they may see: accounts know it, and of most callers nobody does."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bigpandamon_core.accounts import identity
from bigpandamon_core.accounts.rights import highest, may
from bigpandamon_core.domain.privacy import Anonymous, Privacy
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sections.types import Access, Resource

ANONYMOUS = "anonymous"
WORDS = {Access.PERSONAL: "see personal data"}
"""What a right allows, where its name does not say it."""
CREDENTIALS = ("HTTP_AUTHORIZATION",)
"""Headers that may tell who asks, beside cookies, as WSGI names them. What is kept before these are looked at
(web/shortcut.py, etc/nginx) is not for requests that have one."""


SESSION_COOKIE = "bigpandamon_session"
"""What a browser shows in which somebody is signed in."""


@dataclass(frozen=True)
class Caller:
    """audience: name of one of the few kinds of caller, never of a person. rights: what it may see.

    account, full_name: "" for nobody known. sites, regions: what it administers (see `accounts.rights.may`).
    """

    audience: str
    rights: frozenset[Access]
    privacy: Privacy
    account: str = ""
    full_name: str = ""
    sites: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Text that differs wherever a request may be answered differently: the audience, and that by which
        its answers are made."""
        return f"{self.audience} {','.join(sorted(self.rights))} {self.privacy.mode}"


def anonymous() -> Caller:
    """Whoever brings no credentials."""
    mode = Anonymous(settings.BIGPANDAMON.get("privacy.anonymous"))
    return Caller(ANONYMOUS, frozenset({Access.READ}), Privacy(mode, settings.SECRET_KEY))


def caller_of(request: HttpRequest) -> Caller:
    """The caller of a request. A cookie that is not good any more is as none.

    Raises:
        Problem: 401, the request brings credentials, and none are known here.
    """
    if any(name in request.META for name in CREDENTIALS):
        return _by_token(request.META["HTTP_AUTHORIZATION"])
    return _caller(signed_in(request))


def signed_in(request: HttpRequest) -> identity.Identity | None:
    """Who is signed in with the browser that asks."""
    secret = request.COOKIES.get(SESSION_COOKIE, "")
    return identity.by_cookie(secret, _option) if secret and _option("accounts.enabled") else None


def _by_token(authorization: str) -> Caller:
    if not _option("accounts.enabled"):
        remedy = "Ask without an Authorization header: this instance has no accounts."
        raise identity.refused("Invalid token.", remedy)
    return _caller(identity.by_authorization(authorization, _option))


def _option(key: str) -> Any:
    return settings.BIGPANDAMON.get(key)


def _caller(known: identity.Identity | None) -> Caller:
    """Who has no right beyond reading sees what everybody sees, and is of the same audience."""
    nobody = anonymous()
    if known is None:
        return nobody
    rights, account = known.grant.rights, known.account
    return Caller(
        nobody.audience if highest(rights) is Access.READ else highest(rights),
        rights,
        Privacy(Anonymous.NAMES, nobody.privacy.secret) if Access.PERSONAL in rights else nobody.privacy,
        account.name,
        account.full_name,
        known.grant.sites,
        known.grant.regions,
    )


def allow(caller: Caller, resource: Resource) -> None:
    """Let the caller in.

    Raises:
        Problem: 401, it is for callers who are signed in; 403, it asks for a right the caller does not have.
    """
    if _for_known(resource) and not caller.account:
        raise identity.refused("No token provided", "Sign in, or send `Authorization: Token <key>`.")
    refuse_without(caller, resource.access)


def refuse_without(caller: Caller, access: Access) -> None:
    """Raises Problem: 403, the caller does not have the right."""
    if not may(caller, access):
        raise Problem(
            f"This address is for those who may {WORDS.get(access, access)}.",
            status=403,
            code="forbidden",
            remedy="Ask the operator of this monitor for the right." if caller.account else "Sign in.",
        )


def _for_known(resource: Resource) -> bool:
    return bool(resource.signed_in_by and _option(resource.signed_in_by))


def is_public(caller: Caller, resource: Resource) -> bool:
    """Whether everybody who has not signed in gets the same answer."""
    everybody = resource.access is Access.READ and not _for_known(resource)
    return everybody and caller.key == anonymous().key


def is_shared(caller: Caller, resource: Resource) -> bool:
    """Whether all callers of an audience get the same answer, and nothing personal is in it."""
    return resource.access is Access.READ and Access.PERSONAL not in caller.rights
