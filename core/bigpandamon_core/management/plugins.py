"""`bigpandamon plugins`: what is installed, what is active, what each declares, what is wrong."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from bigpandamon_core.config import ConfigurationErrors, Mistake
from bigpandamon_core.management import purge, start

if TYPE_CHECKING:
    from bigpandamon_core.plugin.loading import Seen

NAME = "plugins"
HELP = "tell which plugins are installed and active, what each declares, and every mistake in them"
DETAILS = (
    "`plugins purge NAME` drops the tables that a plugin left in the monitor's own database, after asking."
)
FAILED = 1


def arguments(parser: ArgumentParser) -> None:
    parser.epilog = (
        f"{DETAILS} Exit code: 0 all is well, 1 a plugin does not conform or is not there, 2 mistakes."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="these only")
    parser.add_argument("--yes", action="store_true", help="with `purge`: do not ask")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--sample", action="store_true", help="print the switch file that each comes with")
    parser.add_argument(
        "--conformance",
        action="store_true",
        help="try the plugins on an empty monitor of their own and tell what is not as the contract says",
    )


def run(parsed: Namespace) -> int:
    if parsed.names[:1] == [purge.WORD]:
        return purge.run(parsed.names[1:], parsed.yes)
    # Imported here: what a plugin declares can only be read once Django is set up.
    if parsed.conformance:
        from bigpandamon_core.management import conformance  # pylint: disable=import-outside-toplevel

        return conformance.run(parsed.names)
    # A sample says what a plugin declares, whatever the configuration says.
    configuration = start.imported()[0] if parsed.sample else start.django()
    from bigpandamon_core.plugin.loading import examine  # pylint: disable=import-outside-toplevel

    seen = [
        one for one in examine(configuration, disabled=True) if one.name in parsed.names or not parsed.names
    ]
    absent = sorted(set(parsed.names) - {one.name for one in seen})
    if parsed.sample:
        return sampled(seen, absent)
    told = [described(one) for one in seen]
    print(json.dumps(told, indent=2, ensure_ascii=False) if parsed.json else "\n\n".join(map(as_text, told)))
    for name in absent:
        print(f"There is no plugin {name}.")
    return judged([mistake for one in seen if one.enabled for mistake in one.mistakes], absent)


def sampled(seen: Iterable["Seen"], absent: list[str]) -> int:
    """A switch file for each plugin that can be read."""
    # Imported here: plugins can only be imported once Django is set up.
    from bigpandamon_core.plugin.samples import sample  # pylint: disable=import-outside-toplevel

    lacking = absent + [one.name for one in seen if one.plugin is None]
    print(*(sample(one.plugin) for one in seen if one.plugin), sep="\n", end="")
    for name in lacking:
        print(f"There is no plugin {name} that can be read.", file=sys.stderr)
    return FAILED if lacking else 0


def judged(wrong: Iterable[Mistake], absent: list[str]) -> int:
    """The exit code, mistakes told."""
    mistakes = tuple(wrong) or tuple(assembling())
    if mistakes:
        start.tell(mistakes)
    return start.MISCONFIGURED if mistakes else FAILED if absent else 0


def assembling() -> Iterator[Mistake]:
    """What does not fit together although each plugin is in order."""
    from bigpandamon_core.web.loading import registry  # pylint: disable=import-outside-toplevel

    try:
        registry()
    except ConfigurationErrors as errors:
        yield from errors.mistakes


def described(seen: "Seen") -> dict[str, Any]:
    """Everything of one plugin, as plain values and without secrets."""
    one, switch = seen.installed, seen.switch
    found: dict[str, Any] = {
        "name": seen.name,
        "state": seen.state,
        "distribution": one.distribution if one else "",
        "version": one.version if one else "",
        "class": one.place if one else "",
        "switch": str(switch.file) if switch else "",
    }
    return found | _declared(seen) | {"mistakes": list(map(str, seen.mistakes))}


def _declared(seen: "Seen") -> dict[str, Any]:
    plugin, active = seen.plugin, seen.active
    if plugin is None:
        return {}
    defaults = {option.key: option.default for option in plugin.options}
    return {
        "title": plugin.title,
        "api": plugin.api,
        "words": list(plugin.words),
        "requires": list(plugin.requires),
        "needs": list(plugin.needs),
        "families": {
            name: [one._meta.db_table for one in tables] for name, tables in plugin.families.items()
        },
        "apps": list(plugin.apps),
        "records": {kind.name: kind.help for kind in plugin.records},
        "scope": dict(active.scope_text if active else plugin.scope),
        "options": {key: str(value) for key, value in (active.shown if active else defaults).items()},
        "fields": {field.name: field.help for field in plugin.fields},
        "fields_of": {noun: [field.name for field in fields] for noun, fields in plugin.fields_of.items()},
        "columns": {noun: [column.name for column in columns] for noun, columns in plugin.columns.items()},
        "panels": {noun: [panel.title for panel in panels] for noun, panels in plugin.panels.items()},
        "error_rules": dict(Counter(rule.component for rule in plugin.error_rules)),
        "sections": {section.name: list(_shown(section)) for section in plugin.sections},
        "nav": [item.title for item in (*(i for s in plugin.sections for i in s.nav), *plugin.nav)],
        "tasks": {task.name: task.help for task in plugin.tasks},
    }


def _shown(section: Any) -> Iterator[str]:
    for resource in section.resources:
        yield from (f"/{path}" for path in (resource.path, *resource.also_at))
    for mount in section.mounts:
        yield f"mount {mount.what}"


def as_text(told: dict[str, Any]) -> str:
    """One plugin in a block: its state in the first line, then a line for each word that says something."""
    release = " ".join(part for part in (told["distribution"], told["version"]) if part)
    head = f"{told['name']}: {told['state']}" + (f", {release}" if release else "")
    lines = [
        f"  {word:12} {_in_words(value)}" for word, value in told.items() if value and word not in _IN_HEAD
    ]
    return "\n".join([head, *lines])


_IN_HEAD = ("name", "state", "distribution", "version")


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_in_words(entry)}" for key, entry in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
