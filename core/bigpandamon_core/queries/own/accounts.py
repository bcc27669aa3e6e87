"""Accounts, their tokens and sign-ins, and what was done: each read is one statement."""

from datetime import datetime

from bigpandamon_core.state.accounts import Account, ApiToken, AuditEntry, SignIn


def account_named(name: str) -> Account | None:
    return Account.objects.filter(name=name).first()


def every_account() -> list[Account]:
    return list(Account.objects.order_by("name"))


def token_named(public: str) -> ApiToken | None:
    """With its account."""
    return ApiToken.objects.select_related("account").filter(public=public).first()


def tokens(account: str = "") -> list[ApiToken]:
    """Those of one account, or all; the newest first."""
    rows = ApiToken.objects.select_related("account").order_by("-created", "-id")
    return list(rows.filter(account__name=account) if account else rows)


def sign_in_of(digest: str) -> SignIn | None:
    """With its account."""
    return SignIn.objects.select_related("account").filter(digest=digest).first()


def moments(act: str, since: datetime, most: int, **about: str) -> list[datetime]:
    """When an act was last done, the newest first. about: columns of the entries and their values."""
    rows = AuditEntry.objects.filter(act=act, moment__gt=since, **about).order_by("-moment")
    return list(rows.values_list("moment", flat=True)[:most])


def last_entries(most: int) -> list[AuditEntry]:
    """What was done last, in its order."""
    return list(AuditEntry.objects.order_by("-id")[:most])[::-1]
