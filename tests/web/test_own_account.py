"""The page of one's own account: its owner, a stranger, nobody."""

import re

import pytest
from django.test import Client

from bigpandamon_core.state.accounts import ApiToken, AuditEntry
from tests.instance.people import ORIGIN

ROLES = """[cache]
kind = "none"
[accounts]
site_roles = { QUEUE_ONE = ["one"] }
token_days = 60
[accounts.roles]
personal = ["watchers"]
"""
WISH = {"label": "nightly report", "scope": "personal", "days": "30"}
KEY = re.compile(r"bpm_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")


@pytest.fixture
def instance(panda, accounts, configured):
    configured(ROLES)
    accounts.make("ada", "watchers", "one")
    accounts.make("eve")
    return accounts


def text(answer):
    return answer.content.decode()


def test_the_owner(instance):
    token = instance.token().split("_")[1]
    answer = instance.browser("ada").get("/account/")
    assert answer.status_code == 200
    for told in ("Ada Example", "one, watchers", "see personal data", "QUEUE_ONE", token, "a program"):
        assert told in text(answer)


def test_a_stranger_sees_the_own_one(instance):
    token = instance.token("ada").split("_")[1]
    page = text(instance.browser("eve").get("/account/"))
    assert "Eve Example" in page
    for told in ("Ada Example", "watchers", token, "see personal data"):
        assert told not in page


@pytest.mark.parametrize("headers", [{}, {"authorization": "token"}])
def test_nobody_is_led_to_the_form(instance, headers):
    if headers:
        headers = {"authorization": f"Token {instance.token()}"}
    answer = instance.browser().get("/account/", headers=headers)
    assert (answer.status_code, answer["Location"]) == (303, "/login/?next=%2Faccount%2F")


def test_a_token_is_shown_once(instance):
    browser = instance.browser("ada")
    page = text(browser.post("/account/tokens/", WISH))
    (found,) = KEY.finditer(page)
    kept = ApiToken.objects.get()
    assert (kept.public, kept.label, kept.scope, kept.account.name) == (
        found[1], "nightly report", ["personal"], "ada"
    )  # fmt: skip
    assert found[0] not in text(browser.get("/account/"))
    assert browser.get("/who/", headers={"authorization": f"Token {found[0]}"}).json()["account"] == "ada"
    assert AuditEntry.objects.filter(act="token-created", who="ada", target=found[1]).count() == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"days": "61"}, "1 to 60 days"),
        ({"days": ""}, "days is no whole number"),
        ({"days": "1e3"}, "days is no whole number"),
        ({"days": "٣"}, "days is no whole number"),
        ({"days": "9" * 99}, "days is no whole number"),
        ({"label": ""}, "needs a label"),
        ({"scope": "everything"}, "cannot carry everything"),
        ({"scope": "<b>"}, "cannot carry &lt;b&gt;"),
        ({"scope": []}, "cannot carry nothing"),
    ],
)
def test_what_cannot_be_had_is_told(instance, wrong, told):
    answer = instance.browser("ada").post("/account/tokens/", WISH | wrong)
    assert answer.status_code == 400
    assert told in text(answer)
    assert ApiToken.objects.count() == 0


def test_nobody_gets_more_than_the_account_has(instance):
    answer = instance.browser("eve").post("/account/tokens/", WISH)
    assert (answer.status_code, ApiToken.objects.count()) == (400, 0)
    assert '<option value="read">' in text(answer)
    assert '<option value="personal">' not in text(answer)


def test_the_owner_revokes(instance):
    token, browser = instance.token().split("_")[1], instance.browser("ada")
    answer = browser.post(f"/account/tokens/{token}/revoke/")
    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    assert ApiToken.objects.get().revoked
    assert "revoked" in text(browser.get("/account/"))
    assert AuditEntry.objects.filter(act="token-revoked", who="ada", target=token).count() == 1


def test_neither_a_stranger_nor_nobody_nor_a_token_does(instance):
    key = instance.token()
    token = key.split("_")[1]
    strangers: list[tuple[Client, dict[str, str], int]] = [
        (instance.browser("eve"), {}, 404),
        (instance.browser(), {}, 403),
        (instance.browser(), {"authorization": f"Token {key}"}, 403),
    ]
    for browser, headers, status in strangers:
        answer = browser.post(f"/account/tokens/{token}/revoke/", headers=headers | ORIGIN)
        assert answer.status_code == status
        assert browser.post("/account/tokens/", WISH, headers=headers | ORIGIN).status_code in (400, 403)
    assert ApiToken.objects.get().revoked is None


def test_a_label_is_text(instance):
    browser = instance.browser("ada")
    browser.post("/account/tokens/", WISH | {"label": "<script>alert(1)</script>"})
    page = text(browser.get("/account/"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_every_page_has_the_link_and_none_the_name(instance):
    """A page may be kept for everybody: who is signed in is none of its words."""
    browser = instance.browser("ada")
    for url in ("/", "/jobs/", "/nothing/", "/api/v1/"):
        page = text(browser.get(url))
        assert 'href="/login/" data-who="/who/" data-account="/account/">Sign in</a>' in page
        assert "Ada Example" not in page
