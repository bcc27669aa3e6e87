"""The form to sign in with, its cookies, and who is signed in."""

import json
import logging
from datetime import timedelta

import pytest

from bigpandamon_core.accounts import registering
from bigpandamon_core.state.accounts import AuditEntry, SignIn
from bigpandamon_core.web import cookies
from bigpandamon_core.web.access import SESSION_COOKIE
from bigpandamon_core.web.cookies import HINT_COOKIE
from tests.instance.people import FORM, PASSWORD, TESTER

ROLES = '[cache]\nkind = "none"\n[accounts.roles]\npersonal = ["watchers"]\n'


def test_in_and_out(browser, configured, accounts):
    configured(ROLES)
    assert browser.get("/who/").json() == {
        "account": "", "full_name": "", "rights": ["read"], "sites": [], "regions": []
    }  # fmt: skip
    answer = browser.post("/login/", FORM | {"next": "/jobs/?hours=1"})
    assert (answer.status_code, answer["Location"]) == (303, "/jobs/?hours=1")
    told = browser.get("/who/").json()
    assert (told["account"], told["full_name"]) == ("ada", "Ada Example")
    assert told["rights"] == ["read", "personal"]
    secret = browser.cookies[SESSION_COOKIE].value
    answer = browser.post("/logout/")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert [browser.cookies[name].value for name in (SESSION_COOKIE, HINT_COOKIE)] == ["", ""]
    browser.cookies[SESSION_COOKIE] = secret
    assert browser.get("/who/").json()["account"] == ""
    assert accounts.done() == [("ada", "sign-in", "ada"), ("ada", "sign-out", "ada")]


@pytest.mark.parametrize(
    ("secure", "more"),
    [(False, ""), (True, ""), (True, "[accounts]\nsecure_cookies = true\n")],
    ids=["http", "https", "configured"],
)
def test_the_cookies(browser, configured, secure, more):
    configured(f'[cache]\nkind = "none"\n{more}')
    browser.post("/login/", FORM, secure=secure and not more)
    session, hint = browser.cookies[SESSION_COOKIE], browser.cookies[HINT_COOKIE]
    for cookie in (session, hint):
        assert (cookie["samesite"], cookie["path"], cookie["max-age"]) == ("Lax", "/", 12 * 3600)
        assert bool(cookie["secure"]) is secure
    assert (bool(session["httponly"]), bool(hint["httponly"])) == (True, False)
    assert (len(session.value), hint.value) == (43, "1")


def test_they_are_for_the_monitor_below_its_path(browser, monkeypatch):
    monkeypatch.setattr(cookies, "root", lambda: "/monitor/")
    browser.post("/login/", FORM)
    assert browser.cookies[SESSION_COOKIE]["path"] == "/monitor/"


def test_nothing_of_it_is_kept(browser):
    answers = [browser.get(url) for url in ("/login/", "/who/", "/account/")]
    answers += [browser.post("/login/", FORM | one) for one in ({"account": "eve"}, {})]
    answers += [browser.get(url) for url in ("/login/", "/who/", "/account/")]
    answers.append(browser.post("/logout/"))
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}
    assert {answer["Vary"] for answer in answers} == {
        "Accept, Accept-Encoding, Authorization, Content-Type, Cookie"
    }


WRONG = (
    {"password": "another password"}, {"account": "eve"}, {"account": ""}, {"password": ""},
    {"account": "robot"}, {"account": "gone"}, {"account": "a" * 5000}, {"account": "\0"},
)  # fmt: skip


def test_whatever_is_wrong_gets_the_same_page(browser, accounts):
    accounts.make("robot", password=None)
    accounts.make("gone")
    registering.set_active("gone", False, TESTER)
    pages = {
        (answer.status_code, answer.content)
        for answer in (browser.post("/login/", FORM | one) for one in WRONG)
    }
    ((status, page),) = pages
    assert status == 403
    assert b"do not belong to an account" in page
    assert PASSWORD.encode() not in page
    assert SignIn.objects.count() == 0


def test_who_asks_without_a_form(browser):
    for content_type in ("application/json", "text/plain"):
        answer = browser.post("/login/", json.dumps(FORM), content_type=content_type)
        assert answer.status_code == 403
    assert SignIn.objects.count() == 0


def test_too_many_failures(browser, configured, clock):
    configured('[cache]\nkind = "none"\n[accounts]\nfailed_sign_ins = 2\n')
    told = [browser.post("/login/", FORM | {"password": "x"}).status_code for _ in range(3)]
    assert told == [403, 403, 429]
    answer = browser.post("/login/", FORM)
    assert (answer.status_code, answer["Retry-After"]) == (429, "901")
    assert b"Too many sign-ins have failed" in answer.content
    assert AuditEntry.objects.filter(act="failed-sign-in").count() == 2
    clock.forward(901)
    assert browser.post("/login/", FORM).status_code == 303


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("/logout/", "POST"),
        ("/who/", "GET, HEAD"),
        ("/account/", "GET, HEAD"),
        ("/account/tokens/", "POST"),
        ("/login/", "GET, HEAD, POST"),
    ],
)
def test_methods(browser, accounts, url, allowed):
    signed_in = accounts.browser("ada")
    for method in {"GET", "POST", "PUT", "DELETE"} - set(allowed.split(", ")):
        answer = signed_in.generic(method, url)
        assert (answer.status_code, answer["Allow"]) == (405, allowed)
    assert SignIn.objects.count() == 1


# --- sign-ins that are over


def test_a_cookie_that_is_over_is_none_and_is_taken_back(browser, accounts, clock):
    browser.post("/login/", FORM)
    clock.forward(12 * 3600)
    assert browser.get("/jobs/?json").status_code == 200
    answer = browser.get("/who/")
    assert answer.json()["account"] == ""
    assert [(one.value, one["max-age"]) for one in answer.cookies.values()] == [("", 0), ("", 0)]


def test_the_form_takes_it_back_as_well(browser):
    browser.cookies[SESSION_COOKIE] = "A" * 43
    assert {name for name, one in browser.get("/login/").cookies.items() if one["max-age"] == 0} == {
        SESSION_COOKIE,
        HINT_COOKIE,
    }


def test_no_other_page_sets_cookies(browser):
    browser.cookies[SESSION_COOKIE] = "A" * 43
    assert [url for url in ("/", "/jobs/", "/jobs/?json", "/api/v1/jobs") if browser.get(url).cookies] == []


def test_who_signs_in_anew_is_signed_out_before(browser, accounts):
    accounts.make("eve")
    browser.post("/login/", FORM)
    browser.post("/login/", FORM | {"account": "eve"})
    assert [one.account.name for one in SignIn.objects.all()] == ["eve"]
    assert ("ada", "sign-out", "ada") in accounts.done()


def test_the_form_says_who_is_signed_in(browser, accounts):
    assert b"You are signed in" not in browser.get("/login/").content
    assert b"You are signed in as" in accounts.browser("ada").get("/login/").content


def test_a_sign_in_lasts_as_long_as_the_instance_wants(browser, configured, clock):
    configured('[cache]\nkind = "none"\n[accounts]\nsession_hours = 2\n')
    browser.post("/login/", FORM)
    assert browser.cookies[SESSION_COOKIE]["max-age"] == 2 * 3600
    assert SignIn.objects.get().expires == clock.moment + timedelta(hours=2)


# --- what is written down


def test_reading_is_not_written_down(browser, accounts):
    signed_in = accounts.browser("ada")
    before = AuditEntry.objects.count()
    for url in ("/", "/jobs/", "/account/", "/login/", "/who/", "/api/v1/jobs"):
        for one in (browser, signed_in):
            assert one.get(url).status_code in (200, 303)
    assert AuditEntry.objects.count() == before


def test_no_secret_is_in_the_log(browser, caplog):
    caplog.set_level(logging.DEBUG)
    browser.post("/login/", FORM | {"password": "a wrong one of mine"})
    browser.post("/login/", FORM)
    browser.get("/who/")
    assert caplog.text
    for secret in (PASSWORD, "a wrong one of mine", browser.cookies[SESSION_COOKIE].value):
        assert secret not in caplog.text
