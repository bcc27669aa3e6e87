"""Who is calling, and what they may see. Until accounts exist every caller is anonymous."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from bigpandamon_core.domain.privacy import Anonymous, Privacy
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sections.types import Access, Resource

ANONYMOUS = "anonymous"
CREDENTIALS = ("HTTP_AUTHORIZATION",)
"""Headers that may tell who asks, beside cookies, as WSGI names them. What is kept before these are looked at
(web/shortcut.py, etc/nginx) is not for requests that have one."""


@dataclass(frozen=True)
class Caller:
    """audience: name of one of the few kinds of caller, never of a person. rights: what it may see."""

    audience: str
    rights: frozenset[Access]
    privacy: Privacy

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
    """The caller of a request.

    Raises:
        Problem: 401, the request brings credentials, and none are known here.
    """
    if any(name in request.META for name in CREDENTIALS):
        raise Problem(
            "Invalid token.",
            status=401,
            code="unauthorized",
            remedy="Ask without an Authorization header: this instance has no accounts.",
        )
    return anonymous()


def allow(caller: Caller, resource: Resource) -> None:
    """Let the caller in.

    Raises:
        Problem: 403, the resource asks for a right the caller does not have.
    """
    if resource.access not in caller.rights:
        raise Problem(
            f"This address is for those who may {resource.access}.",
            status=403,
            code="forbidden",
            remedy="Sign in.",
        )


def is_public(caller: Caller, resource: Resource) -> bool:
    """Whether everybody who has not signed in gets the same answer."""
    return resource.access is Access.READ and caller == anonymous()


def is_shared(caller: Caller, resource: Resource) -> bool:
    """Whether all callers of an audience get the same answer, and nothing personal is in it."""
    return resource.access is Access.READ and Access.PERSONAL not in caller.rights
