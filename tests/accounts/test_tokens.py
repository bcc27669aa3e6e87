"""Tokens made and revoked."""

from datetime import timedelta

import pytest

from bigpandamon_core.accounts import tokens
from bigpandamon_core.accounts.audit import Actor
from bigpandamon_core.accounts.tokens import Wish
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.state.accounts import ApiToken, AuditEntry

OWNER = Actor("ada", "10.0.0.1")


def test_a_token(accounts, option, clock):
    ada = accounts.make("ada", "operators")
    made, key = tokens.create(ada, Wish("  nightly \n report ", ("operate", "read"), 30), OWNER, option)
    kept = ApiToken.objects.get()
    assert key.startswith(f"bpm_{made.public}_")
    assert (kept.label, kept.scope) == ("nightly report", ["operate", "read"])
    assert (kept.created, kept.expires) == (clock.moment, clock.moment + timedelta(days=30))
    assert (kept.last_used, kept.revoked, kept.account_id) == (None, None, ada.pk)
    entry = AuditEntry.objects.get(act="token-created")
    assert (entry.who, entry.address, entry.target) == ("ada", "10.0.0.1", made.public)
    assert entry.detail == "of ada, for nightly report, scope operate, read, 30 days"


def test_no_two_are_alike(accounts, option):
    ada = accounts.make()
    keys = {tokens.create(ada, Wish("x", ("read",), 1), OWNER, option)[1] for _ in range(20)}
    assert len(keys) == 20
    assert len({key[-43:] for key in keys}) == 20


@pytest.mark.parametrize(
    ("wish", "parameter"),
    [
        (Wish("", ("read",), 1), "label"),
        (Wish(" \n", ("read",), 1), "label"),
        (Wish("a\0b", ("read",), 1), "label"),
        (Wish("x" * 101, ("read",), 1), "label"),
        (Wish("x", (), 1), "scope"),
        (Wish("x", ("operate",), 1), "scope"),
        (Wish("x", ("personal", "administer"), 1), "scope"),
        (Wish("x", ("everything",), 1), "scope"),
        (Wish("x", ("read",), 0), "days"),
        (Wish("x", ("read",), -1), "days"),
        (Wish("x", ("read",), 366), "days"),
    ],
)
def test_what_cannot_be_had(accounts, option, wish, parameter):
    ada = accounts.make("ada", "watchers")
    with pytest.raises(Problem) as caught:
        tokens.create(ada, wish, OWNER, option)
    assert (caught.value.status, caught.value.parameter) == (400, parameter)
    assert caught.value.remedy
    assert (ApiToken.objects.count(), accounts.done()) == (0, [])


def test_who_administers_a_site_may_have_it_carried(accounts, option):
    tokens.create(accounts.make("ada", "one"), Wish("x", ("administer",), 1), OWNER, option)
    assert ApiToken.objects.get().scope == ["administer"]


def test_an_account_has_so_many(accounts, option, monkeypatch, clock):
    monkeypatch.setattr(tokens, "MOST", 2)
    ada, wish = accounts.make(), Wish("x", ("read",), 1)
    made = [tokens.create(ada, wish, OWNER, option)[0] for _ in range(2)]
    with pytest.raises(Problem, match="has 2 tokens"):
        tokens.create(ada, wish, OWNER, option)
    tokens.revoke(made[0].public, OWNER)
    tokens.create(ada, wish, OWNER, option)
    clock.forward(86_400)
    tokens.create(ada, wish, OWNER, option)


def test_the_owner_revokes(accounts, option, clock):
    ada = accounts.make()
    made, _ = tokens.create(ada, Wish("report", ("read",), 1), OWNER, option)
    clock.forward(5)
    tokens.revoke(made.public, OWNER, ada)
    assert ApiToken.objects.get().revoked == clock.moment
    assert accounts.done()[-1] == ("ada", "token-revoked", made.public)


def test_once_is_enough(accounts, option, clock):
    ada = accounts.make()
    made, _ = tokens.create(ada, Wish("report", ("read",), 1), OWNER, option)
    tokens.revoke(made.public, OWNER)
    clock.forward(5)
    tokens.revoke(made.public, OWNER)
    assert ApiToken.objects.get().revoked == clock.moment - timedelta(seconds=5)
    assert [act for _, act, _ in accounts.done()] == ["token-created", "token-revoked"]


def test_a_stranger_does_not(accounts, option):
    made, _ = tokens.create(accounts.make(), Wish("report", ("read",), 1), OWNER, option)
    told: list[str] = []
    for public in (made.public, "0" * 12):
        with pytest.raises(Problem) as caught:
            tokens.revoke(public, Actor("eve"), accounts.make(f"eve{len(told)}"))
        told.append(str(caught.value).replace(public, ""))
    assert told[0] == told[1]
    assert ApiToken.objects.get().revoked is None
    assert "token-revoked" not in {act for _, act, _ in accounts.done()}
