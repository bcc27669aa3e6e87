"""The cookies of a sign-in: the secret, which no script sees, and a hint for scripts that there is one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from bigpandamon_core.web.access import SESSION_COOKIE
from bigpandamon_core.web.page import root

HINT_COOKIE = "bigpandamon_signed_in"
"""Without it a page asks nobody who is signed in. It says nothing else."""


def remember(request: HttpRequest, response: HttpResponseBase, secret: str) -> None:
    """Have the browser show this from now on, for as long as the sign-in lasts."""
    option = settings.BIGPANDAMON.get
    seconds = option("accounts.session_hours") * 3600
    secure = request.is_secure() or option("accounts.secure_cookies")
    for name, value in ((SESSION_COOKIE, secret), (HINT_COOKIE, "1")):
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=root(),
            secure=secure,
            httponly=name == SESSION_COOKIE,
            samesite="Lax",
        )


def forget(response: HttpResponseBase) -> None:
    """Have the browser show nothing any more."""
    for name in (SESSION_COOKIE, HINT_COOKIE):
        response.delete_cookie(name, path=root(), samesite="Lax")
