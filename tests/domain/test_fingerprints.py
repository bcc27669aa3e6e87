"""Messages that say the same have one fingerprint, those that do not have several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.fingerprints import LONGEST, fingerprint, normalised


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("exit code 65", "exit code 137", "exit code #"),
        ("took 12.5 s", "took 3 s", "took # s"),
        ("no /srv/a/b.root here", "no /data/x_1/y.log here", "no <path> here"),
        ("GET https://a.example/x?y=1 failed", "GET root://b.example:1094//z failed", "GET <url> failed"),
        ("at 2026-03-01 12:00:01,123 lost", "at 2025-12-31T23:59:59Z lost", "at <time> lost"),
        (
            "guid 1b4e28ba-2fa1-11d2-883f-0016d3cca427 gone",
            "guid 00000000-2fa1-11d2-883f-0016d3cca4ff gone",
            "guid <id> gone",
        ),
        ("lost DAOD.123456._000001.pool.root.1", "lost EVNT.987654._000077.pool.root.2", "lost <name>"),
        ("checksum ad:12ab34cd", "checksum ad:98fe76dc", "checksum ad:<id>"),
        ("two\n  lines", "two lines", "two lines"),
    ],
)
def test_what_is_of_one_job_is_left_out(one, other, told):
    assert normalised(one) == normalised(other) == told


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("no space left on device", "no such file"),
        ("stage-in failed: A", "stage-in failed: B"),
        ("deadbeef", "facade"),
    ],
)
def test_what_is_said_differently_is_told_apart(one, other):
    assert normalised(one) != normalised(other)


def test_the_error_is_part_of_the_fingerprint():
    same = {fingerprint(component, code, "lost") for component in ("pilot", "ddm") for code in (1, 2, "1a")}
    assert len(same) == 6
    assert fingerprint("pilot", 1, "lost") == fingerprint("pilot", 1, "lost")
    assert fingerprint("pilot", 1, "lost").startswith("1-")


@given(st.text(max_size=2000))
def test_any_text_is_told_shortly_and_for_good(text):
    told = normalised(text)
    assert len(told) <= LONGEST
    assert "\n" not in told


def test_long_digits_and_slashes_take_no_time():
    for text in ("/" * 5000, "a." * 2500 + "123", "1" * 5000, "a-" * 2500, "f1" * 2500, "x/" * 2500):
        normalised(text)
