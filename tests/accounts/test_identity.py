"""Who shows what: an owner, a stranger, nobody."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connections
from django.test.utils import CaptureQueriesContext

from bigpandamon_core.accounts import identity, registering, tokens
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sections.types import Access
from bigpandamon_core.state.accounts import ApiToken, AuditEntry
from tests.instance.people import TESTER

HOUR = 3600


def refusal(header, option):
    with pytest.raises(Problem) as caught:
        identity.by_authorization(header, option)
    assert (caught.value.status, caught.value.code) == (401, "unauthorized")
    return caught.value.what


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "token", "BEARER"])
def test_a_token_shows_its_account(accounts, option, scheme):
    accounts.make("eve", "staff")
    accounts.make("ada", "watchers")
    found = identity.by_authorization(f"{scheme} {accounts.token('ada')}", option)
    assert found.account.name == "ada"


def test_a_scope_may_be_narrower_than_the_account(accounts, option):
    ada = accounts.make("ada", "staff")
    for scope, rights in (("read", 1), ("personal", 2), ("operate", 3), ("administer", 4)):
        _, key = tokens.create(ada, tokens.Wish("x", (scope,), 1), TESTER, option)
        assert len(identity.by_authorization(f"Token {key}", option).grant.rights) == rights


def test_a_token_never_has_more_than_the_account_has_now(accounts, option):
    ada = accounts.make("ada", "staff")
    _, key = tokens.create(ada, tokens.Wish("x", ("administer",), 1), TESTER, option)
    registering.set_groups("ada", ["watchers"], TESTER)
    found = identity.by_authorization(f"Token {key}", option).grant
    assert found.rights == {Access.READ, Access.PERSONAL}


@pytest.mark.parametrize("header", ["", "Token", "Basic eDp5", "Digest x", "bpm_x", "Token: x"])
def test_other_schemes(accounts, option, header):
    assert refusal(header, option) in ("Unknown scheme of authorization.", "Invalid token.")


def test_what_is_no_token(accounts, option):
    accounts.make()
    key = accounts.token()
    last = "B" if key[-1] == "A" else "A"
    wrong = [key[:-1], key[:-1] + last, f"{key}x", f"{key} {key}", key.upper(), key.replace("_", "-", 1)]
    wrong += ["bpm_" + "0" * 12 + key[16:], "x", "\0", "é" * 60]
    assert {refusal(f"Token {one}", option) for one in wrong} == {"Invalid token."}
    assert identity.by_authorization(f"Token {key}", option)


def test_what_has_not_the_form_of_a_token_is_not_looked_for(own, option):
    with CaptureQueriesContext(connections["default"]) as asked:
        refusal("Token abc", option)
    assert len(asked) == 0


def test_it_expires(accounts, option, clock):
    accounts.make()
    key = accounts.token(days=1)
    clock.forward(24 * HOUR - 1)
    assert identity.by_authorization(f"Token {key}", option)
    clock.forward(1)
    assert refusal(f"Token {key}", option) == "This token has expired."
    assert (
        refusal(f"Token {key[:-1]}A" if key[-1] != "A" else f"Token {key[:-1]}B", option) == "Invalid token."
    )


def test_it_is_revoked(accounts, option):
    accounts.make()
    key = accounts.token()
    tokens.revoke(key.split("_")[1], TESTER)
    assert refusal(f"Token {key}", option) == "This token was revoked."


def test_its_account_is_disabled(accounts, option):
    accounts.make()
    key = accounts.token()
    registering.set_active("ada", False, TESTER)
    assert refusal(f"Token {key}", option) == "The account of this token is disabled."
    registering.set_active("ada", True, TESTER)
    assert identity.by_authorization(f"Token {key}", option)


def test_one_read_and_once_an_hour_a_write(accounts, option, clock):
    accounts.make()
    key, begun = accounts.token(), clock.moment
    statements = []
    for seconds in (0, 10, HOUR - 11, 1, 1):
        clock.forward(seconds)
        with CaptureQueriesContext(connections["default"]) as asked:
            identity.by_authorization(f"Token {key}", option)
        statements.append([one["sql"].split()[0] for one in asked])
    assert statements == [["SELECT", "UPDATE"], ["SELECT"], ["SELECT"], ["SELECT", "UPDATE"], ["SELECT"]]
    assert ApiToken.objects.get().last_used == begun + timedelta(hours=1)


def test_a_use_that_cannot_be_noted_stops_nobody(accounts, option, caplog):
    accounts.make()
    key = accounts.token()

    def read_only(execute, statement, *rest):
        if not statement.startswith("SELECT"):
            raise OperationalError(f"read-only {key}")
        return execute(statement, *rest)

    with connections["default"].execute_wrapper(read_only):
        assert identity.by_authorization(f"Token {key}", option)
    assert "is not noted: OperationalError" in caplog.text
    assert key not in caplog.text


def test_a_cookie_shows_its_account(accounts, option):
    accounts.make("eve", "staff")
    accounts.make("ada", "watchers", "one")
    cookie = accounts.cookie("ada")
    with CaptureQueriesContext(connections["default"]) as asked:
        found = identity.by_cookie(cookie, option)
    assert found
    assert found.account.name == "ada"
    assert found.grant.rights == {Access.READ, Access.PERSONAL}
    assert found.grant.sites == {"QUEUE_ONE"}
    assert [one["sql"].split()[0] for one in asked] == ["SELECT"]


def test_what_is_no_cookie(accounts, option):
    accounts.make()
    cookie = accounts.cookie()
    for wrong in ("", "x", cookie[:-1], cookie.swapcase(), f"{cookie} ", "A" * 43, "\0" * 43, "é" * 43):
        assert identity.by_cookie(wrong, option) is None


def test_a_sign_in_ends(accounts, option, clock):
    accounts.make()
    cookie = accounts.cookie()
    clock.forward(12 * HOUR - 1)
    assert identity.by_cookie(cookie, option)
    clock.forward(1)
    assert identity.by_cookie(cookie, option) is None


def test_who_signed_in_while_the_account_was_disabled_is_nobody(accounts, option):
    ada = accounts.make()
    cookie = accounts.cookie()
    ada.is_active = False
    ada.save()
    assert identity.by_cookie(cookie, option) is None


def test_reading_is_not_written_down(accounts, option):
    accounts.make()
    key, cookie, before = accounts.token(), accounts.cookie(), AuditEntry.objects.count()
    for _ in range(3):
        identity.by_authorization(f"Token {key}", option)
        identity.by_cookie(cookie, option)
    assert AuditEntry.objects.count() == before
