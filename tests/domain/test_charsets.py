"""Bytes as text, whatever is said of them."""

import pytest

from bigpandamon_core.domain.charsets import text_of

WORD = "Zürich €"


@pytest.mark.parametrize(
    "told", ["utf-8", "UTF8", "", "no-such-charset", "hex", "idna", "unicode_escape", "utf-7"]
)
def test_as_utf_8_where_nothing_better_is_told(told: str):
    assert text_of(WORD.encode(), told) == WORD


def test_as_told():
    assert text_of("Zürich".encode("latin-1"), "ISO-8859-1") == "Zürich"
    assert text_of(WORD.encode("cp1252"), "iso-8859-1") == WORD
    assert text_of("слово".encode("koi8-r"), "koi8-r") == "слово"
    assert text_of("言葉".encode("shift_jis"), "Shift_JIS") == "言葉"


@pytest.mark.parametrize(
    "meta", [b"<meta charset=windows-1252>", b"<META content='text/html; charset=cp1252'>"]
)
def test_as_the_page_says(meta: bytes):
    page = b"<html><head>" + meta + b"</head>"
    assert text_of(page + WORD.encode("cp1252")) == page.decode() + WORD


def test_a_wrong_charset_replaces_and_never_fails():
    assert text_of(b"Z\xfcrich", "utf-8") == "Z\ufffdrich"
    assert text_of(b"<meta charset=utf-16>a") == "<meta charset=utf-16>a"
    assert text_of(b"\xff\xfea\0b\0", "latin-1") == "ab"
    assert text_of(b"\xef\xbb\xbfab", "latin-1") == "ab"
    assert text_of(b"", "big5") == ""
