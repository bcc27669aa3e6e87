"""Passwords: what a new one must be like, and whether one is right. They are hashed as Django does it."""

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from bigpandamon_core.domain.problems import Problem

SHORTEST, LONGEST = 12, 1000
NOTHING_FITS = "!"
"""In place of a hash. To compare with it takes as long as with one."""


def hashed(password: str, account: str) -> str:
    """A new password of an account as it is kept.

    Raises:
        Problem: it is too short, too long, or the first that somebody would try.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise _refused(f"A password has {SHORTEST} to {LONGEST} characters.")
    if password.lower() == account or _is_common(password):
        raise _refused("This password is easily guessed.")
    return make_password(password)


def is_right(password: str, kept: str) -> bool:
    return len(password) <= LONGEST and check_password(password, kept)


def _is_common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


def _refused(what: str) -> Problem:
    return Problem(
        what,
        remedy="Take several words that do not belong together.",
        code="illegal-value",
        parameter="password",
    )
