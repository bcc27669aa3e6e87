"""Bytes from elsewhere as text: by what is said of them, by their beginning, else as UTF-8."""

import codecs
import re

USUAL = "utf-8"
_KNOWN = re.compile(
    r"ascii|utf-8|utf-16|iso8859-\d+|cp125\d|cp866|koi8-[ru]|gb2312|gbk|gb18030|big5|euc_\w+|shift_jis"
)
"""Those of web pages. Python has others that are no charsets but ways to write texts, some of them slow."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_IN_PAGE = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_BEGINNING = 2048
"""Bytes in which a page says its charset."""


def text_of(content: bytes, told: str = "") -> str:
    """What cannot be read is replaced; a charset that is not known counts as not told."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    return content.decode(_known(told) or _in_page(content) or USUAL, "replace")


def _in_page(content: bytes) -> str:
    found = _IN_PAGE.search(content[:_BEGINNING])
    name = _known(found[1].decode("ascii")) if found else ""
    return "" if name == "utf-16" else name


def _known(told: str) -> str:
    """Python's name of a charset; "" for none. As browsers do, Latin 1 is read as what it was extended to."""
    try:
        name = codecs.lookup(told).name if told else ""
    except (LookupError, ValueError):
        return ""
    name = {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(name, name)
    return name if _KNOWN.fullmatch(name) else ""
