"""Accounts, tokens and what was done, as tables for a terminal."""

from collections.abc import Iterable, Iterator

from bigpandamon_core.accounts.rights import Option, granted, highest
from bigpandamon_core.domain.window import iso, now
from bigpandamon_core.queries.own import accounts as queries
from bigpandamon_core.state.accounts import Account, ApiToken, AuditEntry

NONE = "-"
ACCOUNTS = ("account", "state", "may", "administers", "groups", "name in PanDA")
TOKENS = ("token", "account", "for", "scope", "made", "good until", "last used", "state")
ENTRIES = ("moment", "who", "address", "act", "target", "detail")


def accounts(option: Option) -> Iterator[str]:
    return _table(ACCOUNTS, (_account(one, option) for one in queries.every_account()))


def tokens(account: str) -> Iterator[str]:
    """Those of one account, or of all for ""."""
    return _table(TOKENS, map(_token, queries.tokens(account)))


def entries(most: int) -> Iterator[str]:
    """What was done last, in its order."""
    return _table(ENTRIES, map(_entry, queries.last_entries(most)))


def _account(account: Account, option: Option) -> tuple[str, ...]:
    grant = granted(account.groups, option)
    return (
        account.name,
        "enabled" if account.is_active else "disabled",
        highest(grant.rights),
        ", ".join(sorted(grant.sites | grant.regions)),
        ", ".join(account.groups),
        account.full_name,
    )


def _token(token: ApiToken) -> tuple[str, ...]:
    ended = "revoked" if token.revoked else "expired" if token.expires <= now() else "good"
    times = (iso(moment) or "" for moment in (token.created, token.expires, token.last_used))
    return (token.public, token.account.name, token.label, ", ".join(token.scope), *times, ended)


def _entry(entry: AuditEntry) -> tuple[str, ...]:
    return (iso(entry.moment) or "", entry.who, entry.address, entry.act, entry.target, entry.detail)


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    shown = [headings, *(tuple(cell or NONE for cell in row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
