"""Who is calling: an owner of rights, a stranger without, nobody; and what each of them gets."""

import logging

import pytest
from django.db import connections
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bigpandamon_core.accounts import registering, tokens
from bigpandamon_core.accounts.rights import highest
from bigpandamon_core.domain.privacy import Anonymous
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sections.types import Access
from bigpandamon_core.web import access
from bigpandamon_core.web.access import SESSION_COOKIE
from tests.instance.people import TESTER
from tests.web.gateway import Gateway

USER = "Ada Byron"
SUBJECT = "/DC=org/CN=Ada Byron 12345"
ROLES = """[privacy]
anonymous = "none"
[accounts]
site_roles = { QUEUE_ONE = ["one"] }
region_roles = { NORTH = ["north"] }
[accounts.roles]
personal = ["watchers"]
operate = ["operators"]
administer = ["staff"]
"""
KEPT = '[cache]\nkind = "memory"\ndefault_seconds = 60\nstale_seconds = 0\n'
READ_ONLY = {"read"}
GROUPS = {
    "": ("anonymous", READ_ONLY),
    "watchers": ("personal", READ_ONLY | {"personal"}),
    "operators": ("operate", READ_ONLY | {"personal", "operate"}),
    "staff": ("administer", READ_ONLY | {"personal", "operate", "administer"}),
    "one": ("anonymous", READ_ONLY),
}


@pytest.fixture
def instance(configured, accounts):
    """Tells names to nobody who has no right to them, and keeps answers."""
    configured(KEPT + ROLES)
    return accounts


@pytest.fixture
def job(panda):
    return panda.job(produsername=USER, produserid=SUBJECT, jobname=f"user.{USER}.1")


def asked(**told):
    return access.caller_of(RequestFactory().get("/jobs/", **told))


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("how", ["token", "cookie"])
def test_the_audience_is_of_the_rights_never_of_the_person(instance, group, how):
    audience, rights = GROUPS[group]
    found = []
    for name in ("ada", "eve"):
        instance.make(name, *filter(None, [group]))
        if how == "token":
            scope = highest(map(Access, rights))
            found.append(asked(HTTP_AUTHORIZATION=f"Token {instance.token(name, scope)}"))
        else:
            found.append(asked(HTTP_COOKIE=f"{SESSION_COOKIE}={instance.cookie(name)}"))
    assert [caller.account for caller in found] == ["ada", "eve"]
    assert {caller.audience for caller in found} == {audience}
    assert {caller.rights for caller in found} == {frozenset(map(Access, rights))}
    assert len({caller.key for caller in found}) == 1
    assert (found[0].key == access.anonymous().key) == (audience == "anonymous")
    names = Anonymous.NAMES if "personal" in rights else Anonymous.NONE
    assert {caller.privacy.mode for caller in found} == {names}


def test_what_one_administers_goes_with_the_caller(instance):
    instance.make("ada", "one", "north")
    found = asked(HTTP_COOKIE=f"{SESSION_COOKIE}={instance.cookie()}")
    assert (found.sites, found.regions, found.full_name) == ({"QUEUE_ONE"}, {"NORTH"}, "Ada Example")


def test_nobody_is_not_looked_for(own):
    with CaptureQueriesContext(connections["default"]) as statements:
        assert asked() == access.anonymous()
        assert asked(HTTP_COOKIE="bigpandamon_theme=dark; sessionid=1") == access.anonymous()
        assert asked(HTTP_COOKIE=f"{SESSION_COOKIE}=abc") == access.anonymous()
    assert len(statements) == 0


FORMS = ("/jobs/?json", "/jobs/", "/jobs/?format=csv", "/api/v1/jobs")


@pytest.mark.parametrize("url", FORMS)
def test_who_may_sees_names_and_it_is_never_kept(instance, job, url):
    instance.make("ada", "watchers")
    for told in (
        {"authorization": f"Bearer {instance.token('ada', 'personal')}"},
        {"cookie": f"{SESSION_COOKIE}={instance.cookie()}"},
    ):
        for _ in range(2):
            answer = Gateway().get(url, **told)
            assert (answer.status, answer.outcome) == (200, "bypass")
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert USER.encode() in answer.body
            assert b"12345" not in answer.body


@pytest.mark.parametrize("url", FORMS)
def test_who_may_not_gets_the_bytes_of_everybody(instance, job, url):
    instance.make("ada", "one")
    instance.make("eve", "staff")
    gateway = Gateway()
    everybodys = gateway.get(url)
    for told in (
        {"authorization": f"Token {instance.token('ada')}"},
        {"authorization": f"Token {instance.token('eve', 'read')}"},
        {"cookie": f"{SESSION_COOKIE}={instance.cookie('ada')}"},
        {"cookie": f"{SESSION_COOKIE}={'A' * 43}"},
    ):
        answer = gateway.get(url, **told)
        assert (answer.outcome, answer.body) == ("hit", everybodys.body)
    assert USER.encode() not in everybodys.body


@pytest.mark.parametrize("url", FORMS)
def test_one_after_another_each_gets_its_own(instance, job, url):
    """In this order whoever is answered from what was kept would be found out."""
    instance.make("ada", "watchers")
    gateway, cookie = Gateway(), f"{SESSION_COOKIE}={instance.cookie()}"
    sees = [USER.encode() in gateway.get(url, **told).body for told in ({}, {"cookie": cookie}) * 3]
    assert sees == [False, True] * 3


def test_the_end_of_a_sign_in_is_the_end_of_names(instance, job):
    instance.make("ada", "watchers")
    cookie = f"{SESSION_COOKIE}={instance.cookie()}"
    assert USER.encode() in Gateway().get("/jobs/?json", cookie=cookie).body
    registering.set_active("ada", False, TESTER)
    assert USER.encode() not in Gateway().get("/jobs/?json", cookie=cookie).body


def test_other_groups_hold_from_the_next_request_on(instance, job):
    instance.make("ada", "watchers")
    cookie = f"{SESSION_COOKIE}={instance.cookie()}"
    for groups, sees in (([], False), (["operators"], True), (["one"], False)):
        registering.set_groups("ada", groups, TESTER)
        assert (USER.encode() in Gateway().get("/jobs/?json", cookie=cookie).body) is sees


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "Basic"])
def test_credentials_that_are_not_good(instance, job, scheme, caplog):
    caplog.set_level(logging.DEBUG)
    instance.make()
    key = instance.token()
    tokens.revoke(key.split("_")[1], TESTER)
    for url in ("/jobs/?json", "/jobs/", "/", "/who/"):
        answer = Gateway().get(url, accept="application/json", authorization=f"{scheme} {key}")
        if url == "/":
            assert answer.status == 401
            continue
        assert (answer.status, answer.headers["Content-Type"]) == (401, "application/json"), url
        assert b'"detail":"' in answer.body
        assert b'"problem":{"status":401' in answer.body
        assert answer.headers["WWW-Authenticate"] == "Token"
        assert answer.headers["Cache-Control"] == "no-store"
    answer = Gateway().get("/api/v1/jobs", authorization=f"{scheme} {key}")
    assert (answer.status, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert b'"type":"urn:bigpandamon:problem:unauthorized"' in answer.body
    assert key not in caplog.text


def test_where_accounts_are_switched_off(instance, configured, job):
    instance.make("ada", "staff")
    key, cookie = instance.token("ada", "personal"), instance.cookie()
    off = ROLES.replace("[accounts]\n", "[accounts]\nenabled = false\n")
    configured(KEPT + off)
    with CaptureQueriesContext(connections["default"]) as statements:
        with pytest.raises(Problem, match="no accounts"):
            asked(HTTP_AUTHORIZATION=f"Token {key}")
        assert asked(HTTP_COOKIE=f"{SESSION_COOKIE}={cookie}") == access.anonymous()
    assert len(statements) == 0
    for url in ("/login/", "/account/", "/who/"):
        assert Gateway().get(url).status == 404
    assert b"Sign in" not in Gateway().get("/jobs/").body
