"""What is known of a client: where it is, whether a page of ours has sent it, where it goes on."""

import pytest
from django.test import RequestFactory

from bigpandamon_core.state.accounts import AuditEntry, SignIn
from bigpandamon_core.web.client import address_of
from tests.instance.people import FORM

# --- where one goes on


ELSEWHERE = (
    "//evil.example.org", "https://evil.example.org/", "http:evil.example.org", "\\\\evil.example.org",
    "/\\evil.example.org", "///evil.example.org", "javascript:alert(1)", " //evil.example.org", "jobs/",
    "/\t/evil.example.org", "/jobs/\r\nSet-Cookie: a=b", "/\n/evil", "http://localhost/jobs/",
    "/" + "x" * 2000, "\x00/jobs/", "/jobs/\u2028", "@evil.example.org",
)  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_elsewhere(browser, target):
    for answer in (
        browser.get("/login/", {"next": target}),
        browser.post("/login/", FORM | {"next": target}),
    ):
        assert answer.status_code == 400
        assert b"next is no path of this monitor" in answer.content
        assert "Location" not in answer
    assert SignIn.objects.count() == 0


@pytest.mark.parametrize("target", ["/", "/jobs/?hours=1&json", "/job/1/?a=//b", "/jobs/#x", "/account/"])
def test_paths_of_the_monitor(browser, target):
    assert browser.post("/login/", FORM | {"next": target})["Location"] == target


@pytest.mark.parametrize(
    ("came_from", "target"),
    [
        ("http://localhost/jobs/?hours=1&amp", "/jobs/?hours=1&amp;amp"),
        ("http://evil.example.org/jobs/", "/"),
        ("http://localhost//evil.example.org", "/"),
        ("http://localhost.evil.example.org/jobs/", "/"),
        ("http://[broken", "/"),
        ("http://localhost/login/?next=/jobs/", "/"),
        ("", "/"),
    ],
)
def test_the_form_leads_back(browser, came_from, target):
    page = browser.get("/login/", headers={"referer": came_from}).content.decode()
    assert f'name="next" value="{target}"' in page


# --- forms of others


FOREIGN: tuple[dict[str, str], ...] = (
    {}, {"origin": "http://evil.example.org"}, {"origin": "null"}, {"origin": "http://localhost:81"},
    {"origin": "http://localhost.evil.org"}, {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "none"},
    {"origin": "http://localhost", "sec-fetch-site": "cross-site"},
    {"origin": "http://evil.example.org", "sec-fetch-site": "same-origin"},
    {"referer": "http://localhost/login/"}, {"origin": "http://[broken"}, {"origin": "localhost"},
)  # fmt: skip
OURS = ({"origin": "http://localhost"}, {"origin": "https://localhost"}, {"sec-fetch-site": "same-origin"})


@pytest.mark.parametrize("told", FOREIGN)
def test_a_form_that_comes_from_elsewhere(browser, accounts, told):
    signed_in = accounts.browser("ada")
    token = accounts.token().split("_")[1]
    before = accounts.done()
    wish = {"label": "x", "scope": "read", "days": 1}
    forms = {
        "/login/": FORM,
        "/logout/": {},
        "/account/tokens/": wish,
        f"/account/tokens/{token}/revoke/": {},
    }
    for one in (browser, signed_in):
        one.defaults.pop("HTTP_ORIGIN", None)
        for url, form in forms.items():
            answer = one.post(url, form, headers=told)
            assert answer.status_code == 403, url
            assert b"not sent by a page of this monitor" in answer.content, url
            assert not answer.cookies
    assert accounts.done() == before


@pytest.mark.parametrize("told", OURS)
def test_a_form_of_ours(browser, told):
    browser.defaults.pop("HTTP_ORIGIN", None)
    assert browser.post("/login/", FORM, headers=told).status_code == 303


# --- where the client is


PROXIES = '[accounts]\nproxies = ["127.0.0.1", "::1", "10.7.0.0/16"]\n'
ADDRESSES = [
    ("10.0.0.9", "1.2.3.4", "10.0.0.9"),
    ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
    ("127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
    ("127.0.0.1", "6.6.6.6,1.2.3.4, 10.7.3.1", "1.2.3.4"),
    ("127.0.0.1", "6.6.6.6, 10.7.3.1, 1.2.3.4", "1.2.3.4"),
    ("10.7.3.1", "10.7.3.1", "10.7.3.1"),
    ("10.8.3.1", "6.6.6.6, 10.7.3.1", "10.8.3.1"),
    ("::1", "2001:db8::1", "2001:0db8:0000:0000:0000:0000:0000:0001"),
    ("", "1.2.3.4", "1.2.3.4"),
    ("", "6.6.6.6, 1.2.3.4, ::ffff:127.0.0.1", "1.2.3.4"),
    ("127.0.0.1", "", ""),
    ("127.0.0.1", "unknown", ""),
    ("127.0.0.1", "1.2.3.4, unknown, 10.7.3.1", ""),
    ("::ffff:10.0.0.9", "", "10.0.0.9"),
]


@pytest.mark.parametrize(("peer", "forwarded", "address"), ADDRESSES)
def test_only_proxies_are_believed(configured, peer, forwarded, address):
    configured(PROXIES)
    told = {"x-real-ip": "7.7.7.7", "forwarded": "for=7.7.7.7", "client-ip": "7.7.7.7"}
    told |= {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/login/", headers=told, REMOTE_ADDR=peer)
    assert address_of(request) == address


def test_the_address_is_written_down(browser):
    browser.post("/login/", FORM, headers={"x-forwarded-for": "1.2.3.4"})
    assert AuditEntry.objects.get(act="sign-in").address == "1.2.3.4"
