"""From installed plugins and their switch files to those that are active, or to everything that is wrong."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bigpandamon_core.config import Configuration, ConfigurationErrors, Mistake, Option, Switch
from bigpandamon_core.config.switches import settings
from bigpandamon_core.domain import scopes
from bigpandamon_core.domain.catalogue import NOUNS
from bigpandamon_core.domain.conditions import Condition
from bigpandamon_core.panda import added
from bigpandamon_core.plugin import examining
from bigpandamon_core.plugin.contract import Plugin, all_fields
from bigpandamon_core.plugin.discovery import Installed, installed
from bigpandamon_core.sections.catalogue import MOUNTABLE

SCOPE = "scope."
REQUIRES = "requires"


@dataclass(frozen=True)
class Active:
    """A plugin that is installed, enabled and in order.

    file: where its class stands. settings: its options as `<plugin>.<key>`. shown: the same without secrets.
    scope_text: the effective scope by noun. scope: the same as conditions.
    """

    plugin: Plugin
    version: str
    file: str
    settings: Mapping[str, Any]
    shown: Mapping[str, Any]
    scope_text: Mapping[str, str]
    scope: Mapping[str, Condition]


@dataclass(frozen=True)
class Seen:
    """All that is known of one name. plugin: what it declares, as far as that could be read."""

    name: str
    installed: Installed | None = None
    switch: Switch | None = None
    plugin: Plugin | None = None
    active: Active | None = None
    mistakes: tuple[Mistake, ...] = ()

    @property
    def enabled(self) -> bool:
        return self.switch is not None and self.switch.enabled

    @property
    def state(self) -> str:
        """In words; either half alone is harmless."""
        if self.installed is None:
            return "enabled but not installed" if self.enabled else "switched off and not installed"
        if not self.enabled:
            return "installed, not enabled"
        return "refused" if self.mistakes else "active"


def load(configuration: Configuration, found: Iterable[Installed] | None = None) -> tuple[Active, ...]:
    """The active plugins by name, whose families of PanDA tables are known from now on.

    Raises:
        ConfigurationErrors: everything that is wrong with any enabled plugin, each with its file.
    """
    seen = examine(configuration, found)
    mistakes = [mistake for one in seen if one.enabled for mistake in one.mistakes]
    if mistakes:
        raise ConfigurationErrors(mistakes)
    return adopted(seen)


def adopted(seen: Iterable[Seen]) -> tuple[Active, ...]:
    """Those that are active, whose families of PanDA tables are known from now on."""
    active = tuple(one.active for one in seen if one.active)
    added.add([one.plugin.families for one in active])
    return active


def examine(
    configuration: Configuration, found: Iterable[Installed] | None = None, disabled: bool = False
) -> tuple[Seen, ...]:
    """Every plugin that is installed or has a switch file, by name. disabled: read those too that are off."""
    listed = tuple(installed() if found is None else found)
    names = sorted({*configuration.switches, *(one.name for one in listed)})
    seen = []
    for name in names:
        of_name = [one for one in listed if one.name == name]
        switch = configuration.switches.get(name)
        seen.append(_seen(name, of_name, switch, configuration.get("paths.state"), disabled))
    return tuple(_with_required(seen))


def _seen(name: str, of_name: list[Installed], switch: Switch | None, state: Path, disabled: bool) -> Seen:
    if len(of_name) > 1:
        claimed = ", ".join(one.distribution for one in of_name)
        mistake = Mistake(claimed, "", f"one distribution with the plugin {name}", str(len(of_name)))
        return Seen(name, of_name[0], switch, mistakes=(mistake,))
    one = of_name[0] if of_name else None
    if one is None or not (disabled or (switch and switch.enabled)):
        return Seen(name, one, switch)
    return _read(one, switch, state)


def _read(one: Installed, switch: Switch | None, state: Path) -> Seen:
    try:
        found = one.load()
    except Exception as error:  # pylint: disable=broad-exception-caught  # whatever importing foreign code raises
        mistake = Mistake(one.place, "", "a module that can be imported", f"{type(error).__name__}: {error}")
        return Seen(one.name, one, switch, mistakes=(mistake,))
    file = examining.file_of(found)
    wrong = tuple(complaint.at(file) for complaint in examining.of_class(found, one.place))
    if wrong:
        return Seen(one.name, one, switch, mistakes=wrong)
    return _set_up(Seen(one.name, one, switch, found()), file, state)  # type: ignore[operator]  # of_class looked


@dataclass(frozen=True)
class _Settings:
    """What the switch file says, defaults filled in."""

    values: Mapping[str, Any] = field(default_factory=dict)
    scope: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()


def _set_up(seen: Seen, file: str, state: Path) -> Seen:
    plugin = seen.plugin
    if plugin is None or seen.installed is None:
        return seen
    found = _settings(plugin, seen.switch, state)
    wrong = tuple(one.at(file) for one in examining.complaints(plugin, seen.name, found.scope))
    defaults_fit = not any(one.key.startswith("options.") for one in wrong)
    mistakes = (*wrong, *found.mistakes) if defaults_fit else wrong
    if mistakes or not seen.enabled:
        return Seen(seen.name, seen.installed, seen.switch, plugin, mistakes=mistakes)
    fields = all_fields(plugin)
    active = Active(
        plugin=plugin,
        version=seen.installed.version,
        file=file,
        settings=MappingProxyType({f"{plugin.name}.{key}": value for key, value in found.values.items()}),
        shown=MappingProxyType(_shown(plugin, found.values)),
        scope_text=found.scope,
        scope=MappingProxyType(
            {
                name: scopes.read(text, NOUNS[name](more_fields=fields.get(name, ())))
                for name, text in found.scope.items()
            }
        ),
    )
    return Seen(seen.name, seen.installed, seen.switch, plugin, active)


def _settings(plugin: Plugin, switch: Switch | None, state: Path) -> _Settings:
    """The plugin's options and its scope as the instance wants them."""
    if switch is None:
        return _Settings({option.key: option.default for option in plugin.options}, plugin.scope)
    values, mistakes = settings(switch, (*plugin.options, *scope_options(plugin)), state)
    scope = {key.removeprefix(SCOPE): text for key, text in values.items() if key.startswith(SCOPE) and text}
    overridden = [(noun, text) for noun, text in scope.items() if text != plugin.scope.get(noun)]
    wrong = [one.at(str(switch.file)) for one in examining.asking.scope(plugin, overridden)]
    options = {key: value for key, value in values.items() if not key.startswith(SCOPE)}
    return _Settings(options, MappingProxyType(scope), (*mistakes, *wrong))


def is_read(one: Seen) -> bool:
    """Whether it is known what a plugin declares: nothing is wrong with it but what its switch file says and
    which others are active."""
    file = str(one.switch.file) if one.switch else ""
    return one.plugin is not None and all(
        mistake.file == file or mistake.key == REQUIRES for mistake in one.mistakes
    )


def scope_options(plugin: Plugin) -> Iterator[Option]:
    """The table [scope] of its switch file."""
    for noun in MOUNTABLE:
        help_text = f"Which {noun} the plugin shows, in the request language."
        yield Option(f"{SCOPE}{noun}", str, plugin.scope.get(noun, ""), help_text)


def _shown(plugin: Plugin, values: Mapping[str, Any]) -> dict[str, Any]:
    secret = {option.key for option in plugin.options if option.secret}
    return {key: "***" if key in secret and value else value for key, value in values.items()}


def _with_required(seen: list[Seen]) -> Iterator[Seen]:
    """Each as it is, but with a mistake where it requires a plugin that is not there."""
    active = {one.name for one in seen if one.active}
    for one in seen:
        lacking = (
            [name for name in one.plugin.requires if name not in active] if one.plugin and one.enabled else []
        )
        if not lacking or one.plugin is None:
            yield one
            continue
        file = examining.file_of(type(one.plugin))
        more = tuple(
            Mistake(file, REQUIRES, f"the plugin {name} to be active", "it is not") for name in lacking
        )
        yield Seen(one.name, one.installed, one.switch, one.plugin, mistakes=(*one.mistakes, *more))
