"""Who a plugin is, what it needs of others and what can be set."""

from collections.abc import Iterator
from pathlib import Path

from bigpandamon_core.config import Option
from bigpandamon_core.config.kinds import Place, convert
from bigpandamon_core.config.switches import PLUGIN_NAME
from bigpandamon_core.domain.error_rules import CLASSES, ErrorRule
from bigpandamon_core.domain.job_errors import BY_NAME
from bigpandamon_core.plugin.contract import API, Plugin
from bigpandamon_core.plugin.examining.complaint import Complaint, begins, unknown
from bigpandamon_core.sections.catalogue import CORE
from bigpandamon_core.sections.registry import MACHINE

OF_THE_SWITCH = ("enabled", "scope")


def complaints(plugin: Plugin, entry: str) -> Iterator[Complaint]:
    """entry: the name under which the distribution announces the plugin."""
    yield from _name(plugin, entry)
    if plugin.api != API:
        remedy = "install the release of the plugin that fits this core" if plugin.api else "say api = 1"
        yield Complaint("api", str(API), str(plugin.api), remedy)
    if plugin.name not in plugin.words:
        yield Complaint("words", f'"{plugin.name}" among them', "it is missing")
    for word in plugin.words:
        if not word or word != word.strip().lower():
            yield Complaint("words", "names in small letters", f'"{word}"')
    if plugin.name in plugin.requires:
        yield Complaint("requires", "other plugins", "itself")


def _name(plugin: Plugin, entry: str) -> Iterator[Complaint]:
    if not plugin.title.strip():
        yield Complaint("title", "a name for people", '""')
    if plugin.name != entry:
        yield Complaint("name", f'"{entry}", as in its entry point', f'"{plugin.name}"')
    if not PLUGIN_NAME.fullmatch(plugin.name):
        yield Complaint("name", "a-z, 0-9 and _, a letter first", f'"{plugin.name}"')
    if plugin.name in taken():
        yield Complaint("name", "a name that is no address of core", f'"{plugin.name}"')


def taken() -> frozenset[str]:
    """First parts of core's own addresses."""
    paths = (path for section in CORE for one in section.resources for path in (one.path, *one.also_at))
    return frozenset({*MACHINE, *(path.partition("/")[0] for path in paths)} - {""})


def records(plugin: Plugin) -> Iterator[Complaint]:
    """Kinds of files whose names may be those of others, or that nothing reads or explains."""
    names = [kind.name for kind in plugin.records]
    for kind in plugin.records:
        key = f"records.{kind.name}"
        if not begins(plugin.name, kind.name):
            yield Complaint(key, f"a name that begins with {plugin.name}", f'"{kind.name}"')
        if names.count(kind.name) > 1:
            yield Complaint(key, "each kind once", "it is declared twice")
        if not kind.help:
            yield Complaint(key, "a help text", '""')
        if not kind.readers:
            yield Complaint(key, "a reader at least", "none")


def options(declared: tuple[Option, ...]) -> Iterator[Complaint]:
    """Options whose key is taken, that have no help, or whose default does not fit."""
    place = Place(Path("/"), Path("/"))
    keys = [option.key for option in declared]
    for option in declared:
        key = f"options.{option.key}"
        if option.key.partition(".")[0] in OF_THE_SWITCH:
            yield Complaint(key, f"another key than {' and '.join(OF_THE_SWITCH)}", f'"{option.key}"')
        if keys.count(option.key) > 1:
            yield Complaint(key, "each key once", "it is declared twice")
        if not option.help:
            yield Complaint(key, "a help text", '""')
        yield from (Complaint(key, f"a default that is {wrong.expected}", wrong.found)
                    for wrong in convert(option, option.default, place, "")[1])  # fmt: skip


def error_rules(declared: tuple[ErrorRule, ...]) -> Iterator[Complaint]:
    """Rules about components that do not exist, that say nothing, or that tell one meaning for all codes."""
    for number, rule in enumerate(declared):
        key = f"error_rules.{number}"
        if rule.component not in BY_NAME:
            yield unknown(key, rule.component, BY_NAME, "a component")
        if not (rule.advice or rule.meaning or rule.acronym or rule.kind):
            yield Complaint(key, "advice, a meaning or a kind", "none of them")
        if rule.kind and rule.kind not in CLASSES:
            yield unknown(f"{key}.kind", rule.kind, CLASSES, "a class of failures")
        if rule.meaning and not rule.codes:
            yield Complaint(key, "codes beside a meaning", "none")
