"""Values of ClassAds, and ads whose names know no case.

The language: https://htcondor.readthedocs.io/en/latest/classads/classad-mechanism.html
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any


class Unreadable(Exception):
    """A record cannot be read; the text says why. Readers hand it out in the record's place."""


class Expression(str):
    """The text of an expression that nothing here evaluates."""

    __slots__ = ()


Value = Any
"""int, float, bool, str, Expression, a list of values or an Ad."""


class Ad(dict[str, Value]):
    """Attributes by name as first spelt, found in whatever case; of several values the last one stays."""

    def __init__(self, attributes: Iterable[tuple[str, Value]] = ()) -> None:
        super().__init__()
        self._spelt: dict[str, str] = {}
        for name, value in attributes:
            self[name] = value

    def update(self, attributes: Mapping[str, Value]) -> None:  # type: ignore[override]
        """Take over what the other has; None there is undefined, and stays as None."""
        for name, found in attributes.items():
            self[name] = found

    def _key(self, name: str) -> str:
        return self._spelt.get(name.lower(), name)

    def __setitem__(self, name: str, value: Value) -> None:
        known = super().__contains__(name)
        super().__setitem__(name if known else self._spelt.setdefault(name.lower(), name), value)

    def __getitem__(self, name: str) -> Value:
        return super().__getitem__(self._key(name))

    def __contains__(self, name: object) -> bool:
        return super().__contains__(self._key(name) if isinstance(name, str) else name)

    def get(self, name: str, default: Value = None) -> Value:
        return super().get(self._key(name), default)

    def pop(self, name: str, default: Value = None) -> Value:
        return super().pop(self._key(name), default)

    def number(self, name: str) -> float:
        """The value to count with, 0 where it is no number: users set attributes to whatever they like."""
        found = self.get(name)
        return found if isinstance(found, int | float) and not isinstance(found, bool) else 0


TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*(?:"|(?=\n)|\\?\Z)|/\*.*?(?:\*/|\Z)|[][{}();,]', re.S)
"""What splitting must not look into, and what it looks for. A string ends with its line, closed or not."""
DEEPEST = 20
NAME = re.compile(r"\s*([A-Za-z_][\w.]*)\s*=(?![=?!])\s*(.*?)\s*\Z", re.S)
_INTEGER = re.compile(r"[+-]?(?:0|[1-9]\d{0,17})\Z")
_REAL = re.compile(r"[+-]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?\Z")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"\Z', re.S)
_ESCAPE = re.compile(r"\\([0-7]{1,3}|.)", re.S)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS: dict[str, Value] = {"true": True, "false": False, "undefined": None}


def value(text: str, depth: int = 0) -> Value:
    """The value that a text writes; None is undefined. Unreadable for strings and brackets left open."""
    text = text.strip()
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.match(text):
        return int(text)
    if _REAL.match(text) and isfinite(float(text)):
        return float(text)
    if written := _STRING.match(text):
        return _ESCAPE.sub(_unescaped, written[1])
    if not text:
        raise Unreadable("a value is missing")
    return _compound(text, depth)


def line_value(text: str) -> Value:
    r"""The same of a line of a history file: there a backslash means itself, except in \" within a string."""
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        inner = text[1:-1]
        if not re.search(r'(?<!\\)"', inner):
            return inner.replace('\\"', '"')
    return value(text)


def attributes(text: str, depth: int = 0) -> Ad:
    """The ad that `a = 1; b = "x"` writes, the text within brackets; undefined ones are left out."""
    found = Ad()
    for part in filter(str.strip, split(text, ";")):
        put(found, part, depth)
    return found


def put(ad: Ad, assignment: str, depth: int = 0, *, of_line: bool = False) -> None:
    """Take `Name = value` into the ad."""
    written = NAME.match(assignment)
    if not written:
        raise Unreadable(f"not of the form Name = value: {assignment.strip()[:60]}")
    found = line_value(written[2]) if of_line else value(written[2], depth)
    if found is None:
        ad.pop(written[1])
    else:
        ad[written[1]] = found


def split(text: str, separator: str) -> Iterator[str]:
    """Parts between separators outside of brackets, strings and comments; comments are left out."""
    begin, depth, part = 0, 0, ""
    for token in TOKEN.finditer(text):
        found = token[0]
        if found.startswith("/*"):
            part, begin = part + text[begin : token.start()], token.end()
        elif found.startswith('"'):
            if len(found) < 2 or not _STRING.match(found):
                raise Unreadable(f"a string is not closed: {found[:60]}")
        elif found == separator and not depth:
            yield part + text[begin : token.start()]
            begin, part = token.end(), ""
        else:
            depth += (found in "[{(") - (found in "]})")
            if depth < 0:
                raise Unreadable(f"a bracket is closed that nothing opened: {text[:60]}")
    if depth:
        raise Unreadable(f"a bracket is not closed: {text[:60]}")
    yield part + text[begin:]


def _compound(text: str, depth: int) -> Value:
    bare = "".join(split(text, "")).strip()
    if bare != text:
        return value(bare, depth)
    if depth < DEEPEST and text[0] + text[-1] in ("{}", "[]"):
        try:
            return _list(text[1:-1], depth) if text[0] == "{" else attributes(text[1:-1], depth + 1)
        except Unreadable:
            return Expression(text)
    return Expression(text)


def _list(text: str, depth: int) -> list[Value]:
    found = [value(part, depth + 1) for part in split(text, ",") if part.strip()]
    return [Expression("undefined") if item is None else item for item in found]


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code, 8)) if code[0] in "01234567" else _ESCAPED.get(code, code)
