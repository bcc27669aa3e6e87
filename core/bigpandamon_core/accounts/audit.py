"""A record of every act that is not a read. Written in the transaction of the act, so that neither is without
the other."""

from dataclasses import dataclass
from enum import StrEnum

from bigpandamon_core.domain.window import now
from bigpandamon_core.state.accounts import AuditEntry


class Act(StrEnum):
    SIGN_IN = "sign-in"
    FAILED_SIGN_IN = "failed-sign-in"
    SIGN_OUT = "sign-out"
    ACCOUNT_CREATED = "account-created"
    ACCOUNT_DISABLED = "account-disabled"
    ACCOUNT_ENABLED = "account-enabled"
    GROUPS_CHANGED = "groups-changed"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105  # the name of an act
    TOKEN_CREATED = "token-created"  # noqa: S105  # as above
    TOKEN_REVOKED = "token-revoked"  # noqa: S105  # as above
    TABLES_DROPPED = "tables-dropped"
    HANDED_IN = "handed-in"


@dataclass(frozen=True)
class Actor:
    """Who acts: an account, or somebody at the command line. address: the client's, "" if unknown."""

    name: str
    address: str = ""


def note(actor: Actor, act: Act, target: str, detail: str = "") -> None:
    """Write down what is done, to what. detail: never a secret."""
    AuditEntry.objects.create(
        moment=now(),
        who=actor.name[:200],
        act=act,
        target=target,
        detail=detail[:500],
        address=actor.address,
    )
