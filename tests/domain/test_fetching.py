"""Addresses below a base, and the many that only look so; machines that must not be asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain import fetching
from bigpandamon_core.domain.fetching import Base, Refused

OLD = fetching.base("https://old.example.org/monitor")


def test_a_base_is_read():
    assert Base("https", "old.example.org", 443, "/monitor/") == OLD
    assert fetching.base("HTTP://Old.Example.org:8080") == Base("http", "old.example.org", 8080, "/")
    assert str(fetching.base("http://[::1]:8080/a/b/")) == "http://[::1]:8080/a/b/"
    assert str(fetching.base("https://old.example.org:443")) == "https://old.example.org/"


@pytest.mark.parametrize(
    "text",
    ["", "old.example.org", "ftp://old.example.org/", "https:///monitor/", "https://ada:pw@old.example.org/",
     "https://old.example.org/?a=1", "https://old.example.org/#top", "https://old.example.org/a/../b/",
     "https://old.example.org:/", "https://old.example.org:99999/", "https://old example.org/",
     "https://old.example.org\\@evil.example/", "https://[::1/", "https://ol\u0501.example.org/"],
)  # fmt: skip
def test_what_is_no_base(text: str):
    assert not fetching.is_base(text)
    with pytest.raises(Refused, match="host"):
        fetching.base(text)


def test_path_and_parameters_are_encoded():
    url = fetching.below(OLD, "jobs/ä b/", [("q", "a&b=c#d"), ("json", "")])
    assert url == "https://old.example.org/monitor/jobs/%C3%A4%20b/?q=a%26b%3Dc%23d&json="
    assert fetching.request_target(url) == "/monitor/jobs/%C3%A4%20b/?q=a%26b%3Dc%23d&json="
    assert fetching.path_below(OLD, url) == "jobs/%C3%A4%20b/?q=a%26b%3Dc%23d&json="


@pytest.mark.parametrize("path", ["../admin/", "a/../../admin", "./a", "a/..", "..;/admin", "..\\admin"])
def test_paths_do_not_climb(path: str):
    with pytest.raises(Refused):
        fetching.below(OLD, path)


def test_what_is_encoded_twice_stays_so():
    assert fetching.below(OLD, "%2e%2e/x").endswith("/monitor/%252e%252e/x")


@given(
    path=st.text().filter(lambda text: not any(part in (".", "..") for part in text.split("/"))),
    name=st.text(),
    value=st.text(),
)
def test_whatever_is_asked_stays_below(path: str, name: str, value: str):
    try:
        url = fetching.below(OLD, path, [(name, value)])
    except Refused:
        return
    assert url.startswith(str(OLD))
    assert url.isascii()
    assert " " not in url
    assert fetching.is_below(OLD, url)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("next/", "https://old.example.org/monitor/a/next/"),
        ("/monitor/b/?c=d#e", "https://old.example.org/monitor/b/?c=d"),
        ("//old.example.org/monitor/b", "https://old.example.org/monitor/b"),
        ("https://OLD.example.org:443/monitor/b", "https://OLD.example.org:443/monitor/b"),
        ("?page=2", "https://old.example.org/monitor/a/?page=2"),
    ],
)
def test_redirects_inside(location: str, target: str):
    assert fetching.followed(OLD, "https://old.example.org/monitor/a/", location) == target


@pytest.mark.parametrize(
    "location",
    ["http://old.example.org/monitor/", "https://old.example.org:8443/monitor/", "https://evil.example/monitor/",
     "//evil.example/monitor/", "/", "/monitor", "/monitorevil/", "../../admin/", "/monitor/%2e%2e/admin/",
     "/monitor/..%2fadmin/", "/monitor/%5c..%5cadmin", "https://old.example.org@evil.example/monitor/",
     "https://old.example.org\\@evil.example/monitor/", "https://evil.example#@old.example.org/monitor/",
     "http://127.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "file:///etc/passwd",
     "javascript:alert(1)", "gopher://old.example.org/", "https://[old.example.org/", "/monitor/\r\nX: 1",
     "/monitor/a b", "/monitor/\u00e4"],
)  # fmt: skip
def test_redirects_out_of_the_base(location: str):
    with pytest.raises(Refused):
        fetching.followed(OLD, "https://old.example.org/monitor/a/", location)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
     "100.64.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0",
     "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
     "2002:7f00:1::", "2002:0a00:1::", "2001:db8::1", "no address", ""],
)  # fmt: skip
def test_machines_that_must_not_be_asked(address: str):
    assert not fetching.may_be_asked(OLD, address)


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe", "64:ff9b::909:909"])
def test_machines_of_the_open_net(address: str):
    assert fetching.may_be_asked(OLD, address)


def test_a_base_that_is_a_number_and_networks_that_are_named():
    own = fetching.base("http://127.0.0.1:8080/")
    assert fetching.may_be_asked(own, "127.0.0.1")
    assert not fetching.may_be_asked(own, "127.0.0.2")
    assert fetching.may_be_asked(fetching.base("http://[0:0::1]/"), "::1")
    assert not fetching.may_be_asked(fetching.base("http://2130706433/"), "127.0.0.1")
    assert fetching.may_be_asked(OLD, "10.1.2.3", ["192.168.0.0/16", "10.1.0.0/16"])
    assert fetching.may_be_asked(OLD, "::ffff:10.1.2.3", ["10.1.0.0/16"])
    assert not fetching.may_be_asked(OLD, "10.2.2.3", ["10.1.0.0/16"])
    assert fetching.is_network("10.1.0.0/16")
    assert not fetching.is_network("10.1.2.3/16")


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("b", "https://old.example.org/monitor/a/b"),
        (" /monitor/ä b#c ", "https://old.example.org/monitor/%C3%A4%20b#c"),
        ("https://elsewhere.example/?a=b&c=%41", "https://elsewhere.example/?a=b&c=%41"),
        ("java\nscript:alert(1)", "https://old.example.org/monitor/a/java%0Ascript:alert(1)"),
        ("\\\\evil.example", "https://old.example.org/monitor/a/%5C%5Cevil.example"),
        ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:ada@example.org", ""),
        ("https://ada@evil.example/", ""),
        ("https://[evil", ""),
        ("\ud800", ""),
    ],
)
def test_links_of_a_page(href: str, target: str):
    assert fetching.linked("https://old.example.org/monitor/a/", href) == target


def test_two_slashes_are_not_below():
    """Behind our own address they would name another host."""
    root = fetching.base("https://old.example.org/")
    assert not fetching.is_below(root, "https://old.example.org//evil.example/")
    with pytest.raises(Refused):
        fetching.below(root, "/evil.example/")
