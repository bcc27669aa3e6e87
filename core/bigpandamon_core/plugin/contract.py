"""What a plugin can say: one class, read once when the process starts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NoReturn

from django.db.models import Model

from bigpandamon_core.config import Option
from bigpandamon_core.domain.error_rules import ErrorRule
from bigpandamon_core.domain.fields import Column, Field
from bigpandamon_core.domain.periodic import PeriodicTask
from bigpandamon_core.sections.types import NavItem, Panel, Section
from bigpandamon_core.sources.records import RecordKind
from bigpandamon_core.state.retention import Retention

API = 1
"""The contract of this core. A plugin says which one it was written for; words are only added within one."""


class Plugin:
    """A plugin subclasses this and sets the words it needs; docs/plugins.md explains each.

    name: as in its distribution and entry point; whatever it adds begins with it. title: for people.
    api: the contract it was written for. words: names that core must never say.
    requires: plugins whose sections it mounts. needs: families of PanDA tables its sections are off without.
    families: by name those that core does not read and it does. schemas: words for the schemas of such tables
    that are not PanDA's own.
    apps: its package where that has models and migrations of its own tables. records: kinds of files that
    `bigpandamon import` stores there.
    scope: by noun a condition in the request language, which an instance may override in the switch file.
    options: settings of its switch file. fields: of jobs what can be asked for and counted on its pages;
    fields_of: the same of other nouns.
    columns: by noun what its tables of rows show more. error_rules: advice and meanings told on its pages.
    panels: by noun what it tells of one record of core, beside the page of that.
    sections: what it shows, its own and what it mounts. nav: entries of the navigation beside its sections'.
    tasks: what it does every so often. retentions: by kind how long rows of its own tables are kept.

    An instance holds copies of the words and cannot be changed.
    """

    name: str = ""
    title: str = ""
    api: int = 0
    words: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    families: Mapping[str, tuple[type[Model], ...]] = MappingProxyType({})
    schemas: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    records: tuple[RecordKind, ...] = ()
    scope: Mapping[str, str] = MappingProxyType({})
    options: tuple[Option, ...] = ()
    fields: tuple[Field, ...] = ()
    fields_of: Mapping[str, tuple[Field, ...]] = MappingProxyType({})
    columns: Mapping[str, tuple[Column, ...]] = MappingProxyType({})
    error_rules: tuple[ErrorRule, ...] = ()
    panels: Mapping[str, tuple[Panel, ...]] = MappingProxyType({})
    sections: tuple[Section, ...] = ()
    nav: tuple[NavItem, ...] = ()
    tasks: tuple[PeriodicTask, ...] = ()
    retentions: Mapping[str, Retention] = MappingProxyType({})

    def __init__(self) -> None:
        for word in WORDS:
            object.__setattr__(self, word, _frozen(getattr(type(self), word)))

    def __setattr__(self, word: str, value: Any) -> NoReturn:
        raise AttributeError(f"a plugin is frozen once it is loaded: {word} cannot be set")

    def __delattr__(self, word: str) -> NoReturn:
        raise AttributeError(f"a plugin is frozen once it is loaded: {word} cannot be removed")


def all_fields(plugin: Plugin) -> dict[str, tuple[Field, ...]]:
    """By noun the fields that a plugin declares."""
    return {**plugin.fields_of, "jobs": plugin.fields}


WORDS = tuple(Plugin.__annotations__)


def _frozen(value: Any) -> Any:
    return MappingProxyType(dict(value)) if isinstance(value, Mapping) else value
