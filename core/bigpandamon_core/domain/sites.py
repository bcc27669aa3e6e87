"""Queues, as requests ask for them by the properties of their configuration."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import EVERYTHING, NOTHING, AnyOf, Condition, Test, holds, replaced
from bigpandamon_core.domain.documents import Document
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.nouns import COMMON_CONTROLS, Asked, Noun, Sort
from bigpandamon_core.domain.parameters import SHOWN, named, told, values_of
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.request_window import WindowRules
from bigpandamon_core.domain.window import iso

NAME, WRITTEN, TOOL, TOOLS = "panda_queue", "last_update", "copytool", "copytools"
STATUSES = ("online", "test", "standby", "paused", "brokeroff", "offline")
"""In the order in which a page tells them."""
COUNTED = ("status", "type", "cloud", "resource_type")
NOT_ASKED = frozenset({"site", "region"})
"""Properties that programs do not ask by: elsewhere these words mean other things."""
PREFIX = "queue"
"""Before the name of a property it still means the property."""
_CONTROLS = frozenset({"view"})
_rule = rules.patterns("|", "!")
_PROPERTIES = """nickname siteid atlas_site gocname rc_site country type resource_type status state cloud tier
    tier_level capability workflow harvester corecount corepower maxrss minrss maxtime mintime maxinputsize
    maxwdir timefloor transferringlimit nodes pledgedcpu container_type processor_type pilot_manager vo_name
    comment""".split()
_HELP = {
    NAME: "Name of the queue.",
    WRITTEN: "When its record was written last, as 2026-11-19T10:00:00; 2026-11-19* for a day.",
    TOOL: "A tool that copies its files.",
    "cloud": "Region of the queue.",
}
FIELDS = tuple(
    Field(name, _HELP.get(name, f"Property {name} of the queue."), rule=_rule, counted=name in COUNTED)
    for name in (NAME, *_PROPERTIES, TOOL, WRITTEN)
)
_DECLARED = frozenset(field.name for field in FIELDS)
_GROUPS = {
    "online": "good", "test": "running", "standby": "waiting", "paused": "waiting", "brokeroff": "ended",
    "offline": "bad",
}  # fmt: skip
Texts = Callable[[str], Sequence[str]]
"""The values of a property, as texts."""


def noun(more_fields: tuple[Field, ...] = ()) -> Noun:
    """Queues; whatever is no word of its own may be one of their properties."""
    return Noun(
        name="sites",
        fields=(*FIELDS, *more_fields),
        window=WindowRules(0, time_columns=()),
        sorts={},
        default_sort=(Sort(NAME),),
        keys=(NAME,),
        combined=_further_properties,
        controls=_CONTROLS,
    )


def _further_properties(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Conditions on properties that are not declared. Which there are the records know."""
    own = _DECLARED | NOT_ASKED | COMMON_CONTROLS | _CONTROLS
    found = {name: text for name, text in parameters.items() if name.removesuffix(SHOWN) not in own}
    asked = [Asked(name, told(name, text), _condition(name, text)) for name, text in found.items()]
    return asked, set(found)


def _condition(name: str, text: str) -> Condition:
    if name.endswith(SHOWN):
        return AnyOf(tuple(rules.exact(name.removesuffix(SHOWN), one) for one in values_of(name, text)))
    try:
        return _rule(name, text)
    except Problem as problem:
        raise named(problem, name) from None


def group(status: str) -> str:
    """The colour a status is shown in."""
    return _GROUPS.get(status, "waiting")


@dataclass(frozen=True)
class Queue:
    """document: its properties as the caller may see them. written: when PanDA wrote the record."""

    name: str
    document: Document
    written: datetime | None = None

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """Its properties by their names in lower case, as requests have them, and what its record tells."""
        told = {key.lower(): value for key, value in self.document.items()}
        return told | {NAME: self.name, WRITTEN: self.written}

    def texts(self, name: str) -> Sequence[str]:
        """By what a property is asked for: one or several texts, none where it is absent."""
        if name == TOOL:
            tools = self.values.get(TOOLS)
            return (*texts(self.values.get(TOOL)), *(tools if isinstance(tools, dict) else texts(tools)))
        return texts(self.values.get(name))

    def short(self, name: str) -> Any:
        """A property for a table: nested ones in one line of text."""
        value = self.values.get(name)
        return flat(value) if isinstance(value, dict | list) else value


def texts(value: Any) -> Sequence[str]:
    """The texts that a value of a document is asked for by: of a list its members, of a mapping its keys and
    its line of text."""
    if isinstance(value, dict):
        return (*value, flat(value)) if value else ()
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    if isinstance(value, bool):
        return str(value), str(value).lower()
    text = word(value)
    return (text,) if text else ()


def flat(value: Any) -> str:
    """Nested values as a line of text: `k = v, k = v`, lists with a comma between. Keys are in their order:
    not every database keeps the one in which they were written."""
    if isinstance(value, dict):
        return ", ".join(f"{key} = {flat(value[key])}" for key in sorted(value))
    return ", ".join(map(flat, value)) if isinstance(value, list) else word(value)


def word(value: Any) -> str:
    """A plain value as text, "" where it is absent."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(iso(value) if isinstance(value, datetime) else value)


def fits(condition: Condition, texts_of: Texts) -> bool:
    """Whether a queue satisfies a condition: a property with several values does where one of them does."""

    def decided(leaf: Condition) -> Condition:
        if not isinstance(leaf, Test):
            return leaf
        found: Sequence[str | None] = texts_of(leaf.column) or (None,)
        return EVERYTHING if any(holds(leaf, {leaf.column: text}) for text in found) else NOTHING

    return holds(replaced(condition, decided), {})


def property_of(column: str, known: Collection[str]) -> str:
    """The property that a parameter means, "" if no queue has it. known: those that any queue has."""
    candidates = (column, column.removeprefix(PREFIX))
    return next((name for name in candidates if name in known or name in _DECLARED), "")
