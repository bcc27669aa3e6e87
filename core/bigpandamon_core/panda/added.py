"""Families of PanDA tables that active plugins add to ours. It can be imported before Django is set up."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.db.models import Model

Families: TypeAlias = Mapping[str, tuple["type[Model]", ...]]
LABEL = "panda_of_plugins"
"""Label of such models: apart from core's, which are the same whatever plugins are there."""
_added: dict[str, tuple["type[Model]", ...]] = {}


def add(of_plugins: Iterable[Families]) -> None:
    """From now on plugins add these, and none of those that they added before. One name of several is one
    family of all their tables."""
    _added.clear()
    for families in of_plugins:
        for name, tables in families.items():
            _added[name] = (*_added.get(name, ()), *tables)


def added() -> Families:
    """What active plugins add."""
    return dict(_added)


def schema_of(table: "type[Model]") -> str:
    """The word for its schema, which an instance names."""
    return table._meta.db_table.partition(".")[0]


def tables() -> "Iterator[type[Model]]":
    """All tables of these families."""
    return (table for family in _added.values() for table in family)
