"""What is handed out once and never kept: random texts, of which digests are stored.

They have 256 random bits, so that a plain digest does; passwords have not (see `accounts.passwords`).
"""

import re
from hashlib import sha256
from hmac import compare_digest
from secrets import token_hex, token_urlsafe

BITS = 256
PREFIX = "bpm"
"""Begins every token, so that those who look for leaked secrets know what they found."""
PUBLIC_DIGITS = 12
_COOKIE = r"[A-Za-z0-9_-]{43}"
_KEY = re.compile(rf"{PREFIX}_([0-9a-f]{{{PUBLIC_DIGITS}}})_{_COOKIE}")


def new_cookie() -> str:
    return token_urlsafe(BITS // 8)


def is_cookie(text: str) -> bool:
    """Whether it has the form of one: nothing else is looked for."""
    return re.fullmatch(_COOKIE, text) is not None


def new_key() -> tuple[str, str]:
    """The public name of a new token, and the token."""
    public = token_hex(PUBLIC_DIGITS // 2)
    return public, f"{PREFIX}_{public}_{new_cookie()}"


def public_of(key: str) -> str:
    """The name of the token, "" for what has not the form of one."""
    found = _KEY.fullmatch(key)
    return found[1] if found else ""


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def fits(secret: str, kept: str) -> bool:
    """Whether it is the secret of this digest; takes the same time for all that are not."""
    return compare_digest(digest(secret), kept)
