"""Everything that is wrong with what a plugin declares, found without running anything of it."""

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.plugin.examining import asking, doing, families, identity, showing, tables, words
from bigpandamon_core.plugin.examining.complaint import Complaint

__all__ = ["Complaint", "complaints", "file_of", "of_class"]


def of_class(found: object, entry: str) -> Iterator[Complaint]:
    """What is wrong with the words as such; with any of it a plugin cannot be looked at further."""
    if not (inspect.isclass(found) and issubclass(found, Plugin) and found is not Plugin):
        yield Complaint(
            "", "a subclass of bigpandamon_core.plugin.Plugin", type(found).__name__, f"see {entry}"
        )
        return
    yield from words.unknown_attributes(found)
    yield from words.wrong_types(found)


def complaints(plugin: Plugin, entry: str, scope: Mapping[str, str]) -> Iterator[Complaint]:
    """What is wrong with the declarations. scope: the effective one."""
    yield from identity.complaints(plugin, entry)
    yield from families.complaints(plugin)
    yield from identity.options(plugin.options)
    yield from identity.records(plugin)
    yield from identity.error_rules(plugin.error_rules)
    yield from asking.fields(plugin)
    yield from asking.columns(plugin)
    yield from asking.scope(plugin, plugin.scope.items())
    yield from showing.sections(plugin, scope.keys())
    yield from showing.panels(plugin)
    yield from showing.nav(plugin)
    yield from showing.files(plugin, Path(file_of(type(plugin))).parent)
    yield from doing.tasks(plugin)
    yield from doing.retentions(plugin)
    yield from tables.complaints(plugin, Path(file_of(type(plugin))).parent)


def file_of(found: object) -> str:
    """The file a class was written in, its name where there is none."""
    try:
        return inspect.getfile(found)  # type: ignore[arg-type]
    except (TypeError, OSError):
        return repr(found)
