"""Signing in and out: what is told, what is written down, and how often one may try."""

import pytest
from django.contrib.auth import hashers

from bigpandamon_core.accounts import identity, registering, signing_in
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.state.accounts import AuditEntry, SignIn
from tests.instance.people import PASSWORD, TESTER

HERE, THERE = "10.0.0.1", "10.0.0.2"
MINUTE = 60


def failure(name, password, option, address=HERE):
    with pytest.raises(Problem) as caught:
        signing_in.sign_in(name, password, address, option)
    return caught.value


def test_in_and_out(accounts, option, clock):
    accounts.make()
    cookie = signing_in.sign_in(" Ada ", PASSWORD, HERE, option)
    found = identity.by_cookie(cookie, option)
    assert found
    assert found.account.name == "ada"
    signing_in.sign_out(cookie, THERE)
    assert identity.by_cookie(cookie, option) is None
    assert accounts.done() == [("ada", "sign-in", "ada"), ("ada", "sign-out", "ada")]
    addresses = AuditEntry.objects.exclude(who=TESTER.name).order_by("id").values_list("address", flat=True)
    assert list(addresses) == [HERE, THERE]


def test_nobody_is_signed_out_twice(accounts, option):
    accounts.make()
    cookie = accounts.cookie()
    for one in (cookie, cookie, "", "x", "A" * 43):
        signing_in.sign_out(one, HERE)
    assert [act for _, act, _ in accounts.done()] == ["sign-in", "sign-out"]


def test_another_browser_stays_signed_in(accounts, option):
    accounts.make()
    first, second = accounts.cookie(), accounts.cookie()
    signing_in.sign_out(first, HERE)
    assert identity.by_cookie(second, option)


@pytest.fixture
def hashed(monkeypatch):
    """How often a password was hashed: that takes the time."""
    counted = []
    real = hashers.MD5PasswordHasher.encode

    def encode(self, password, salt):
        counted.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", encode)
    return counted


def test_whatever_is_wrong_is_told_and_takes_alike(accounts, option, hashed):
    accounts.make("ada")
    accounts.make("robot", password=None)
    accounts.make("gone")
    registering.set_active("gone", False, TESTER)
    told, took = set(), set()
    for name, password in (
        ("ada", "another password"), ("ada", ""), ("eve", PASSWORD), ("robot", PASSWORD), ("robot", "!"),
        ("gone", PASSWORD), ("", ""), ("no name", PASSWORD), ("ada\0", PASSWORD), ("ädä", PASSWORD),
    ):  # fmt: skip
        hashed.clear()
        problem = failure(name, password, option, address="")
        told.add((problem.status, str(problem), problem.parameter))
        took.add(len(hashed))
    assert len(told) == 1
    assert took == {1}
    assert SignIn.objects.count() == 0


def test_a_failure_is_written_down(accounts, option):
    accounts.make()
    failure("ada", "another password", option)
    entry = AuditEntry.objects.get(act="failed-sign-in")
    assert (entry.who, entry.target, entry.address, entry.detail) == ("", "ada", HERE, "")


def test_what_is_no_account_may_be_a_password(accounts, option):
    """Typed in the wrong field."""
    for _ in range(2):
        failure(PASSWORD, PASSWORD, option)
    failure("eve", PASSWORD, option)
    targets = list(AuditEntry.objects.order_by("id").values_list("target", flat=True))
    assert targets[0] == targets[1] != targets[2]
    assert all(PASSWORD not in target and "eve" not in target for target in targets)


def tried(name, option, times, address=""):
    return [failure(name, "another password", option, address).status for _ in range(times)]


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_too_many_for_one_account(accounts, option, clock, name):
    accounts.make()
    accounts.make("eve")
    assert tried(name, option, 5) == [403, 403, 403, 429, 429]
    refused = failure(name, PASSWORD, option, THERE)
    assert (refused.status, refused.code, refused.retry_after_seconds) == (429, "too-many-sign-ins", 901)
    assert signing_in.sign_in("eve", PASSWORD, THERE, option)


def test_what_is_refused_unseen_does_not_count(accounts, option, clock):
    accounts.make()
    tried("ada", option, 9)
    assert AuditEntry.objects.filter(act="failed-sign-in").count() == 3
    clock.forward(15 * MINUTE - 1)
    assert failure("ada", PASSWORD, option).retry_after_seconds == 2
    clock.forward(2)
    assert signing_in.sign_in("ada", PASSWORD, HERE, option)


def test_the_oldest_of_those_allowed_decides(accounts, option, clock):
    accounts.make()
    for _ in range(3):
        tried("ada", option, 1)
        clock.forward(5 * MINUTE)
    assert tried("ada", option, 1) == [403]


def test_too_many_from_one_address(accounts, option, clock):
    accounts.make()
    assert [tried(f"name{number}", option, 1, HERE)[0] for number in range(7)] == [403] * 5 + [429] * 2
    assert failure("ada", PASSWORD, option, HERE).status == 429
    assert signing_in.sign_in("ada", PASSWORD, THERE, option)
    assert signing_in.sign_in("ada", PASSWORD, "10.0.0.11", option)


def test_a_network_of_ipv6_is_one_address(accounts, option, clock):
    accounts.make()
    near = [f"2001:0db8:0000:0001:0000:0000:0000:000{number}" for number in range(6)]
    assert [tried(f"name{number}", option, 1, one)[0] for number, one in enumerate(near)][-1] == 429
    assert signing_in.sign_in("ada", PASSWORD, "2001:0db8:0000:0002:0000:0000:0000:0000", option)


def test_an_unknown_address_is_not_everybodys(accounts, option, clock):
    accounts.make()
    for number in range(9):
        assert tried(f"name{number}", option, 1, "") == [403]
    assert signing_in.sign_in("ada", PASSWORD, "", option)
