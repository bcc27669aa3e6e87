"""The registry of this process, put together once."""

from collections.abc import Iterable, Iterator
from functools import cache

from django.conf import settings

from bigpandamon_core.config import Configuration, ConfigurationErrors, Mistake
from bigpandamon_core.plugin import mounting
from bigpandamon_core.plugin.loading import Active, load
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
    off = configuration.get("sections.off")
    mounted = (*_core(off), *mounting.mounted(plugins, off))
    mistakes = (*_collisions(mounted, plugins), *strangers(configuration, mounted, plugins))
    if mistakes:
        raise ConfigurationErrors(mistakes)
    entries = [item for section in catalogue.CORE for item in section.nav]
    return build(mounted, (*entries, *mounting.nav(plugins)), mounting.digest(plugins))


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


def strangers(
    configuration: Configuration, mounted: Iterable[Mounted], plugins: Iterable[Active]
) -> tuple[Mistake, ...]:
    """Sections and caching points that the configuration names and nothing declares."""
    sections = {section.name for section in catalogue.CORE}
    sections |= {section.name for one in plugins for section in one.plugin.sections}
    points = {one.resource.point for one in mounted if one.resource.point}
    return (
        *configuration.strangers("sections.off", sections, "section"),
        *configuration.strangers("cache.points", points, "caching point"),
        *configuration.strangers("cache.stale_points", points, "caching point"),
    )
