"""The registry of this process, put together once."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain

from django.conf import settings

from bigpandamon_core.config import Configuration, ConfigurationErrors, Mistake
from bigpandamon_core.plugin import mounting
from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.plugin.discovery import Installed
from bigpandamon_core.plugin.loading import Active, adopted, examine, is_read, load
from bigpandamon_core.sections import catalogue, forwarded, switches
from bigpandamon_core.sections.registry import Mounted, Registry, build, complaints_about, of_section
from bigpandamon_core.sections.types import Section


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
    mistakes = (*_collisions(configuration, mounted, plugins), *strangers(configuration, declared))
    if mistakes:
        raise ConfigurationErrors(mistakes)
    own = (*catalogue.CORE, *switches.declared(configuration.get, _sections(declared)))
    entries = [item for section in own for item in section.nav]
    panels = switches.switched_panels(configuration.get, mounting.panels(plugins))
    return build(mounted, (*entries, *mounting.nav(plugins)), mounting.digest(plugins), panels)


def mistakes_in(configuration: Configuration, found: Iterable[Installed] | None = None) -> Iterator[Mistake]:
    """Everything for which `registry` may refuse a configuration, as far as it can be judged at once: while a
    plugin cannot be read, nobody knows which names it declares."""
    enabled = [one for one in examine(configuration, found) if one.enabled and one.installed]
    for one in enabled:
        yield from one.mistakes
    active = adopted(enabled)
    yield from _collisions(configuration, _mounted(configuration, active), active)
    declared = [one.plugin for one in enabled if one.plugin and is_read(one)]
    if len(declared) == len(enabled):
        yield from strangers(configuration, declared)


def _mounted(configuration: Configuration, plugins: tuple[Active, ...]) -> tuple[Mounted, ...]:
    """Core's resources, those of plugins, then those that the configuration declares."""
    sections = _sections(one.plugin for one in plugins)
    more = [*switches.declared(configuration.get, sections)]
    titles = {section.name: section.title for section in (*sections.values(), *more)}
    found = (
        *(mounted for section in catalogue.CORE for mounted in of_section(section)),
        *mounting.mounted(plugins),
        *(mounted for section in more for mounted in of_section(section)),
    )
    return (*switches.switched(configuration.get, found, titles),)


def _sections(plugins: Iterable[Plugin]) -> Mapping[str, Section]:
    """Every section that is there without the configuration, by name."""
    declared = (*catalogue.CORE, *(section for plugin in plugins for section in plugin.sections))
    return {section.name: section for section in declared}


def _collisions(
    configuration: Configuration, mounted: tuple[Mounted, ...], plugins: tuple[Active, ...]
) -> Iterator[Mistake]:
    """What does not fit together, told with the file of what came later: a plugin or the configuration."""
    sections = _sections(one.plugin for one in plugins)
    files = {f"{one.plugin.name}/": one.file for one in plugins} | {"": "bigpandamon_core"}
    for one, text in complaints_about(mounted):
        file = files[one.prefix] if one.section in sections else configuration.origin(switches.FORWARDED)
        yield Mistake(file, f"resource {one.name}", "one that fits", text)


def strangers(configuration: Configuration, plugins: Iterable[Plugin]) -> tuple[Mistake, ...]:
    """Sections, caching points and schemas that the configuration names and nothing declares."""
    plugins = tuple(plugins)
    sections = _sections(plugins)
    names = {*sections, *configuration.get(switches.FORWARDED)}
    resources = (resource for section in sections.values() for resource in section.resources)
    points = {forwarded.POINT, *(resource.point for resource in resources if resource.point)}
    words = (plugin.schemas for plugin in plugins)
    return (
        *configuration.strangers("sections.off", names, "section"),
        *configuration.strangers("sections.restricted", names, "section"),
        *switches.mistakes(configuration, sections),
        *configuration.strangers("cache.points", points, "caching point"),
        *configuration.strangers("cache.stale_points", points, "caching point"),
        *configuration.strangers("panda.schemas.more", chain.from_iterable(words), "schema of a plugin's"),
    )
