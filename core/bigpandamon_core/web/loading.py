"""The registry of this process, put together once."""

from collections.abc import Iterable, Iterator
from functools import cache

from django.conf import settings

from bigpandamon_core.config import Configuration, ConfigurationErrors, Mistake
from bigpandamon_core.plugin import mounting
from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.plugin.discovery import Installed
from bigpandamon_core.plugin.loading import REQUIRES, Active, Seen, examine, load
from bigpandamon_core.sections import catalogue
from bigpandamon_core.sections.registry import Mounted, Registry, build, complaints_about, of_section


@cache
def registry() -> Registry:
    """Core's sections and those of the active plugins.

    Raises:
        ConfigurationErrors: something is wrong with a plugin or does not fit together.
    """
    return assembled(settings.BIGPANDAMON, load(settings.BIGPANDAMON))


def assembled(configuration: Configuration, active: Iterable[Active]) -> Registry:
    """What is shown with these plugins.

    Raises:
        ConfigurationErrors: addresses that are taken, names in the configuration that nothing declares.
    """
    plugins = tuple(active)
    mounted = _mounted(configuration, plugins)
    declared = [one.plugin for one in plugins]
    mistakes = (*_collisions(mounted, plugins), *strangers(configuration, declared))
    if mistakes:
        raise ConfigurationErrors(mistakes)
    entries = [item for section in catalogue.CORE for item in section.nav]
    return build(mounted, (*entries, *mounting.nav(plugins)), mounting.digest(plugins))


def mistakes_in(configuration: Configuration, found: Iterable[Installed] | None = None) -> Iterator[Mistake]:
    """Everything for which `registry` may refuse a configuration, as far as it can be judged at once: while a
    plugin cannot be read, nobody knows which names it declares."""
    enabled = [one for one in examine(configuration, found) if one.enabled and one.installed]
    for one in enabled:
        yield from one.mistakes
    active = tuple(one.active for one in enabled if one.active)
    yield from _collisions(_mounted(configuration, active), active)
    declared = [one.plugin for one in enabled if one.plugin and _declares_well(one)]
    if len(declared) == len(enabled):
        yield from strangers(configuration, declared)


def _declares_well(one: Seen) -> bool:
    """Whether nothing is wrong with a plugin but what its switch file says and which others are active."""
    file = str(one.switch.file) if one.switch else ""
    return all(mistake.file == file or mistake.key == REQUIRES for mistake in one.mistakes)


def _mounted(configuration: Configuration, plugins: tuple[Active, ...]) -> tuple[Mounted, ...]:
    off = configuration.get("sections.off")
    return (*_core(off), *mounting.mounted(plugins, off))


def _core(off: Iterable[str]) -> Iterator[Mounted]:
    for section in catalogue.CORE:
        reason = f"The section {section.title} is switched off here." if section.name in off else ""
        yield from of_section(section, reason)


def _collisions(mounted: tuple[Mounted, ...], plugins: tuple[Active, ...]) -> Iterator[Mistake]:
    """What does not fit together, told with the file of the plugin that came later."""
    files = {f"{one.plugin.name}/": one.file for one in plugins}
    for one, text in complaints_about(mounted):
        yield Mistake(
            files.get(one.prefix, "bigpandamon_core"), f"resource {one.name}", "one that fits", text
        )


def strangers(configuration: Configuration, plugins: Iterable[Plugin]) -> tuple[Mistake, ...]:
    """Sections and caching points that the configuration names and nothing declares."""
    sections = (*catalogue.CORE, *(section for plugin in plugins for section in plugin.sections))
    names = {section.name for section in sections}
    points = {resource.point for section in sections for resource in section.resources if resource.point}
    return (
        *configuration.strangers("sections.off", names, "section"),
        *configuration.strangers("cache.points", points, "caching point"),
        *configuration.strangers("cache.stale_points", points, "caching point"),
    )
