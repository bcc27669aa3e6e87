"""The words of the contract: that there are no others, and that each holds what it should."""

from collections.abc import Iterator, Mapping
from typing import Any

from bigpandamon_core.config import Option
from bigpandamon_core.domain.error_rules import ErrorRule
from bigpandamon_core.domain.fields import Column, Field
from bigpandamon_core.domain.periodic import PeriodicTask
from bigpandamon_core.panda.table import PandaTable
from bigpandamon_core.plugin.contract import WORDS, Plugin
from bigpandamon_core.plugin.examining.complaint import Complaint, unknown
from bigpandamon_core.sections.types import NavItem, Panel, Section
from bigpandamon_core.sources.records import RecordKind
from bigpandamon_core.state.retention import Retention

SINGLE: Mapping[str, type] = {"name": str, "title": str, "api": int}
LISTS: Mapping[str, type] = {
    "words": str,
    "requires": str,
    "needs": str,
    "schemas": str,
    "apps": str,
    "records": RecordKind,
    "options": Option,
    "fields": Field,
    "error_rules": ErrorRule,
    "sections": Section,
    "nav": NavItem,
    "tasks": PeriodicTask,
}
BY_NOUN: Mapping[str, type] = {"columns": Column, "fields_of": Field, "panels": Panel}
BY_NAME: Mapping[str, tuple[type, str]] = {
    "scope": (str, "a text by noun"),
    "retentions": (Retention, "a Retention by kind"),
}
TOLD = {str: "texts", int: "a whole number"}


def unknown_attributes(plugin: type[Plugin]) -> Iterator[Complaint]:
    """Public attributes that are no words of the contract."""
    classes = plugin.__mro__[: plugin.__mro__.index(Plugin)]
    names = sorted({name for one in classes for name in vars(one) if not name.startswith("_")})
    for name in names:
        if name not in WORDS:
            yield unknown(name, name, WORDS, "a word of the contract")


def wrong_types(plugin: type[Plugin]) -> Iterator[Complaint]:
    """Words that do not hold what they should; nothing else can be said of these."""
    for word in WORDS:
        expected = _expected(word, getattr(plugin, word))
        if expected:
            yield Complaint(word, expected, type(getattr(plugin, word)).__name__)


def _expected(word: str, value: Any) -> str:
    if word in SINGLE:
        wanted = SINGLE[word]
        right = isinstance(value, wanted) and not isinstance(value, bool)
        return "" if right else ("a text" if wanted is str else "a whole number")
    if word in LISTS:
        return "" if _is_tuple_of(LISTS[word], value) else f"a tuple of {_plural(LISTS[word])}"
    if not isinstance(value, Mapping) or not all(isinstance(noun, str) for noun in value):
        return "a mapping by noun" if word in (*BY_NOUN, "scope") else "a mapping by name"
    if word in BY_NAME:
        kind, expected = BY_NAME[word]
        return "" if all(isinstance(one, kind) for one in value.values()) else expected
    if word == "families":
        right = all(
            isinstance(found, tuple) and found and all(map(_is_table, found)) for found in value.values()
        )
        return "" if right else "a tuple of models of PandaTable by name"
    kind = BY_NOUN[word]
    right = all(_is_tuple_of(kind, found) for found in value.values())
    return "" if right else f"a tuple of {_plural(kind)} by noun"


def _is_table(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, PandaTable)


def _is_tuple_of(kind: type, value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, kind) for one in value)


def _plural(kind: type) -> str:
    return TOLD.get(kind, kind.__name__)
