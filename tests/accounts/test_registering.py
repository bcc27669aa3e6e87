"""Accounts made and changed."""

import pytest
from django.contrib.auth.hashers import check_password

from bigpandamon_core.accounts import identity, registering
from bigpandamon_core.accounts.audit import Actor
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.state.accounts import Account, AuditEntry, SignIn
from tests.instance.people import PASSWORD

OPERATOR = Actor("root at the command line")


def test_an_account(accounts, clock):
    registering.create("ada", PASSWORD, "Ada Example", ["b", "a", "a"], OPERATOR)
    found = Account.objects.get()
    assert (found.name, found.full_name, found.groups) == ("ada", "Ada Example", ["a", "b"])
    assert (found.is_active, found.created) == (True, clock.moment)
    assert check_password(PASSWORD, found.password)
    assert accounts.done() == [(OPERATOR.name, "account-created", "ada")]
    assert AuditEntry.objects.get().moment == clock.moment


@pytest.mark.parametrize("name", ["", "Ada", "ada example", "-ada", "a" * 65, "ada\n", "ädä", "ada/../x"])
def test_names_that_cannot_be(accounts, name):
    with pytest.raises(Problem, match="no name of an account"):
        registering.create(name, PASSWORD, "", [], OPERATOR)
    assert (Account.objects.count(), accounts.done()) == (0, [])


def test_a_name_is_given_once(accounts):
    accounts.make()
    with pytest.raises(Problem, match="already") as caught:
        registering.create("ada", PASSWORD, "", [], OPERATOR)
    assert caught.value.status == 409


@pytest.mark.parametrize("group", ["", " ", "a,b", "-a", "a" * 101, "a\nb"])
def test_groups_that_cannot_be(accounts, group):
    accounts.make("ada", "before")
    for act in (
        lambda: registering.create("eve", PASSWORD, "", [group], OPERATOR),
        lambda: registering.set_groups("ada", ["good", group], OPERATOR),
    ):
        with pytest.raises(Problem, match="no name of a group"):
            act()
    assert [(one.name, one.groups) for one in Account.objects.all()] == [("ada", ["before"])]


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "x" * 1001, "password1234", "ada-and-more"])
def test_passwords_that_are_too_easy(accounts, password):
    with pytest.raises(Problem) as caught:
        registering.create("ada-and-more", password, "", [], OPERATOR)
    assert caught.value.parameter == "password"
    assert not password or password not in str(caught.value)
    assert Account.objects.count() == 0


def test_another_password_signs_out(accounts, option):
    before, cookie = accounts.make().password, accounts.cookie()
    registering.set_password("ada", "four other words of mine", OPERATOR)
    after = Account.objects.get().password
    assert (before != after, check_password("four other words of mine", after)) == (True, True)
    assert (SignIn.objects.count(), identity.by_cookie(cookie, option)) == (0, None)
    assert accounts.done()[-1] == (OPERATOR.name, "password-changed", "ada")


def test_other_groups(accounts):
    accounts.make("ada", "a", "b")
    registering.set_groups("ada", ["c"], OPERATOR)
    assert Account.objects.get().groups == ["c"]
    entry = AuditEntry.objects.get(act="groups-changed")
    assert (entry.who, entry.target, entry.detail) == (OPERATOR.name, "ada", "from a, b to c")


def test_disabled_and_enabled(accounts):
    accounts.make()
    accounts.cookie()
    registering.set_active("ada", False, OPERATOR)
    assert (Account.objects.get().is_active, SignIn.objects.count()) == (False, 0)
    registering.set_active("ada", True, OPERATOR)
    assert Account.objects.get().is_active
    told = [(OPERATOR.name, f"account-{what}", "ada") for what in ("disabled", "enabled")]
    assert accounts.done()[-2:] == told


@pytest.mark.parametrize("name", ["eve", "ADA", "ada' OR 1=1", "\0"])
def test_nobody_else_is_changed(accounts, name):
    before = accounts.make()
    for act in (
        lambda: registering.set_active(name, False, OPERATOR),
        lambda: registering.set_groups(name, ["staff"], OPERATOR),
        lambda: registering.set_password(name, PASSWORD * 2, OPERATOR),
    ):
        with pytest.raises(Problem, match="no account"):
            act()
    after = Account.objects.get()
    assert (after.is_active, after.groups, after.password) == (True, [], before.password)
    assert accounts.done() == []


def test_what_is_not_written_down_is_not_done(accounts, monkeypatch):
    accounts.make("ada", "before")

    def full(*_arguments, **_named):
        raise OSError("no room")

    monkeypatch.setattr(registering, "note", full)
    with pytest.raises(OSError, match="no room"):
        registering.set_groups("ada", ["staff"], OPERATOR)
    assert Account.objects.get().groups == ["before"]
