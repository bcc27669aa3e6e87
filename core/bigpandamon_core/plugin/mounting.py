"""Active plugins as resources at their addresses, and as entries of the navigation."""

import hashlib
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from bigpandamon_core.domain.error_rules import RULES
from bigpandamon_core.plugin.contract import all_fields
from bigpandamon_core.plugin.loading import Active
from bigpandamon_core.sections.catalogue import MOUNTABLE
from bigpandamon_core.sections.registry import Mounted, MountedPanel, Panels
from bigpandamon_core.sections.types import Mount, NavItem, Resource, Section


def mounted(active: Iterable[Active]) -> Iterator[Mounted]:
    """Every resource of the plugins, their own first."""
    plugins = tuple(active)
    sections = {section.name: section for one in plugins for section in one.plugin.sections}
    for one in plugins:
        for section in one.plugin.sections:
            for resource in section.resources:
                yield _mounted(one, section, resource, own=True)
            for resource in _mounts(section, sections):
                yield _mounted(one, section, resource)


def _mounts(section: Section, sections: dict[str, Section]) -> Iterator[Resource]:
    """The resources of others that a section shows, each once."""
    found = {
        resource.name: resource
        for mount in section.mounts
        for theirs in _mounted_sections(mount, sections)
        for resource in theirs.resources
    }
    yield from found.values()


def _mounted_sections(mount: Mount, sections: dict[str, Section]) -> tuple[Section, ...]:
    return MOUNTABLE.get(mount.what) or tuple(one for name, one in sections.items() if name == mount.what)


def _mounted(one: Active, section: Section, resource: Resource, own: bool = False) -> Mounted:
    plugin = one.plugin
    return Mounted(
        resource=resource,
        section=section.name,
        prefix=f"{plugin.name}/",
        own=own,
        scope=one.scope,
        title=plugin.title,
        scope_text=one.scope_text,
        more_fields=all_fields(plugin),
        more_columns=plugin.columns,
        nouns=frozenset(one.what for part in plugin.sections for one in part.mounts) & MOUNTABLE.keys(),
        error_rules=(*plugin.error_rules, *RULES),
        more_needs=plugin.needs,
        apps=plugin.apps if own else (),
        settings=one.settings,
    )


def nav(active: Iterable[Active]) -> Iterator[NavItem]:
    """The plugins' entries: of each its sections', then its own."""
    for one in active:
        for section in one.plugin.sections:
            yield from section.nav
        yield from one.plugin.nav


def panels(active: Iterable[Active]) -> Panels:
    """What the plugins tell beside pages of core, by noun."""
    found: dict[str, tuple[MountedPanel, ...]] = {}
    for one in active:
        plugin = one.plugin
        for noun, declared in plugin.panels.items():
            mounted = (
                MountedPanel(panel, f"{plugin.name}/", one.scope, plugin.apps, one.settings)
                for panel in declared
            )
            found[noun] = (*found.get(noun, ()), *mounted)
    return MappingProxyType(found)


def digest(active: Iterable[Active]) -> str:
    """Changes with the active plugins, their releases, settings and scopes; "" without any."""
    told = [
        (one.plugin.name, one.version, sorted(one.shown.items()), sorted(one.scope_text.items()))
        for one in active
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16] if told else ""
