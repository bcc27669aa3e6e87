"""Answers made anew before they expire: who may ask for that, and how.

A request that carries the header gets an answer that will still hold after the seconds it names: one that
would expire before is made anew, and kept for everybody. The bytes are those that any client gets.
"""

import hashlib
import hmac
from datetime import timedelta

HEADER = "X-Bigpandamon-Warm-Up"
LONGEST_SECONDS = 86_400


def asking(seconds: int, secret_key: str) -> str:
    """The value of the header. secret_key: the instance's, which nobody else knows."""
    return f"{seconds} {_key(secret_key)}"


def ahead(value: str, secret_key: str) -> timedelta:
    """For how long from now an answer is to hold; no time for a header that is not of this instance."""
    seconds, _, key = value.partition(" ")
    ours = hmac.compare_digest(key.encode("utf-8", "replace"), _key(secret_key).encode())
    return timedelta(seconds=min(int(seconds), LONGEST_SECONDS)) if ours else timedelta(0)


def _key(secret_key: str) -> str:
    return hashlib.blake2b(secret_key.encode(), person=b"warming", digest_size=32).hexdigest()
