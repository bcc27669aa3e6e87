"""Signing in with a browser, under the real policy: what forms send, what pages then say."""

import pytest

from tests.browser.watching import EVERY_RULE, follow

pytestmark = pytest.mark.browser

PASSWORD = "four words nobody guesses"
NAME = "[data-who]"


@pytest.fixture(scope="module", autouse=True)
def ada(instance):
    instance.run("account", "create", "ada", "--password-stdin", given=PASSWORD)


def sign_in(page, password=PASSWORD):
    page.locator("[name=account]").fill("ada")
    page.locator("[name=password]").fill(password)
    follow(page.locator("main").get_by_role("button", name="Sign in"))


def test_in_and_out_and_back_where_one_came_from(watched):
    view = watched("/jobs/?hours=1")
    page = view.page
    assert not [url for url in view.requests if "/who/" in url]
    follow(page.locator(NAME))
    sign_in(page, "another password")
    assert page.get_by_role("alert").is_visible()
    sign_in(page)
    page.wait_for_url("**/jobs/?hours=1")
    page.wait_for_selector(f"{NAME} >> text=ada")
    follow(page.locator(NAME))
    page.wait_for_url("**/account/")
    follow(page.get_by_role("button", name="Sign out"))
    assert page.locator(NAME).text_content() == "Sign in"
    assert page.evaluate("document.cookie") == ""
    assert (view.refused, view.foreign) == ([], [])


def test_a_token_is_made_and_revoked(watched):
    view = watched("/login/?next=/account/")
    page = view.page
    sign_in(page)
    page.get_by_label("What it is for").fill("nightly report")
    follow(page.get_by_role("button", name="Make it"))
    assert page.locator("#key").text_content().startswith("bpm_")
    follow(page.get_by_role("button", name="Revoke"))
    assert page.get_by_role("cell", name="revoked").is_visible()
    assert page.locator("#key").count() == 0
    assert "bigpandamon_session" not in page.evaluate("document.cookie")
    assert (view.refused, view.errors, view.faults(EVERY_RULE), view.is_too_wide) == ([], [], [], False)


def test_without_scripts(watched):
    page = watched("/jobs/", java_script_enabled=False).page
    follow(page.locator(NAME))
    sign_in(page)
    page.wait_for_url("**/jobs/")
    follow(page.locator(NAME))
    assert page.get_by_text("You are signed in as ada").is_visible()
