"""From what TOML gives to what an option's type promises."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_origin
from urllib.parse import quote

from bigpandamon_core.config import urls
from bigpandamon_core.config.mistakes import Mistake
from bigpandamon_core.config.options.option import Option

LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Place:
    """What relative paths are relative to (base, the file's folder), and the state folder."""

    base: Path
    state: Path

    def path(self, text: str) -> Path:
        return self.base / Path(text.replace("{state}", str(self.state))).expanduser()

    def database_url(self, text: str) -> urls.DatabaseUrl:
        url = urls.parse(text.replace("{state}", quote(str(self.state))))
        return replace(url, name=str(self.base / url.name)) if url.kind == "sqlite3" else url


class Refused(ValueError):
    """A value that does not fit; the message is what was expected."""


def _text(raw: Any, _place: Place) -> str:
    if not isinstance(raw, str):
        raise Refused("a text")
    return raw


def _whole(raw: Any, _place: Place) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise Refused("a whole number")
    return raw


def _number(raw: Any, _place: Place) -> float:
    if not isinstance(raw, int | float) or isinstance(raw, bool) or not math.isfinite(raw):
        raise Refused("a number")
    return float(raw)


def _switch(raw: Any, _place: Place) -> bool:
    if not isinstance(raw, bool):
        raise Refused("true or false")
    return raw


def _path(raw: Any, place: Place) -> Path:
    if not isinstance(raw, str) or not raw or "\0" in raw:
        raise Refused("a path")
    try:
        return place.path(raw)
    except RuntimeError:
        raise Refused("a path (there is no home folder for ~)") from None


def _database_url(raw: Any, place: Place) -> urls.DatabaseUrl:
    if not isinstance(raw, str):
        raise Refused("a text with a database URL")
    return place.database_url(raw)


CONVERTERS: Mapping[type, Callable[[Any, Place], Any]] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _switch,
    Path: _path,
    urls.DatabaseUrl: _database_url,
}


def convert(option: Option, raw: Any, place: Place, file: str) -> tuple[Any, list[Mistake]]:
    """The option's value of what stands in the file; the value means nothing if there are mistakes."""
    if get_origin(option.type) is dict:
        return _table(option, raw, place, file)
    return _value(option, option.key, option.type, raw, place, file)


def _value(
    option: Option, key: str, kind: Any, raw: Any, place: Place, file: str
) -> tuple[Any, list[Mistake]]:
    """What is no table, or an entry of one."""
    if kind == list[str]:
        return _list(option, key, raw, place, file)
    return _single(option, key, kind, raw, place, file)


def _single(
    option: Option, key: str, kind: type, raw: Any, place: Place, file: str
) -> tuple[Any, list[Mistake]]:
    try:
        value = CONVERTERS[kind](raw, place)
    except ValueError as refusal:
        return None, [Mistake(file, key, str(refusal), found(raw, option.secret))]
    expected = _complaint(option, value)
    return value, [Mistake(file, key, expected, found(raw, option.secret))] if expected else []


def _complaint(option: Option, value: Any) -> str:
    if option.choices and value not in option.choices:
        return "one of " + ", ".join(option.choices)
    return option.rule.complaint(value) if option.rule else ""


def _table(option: Option, raw: Any, place: Place, file: str) -> tuple[Any, list[Mistake]]:
    if not isinstance(raw, dict):
        return None, [Mistake(file, option.key, "a table", found(raw, option.secret))]
    kind = get_args(option.type)[1]
    read = {
        name: _value(option, f"{option.key}.{name}", kind, entry, place, file) for name, entry in raw.items()
    }
    values = MappingProxyType({name: value for name, (value, _) in read.items()})
    return values, [mistake for _, mistakes in read.values() for mistake in mistakes]


def _list(option: Option, key: str, raw: Any, place: Place, file: str) -> tuple[Any, list[Mistake]]:
    if not isinstance(raw, list | tuple):
        return None, [Mistake(file, key, "a list of texts", found(raw, option.secret))]
    read = [_single(option, key, str, entry, place, file) for entry in raw]
    return tuple(value for value, _ in read), [mistake for _, mistakes in read for mistake in mistakes]


def found(raw: Any, secret: bool) -> str:
    """A value in the words of a mistake; a secret, or a text that may hold an account, only by its type."""
    if isinstance(raw, dict | list | tuple):
        return "a table" if isinstance(raw, dict) else "a list"
    if secret or (isinstance(raw, str) and "@" in raw):
        return f"{_named(raw)} that is not shown"
    shown = json.dumps(raw, ensure_ascii=False, default=str)
    return shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + "…"


def _named(raw: Any) -> str:
    names = {str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(raw), "a value")
