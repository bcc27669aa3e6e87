"""Signing in and out, and who is signed in. None of this is ever kept."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string

from bigpandamon_core.accounts import signing_in
from bigpandamon_core.accounts.rights import LADDER
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.web.access import SESSION_COOKIE, caller_of, signed_in
from bigpandamon_core.web.client import address_of, next_page, refuse_foreign
from bigpandamon_core.web.cookies import forget, remember
from bigpandamon_core.web.delivery import VARY
from bigpandamon_core.web.fallback import taking
from bigpandamon_core.web.loading import registry
from bigpandamon_core.web.page import around, root
from bigpandamon_core.web.render import encode

HTML = "text/html; charset=utf-8"


class SeeOther(HttpResponseRedirect):
    """After a form was taken: a page to look at."""

    status_code = HTTPStatus.SEE_OTHER


@taking("GET", "HEAD", "POST")
def login(request: HttpRequest) -> HttpResponse:
    """The form to sign in with; whoever is signed in is told so."""
    refuse_switched_off()
    return _taken(request) if request.method == "POST" else _form(request)


@taking("POST")
def logout(request: HttpRequest) -> HttpResponse:
    refuse_switched_off()
    refuse_foreign(request)
    signing_in.sign_out(request.COOKIES.get(SESSION_COOKIE, ""), address_of(request))
    response = SeeOther(root())
    forget(response)
    return unkept(response)


@taking("GET", "HEAD")
def who(request: HttpRequest) -> HttpResponse:
    """Who asks and what it may, as JSON: for the head of pages, which may come from a cache, and for
    programs that want to know what their token is good for."""
    refuse_switched_off()
    caller = caller_of(request)
    told = {
        "account": caller.account,
        "full_name": caller.full_name,
        "rights": [access for access in LADDER if access in caller.rights],
        "sites": sorted(caller.sites),
        "regions": sorted(caller.regions),
    }
    response = HttpResponse(encode(told), content_type="application/json")
    if not caller.account:
        _forget_what_is_over(request, response)
    return unkept(response)


def refuse_switched_off() -> None:
    """Raises Problem: 404, this instance has no accounts."""
    if not settings.BIGPANDAMON.get("accounts.enabled"):
        raise not_found("This monitor has no accounts.", "Its operator may want accounts.enabled = true.")


def page_of(request: HttpRequest, template: str, content: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that is for one person."""
    page = around(request, registry(), None) | {"as_of": None} | content
    text = render_to_string(f"bigpandamon/{template}.html", {"page": page})
    return unkept(HttpResponse(text, content_type=HTML, status=status))


def unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Vary"] = VARY
    return response


def _taken(request: HttpRequest) -> HttpResponse:
    """The form, sent. Who was signed in with this browser before is signed out."""
    refuse_foreign(request)
    target, address = next_page(request), address_of(request)
    name, password = (request.POST.get(field, "") for field in ("account", "password"))
    try:
        secret = signing_in.sign_in(name, password, address, settings.BIGPANDAMON.get)
    except Problem as problem:
        return _form(request, problem)
    signing_in.sign_out(request.COOKIES.get(SESSION_COOKIE, ""), address)
    response = SeeOther(target)
    remember(request, response, secret)
    return unkept(response)


def _form(request: HttpRequest, problem: Problem | None = None) -> HttpResponse:
    known = signed_in(request)
    content = {
        "title": "Sign in",
        "heading": "Sign in",
        "account": known.account.name if known else "",
        "next": next_page(request),
        "problem": problem,
    }
    response = page_of(request, "login", content, problem.status if problem else 200)
    if problem and problem.retry_after_seconds:
        response["Retry-After"] = str(problem.retry_after_seconds)
    if known is None:
        _forget_what_is_over(request, response)
    return response


def _forget_what_is_over(request: HttpRequest, response: HttpResponse) -> None:
    if SESSION_COOKIE in request.COOKIES:
        forget(response)
