"""The page of one's own account: who one is, what one may, one's tokens. Only for who is signed in: a token
makes no tokens."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from bigpandamon_core.accounts import tokens
from bigpandamon_core.accounts.audit import Actor
from bigpandamon_core.accounts.identity import Identity
from bigpandamon_core.accounts.rights import LADDER
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.queries.own.accounts import tokens as tokens_of
from bigpandamon_core.sections.types import Access
from bigpandamon_core.state.accounts import ApiToken
from bigpandamon_core.web.access import signed_in
from bigpandamon_core.web.client import address_of, refuse_foreign
from bigpandamon_core.web.fallback import taking
from bigpandamon_core.web.page import root
from bigpandamon_core.web.signing_in import SeeOther, page_of, refuse_switched_off, unkept

USUAL_DAYS = 90
MEANINGS = {
    Access.READ: "read what everybody reads",
    Access.PERSONAL: "see personal data",
    Access.OPERATE: "operate",
    Access.ADMINISTER: "administer",
}


@taking("GET", "HEAD")
def account(request: HttpRequest) -> HttpResponse:
    refuse_switched_off()
    known = signed_in(request)
    if known is None:
        target = urlencode({"next": request.path})
        return unkept(SeeOther(f"{root()}login/?{target}"))
    return _page(request, known)


@taking("POST")
def create_token(request: HttpRequest) -> HttpResponse:
    """A new token. The page that answers is the only one that ever shows it."""
    known = _owner(request)
    try:
        wish = tokens.Wish(
            request.POST.get("label", ""), tuple(request.POST.getlist("scope")), _days(request)
        )
        made, key = tokens.create(known.account, wish, _actor(request, known), settings.BIGPANDAMON.get)
    except Problem as problem:
        return _page(request, known, {"problem": problem}, problem.status)
    return _page(request, known, {"made": made, "key": key})


@taking("POST")
def revoke_token(request: HttpRequest, public: str) -> HttpResponse:
    known = _owner(request)
    tokens.revoke(public, _actor(request, known), known.account)
    return unkept(SeeOther(f"{root()}account/"))


def _owner(request: HttpRequest) -> Identity:
    """Whose browser has sent a form of the page.

    Raises:
        Problem: 403, it was sent by another site, or nobody is signed in.
    """
    refuse_switched_off()
    refuse_foreign(request)
    known = signed_in(request)
    if known is None:
        raise Problem("Nobody is signed in.", status=403, code="forbidden", remedy="Sign in.")
    return known


def _actor(request: HttpRequest, known: Identity) -> Actor:
    return Actor(known.account.name, address_of(request))


def _days(request: HttpRequest) -> int:
    text = request.POST.get("days", "")
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Problem(
            "days is no whole number.",
            code="illegal-value",
            parameter="days",
            remedy="Give a number of days.",
        )
    return int(text)


def _page(
    request: HttpRequest, known: Identity, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    account, option, moment = known.account, settings.BIGPANDAMON.get, now()
    content = {
        "title": account.name,
        "heading": account.full_name or account.name,
        "account": account,
        "person_url": f"{root()}user/{quote(account.full_name, safe='')}/" if account.full_name else "",
        "rights": [MEANINGS[access] for access in LADDER if access in known.grant.rights],
        "sites": sorted(known.grant.sites),
        "regions": sorted(known.grant.regions),
        "tokens": [_told(token, moment) for token in tokens_of(account.name)],
        "scopes": [(access.value, MEANINGS[access]) for access in tokens.offered(account, option)],
        "most_days": option("accounts.token_days"),
        "days": min(USUAL_DAYS, option("accounts.token_days")),
    }
    return page_of(request, "account", content | (more or {}), status)


def _told(token: ApiToken, moment: Any) -> dict[str, Any]:
    """A token as its owner sees it. ended: why it is not good any more, "" while it is."""
    ended = "revoked" if token.revoked else "expired" if token.expires <= moment else ""
    return {"token": token, "ended": ended}
