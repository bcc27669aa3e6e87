"""How many sign-ins may fail: counted in the record of what was done, by account and by client's address."""

import logging
from datetime import timedelta
from hashlib import blake2b

from bigpandamon_core.accounts.audit import Act
from bigpandamon_core.accounts.rights import Option
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.queries.own.accounts import moments

WITHIN = timedelta(minutes=15)
NETWORK_LETTERS = len("2001:0db8:0000:0001:")
"""Of an IPv6 address: who has one has all of its /64 network."""
logger = logging.getLogger(__name__)


def refuse_too_many(target: str, address: str, option: Option) -> None:
    """Let one try to sign in. target: as failures are noted. address: "" where it is not known.

    Raises:
        Problem: 429, too many have failed lately; when to come back.
    """
    counted = [({"target": target}, option("accounts.failed_sign_ins"))]
    if address:
        counted.append((_from(address), option("accounts.failed_sign_ins_per_address")))
    seconds = max(_seconds_to_wait(about, most) for about, most in counted)
    if seconds:
        logger.warning("Sign-ins from %s to %s are refused: too many failed", address or "unknown", target)
        raise Problem(
            "Too many sign-ins have failed.",
            remedy=f"Try again in {seconds // 60 + 1} minutes.",
            status=429,
            code="too-many-sign-ins",
            retry_after_seconds=seconds,
        )


def nobody(name: str, secret: str) -> str:
    """How failures under a name that is no account's are noted: it may be a password in the wrong field."""
    key = secret.encode()[:64]
    return f"unknown {blake2b(name.encode('utf-8', 'replace'), key=key, digest_size=8).hexdigest()}"


def _from(address: str) -> dict[str, str]:
    if ":" in address:
        return {"address__startswith": address[:NETWORK_LETTERS]}
    return {"address": address}


def _seconds_to_wait(about: dict[str, str], most: int) -> int:
    """Until the oldest of as many failures as are allowed is long enough ago, 0 while there are fewer."""
    moment = now()
    failed = moments(Act.FAILED_SIGN_IN, moment - WITHIN, most, **about)
    if len(failed) < most:
        return 0
    return int((failed[-1] + WITHIN - moment).total_seconds()) + 1
