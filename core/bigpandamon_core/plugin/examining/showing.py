"""What a plugin shows: sections, resources, mounts, navigation and the files they use."""

from collections.abc import Collection, Iterator
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.urls.resolvers import RoutePattern

from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.plugin.examining.complaint import Complaint, begins, unknown
from bigpandamon_core.plugin.examining.identity import taken
from bigpandamon_core.sections.catalogue import BESIDE, HAVE_PANELS, MOUNTABLE
from bigpandamon_core.sections.registry import API_PREFIX, named
from bigpandamon_core.sections.types import Access, Family, Mount, NavItem, Parameter, Resource, Section

FORMATS = ("html", "json", "csv", "ndjson", "text")
FILES = ("templates", "static")


def sections(plugin: Plugin, scoped: Collection[str]) -> Iterator[Complaint]:
    """scoped: nouns for which the plugin has a scope."""
    names = [section.name for section in plugin.sections]
    for section in plugin.sections:
        key = f"sections.{section.name}"
        if not begins(plugin.name, section.name):
            yield Complaint(key, f"a name that begins with {plugin.name}", f'"{section.name}"')
        if names.count(section.name) > 1:
            yield Complaint(key, "each section once", "it is declared twice")
        if not section.title:
            yield Complaint(key, "a title", '""')
        yield from _inside(plugin, section, key, scoped)
    yield from _alone(plugin)


def _alone(plugin: Plugin) -> Iterator[Complaint]:
    """Nouns whose pages would lead to pages that are not there."""
    mounted = {mount.what for section in plugin.sections for mount in _mounts(section)}
    for noun in sorted(mounted & BESIDE.keys()):
        for other in BESIDE[noun]:
            if other not in mounted:
                yield Complaint(f"sections.mount({noun})", f"mount({other}) beside it", "none")


def _mounts(section: Section) -> Iterator[Mount]:
    return (mount for mount in section.mounts if isinstance(mount, Mount))


def _inside(plugin: Plugin, section: Section, key: str, scoped: Collection[str]) -> Iterator[Complaint]:
    for kind, held in ((Resource, section.resources), (NavItem, section.nav), (Mount, section.mounts)):
        if not isinstance(held, tuple) or not all(isinstance(one, kind) for one in held):
            yield Complaint(key, f"a tuple of {kind.__name__}", type(held).__name__)
            return
    for resource in section.resources:
        yield from (
            Complaint(f"{key}.{resource.name}", expected, found)
            for expected, found in (*_declared(plugin, resource), *_addresses(plugin, resource))
        )
    for mount in section.mounts:
        yield from _mount(plugin, mount, key, scoped)


def _declared(plugin: Plugin, resource: Resource) -> Iterator[tuple[str, str]]:
    if not begins(plugin.name, resource.name):
        yield f"a name that begins with {plugin.name}", f'"{resource.name}"'
    if not isinstance(resource.access, Access):
        yield f"an access: {', '.join(Access)}", repr(resource.access)
    if not resource.help:
        yield "a help text", '""'
    if not callable(resource.build) or not all(map(callable, resource.formats.values())):
        yield "functions that build and shape the answer", "something else"
    if not resource.formats or set(resource.formats) - set(FORMATS):
        yield f"formats among {', '.join(FORMATS)}", ", ".join(resource.formats) or "none"
    if ("html" in resource.formats) != resource.template.startswith(f"{plugin.name}/"):
        yield f"a template {plugin.name}/… with html, and none without", f'"{resource.template}"'
    if resource.point and not begins(plugin.name, resource.point):
        yield f"a caching point that begins with {plugin.name}", f'"{resource.point}"'
    if resource.noun and resource.noun not in MOUNTABLE:
        yield f"a noun: {', '.join(MOUNTABLE)}", f'"{resource.noun}"'
    if not all(isinstance(parameter, Parameter) for parameter in resource.parameters):
        yield "a tuple of Parameter", "something else"


def _addresses(plugin: Plugin, resource: Resource) -> Iterator[tuple[str, str]]:
    below = f"{API_PREFIX if resource.family is Family.V1 else ''}{plugin.name}/"
    if not resource.path.startswith(below):
        yield f"an address below {below}", f'"{resource.path}"'
    for route in resource.also_at:
        if not _is_free(route):
            yield "addresses that core leaves free", f'"{route}"'
    for route in (resource.path, *resource.also_at):
        try:
            names = RoutePattern(route, is_endpoint=True).converters
        except ImproperlyConfigured as error:
            yield "an address that can be read", f'"{route}" ({error})'
        else:
            if "request" in names:
                yield "values with other names than request", f'"{route}"'


def _is_free(route: str) -> bool:
    """Whether core leaves the address to others; below `api/` only v1 is its own."""
    first, _, rest = route.partition("/")
    older = first == "api" and rest.partition("/")[0] not in ("", "v1") and not rest.startswith("<")
    return older or bool(first and "<" not in first and first not in taken())


def _mount(plugin: Plugin, mount: Mount, key: str, scoped: Collection[str]) -> Iterator[Complaint]:
    at = f"{key}.mount({mount.what})"
    if mount.what not in MOUNTABLE and not any(begins(one, mount.what) for one in plugin.requires):
        yield unknown(at, mount.what, MOUNTABLE, "a noun, or a section of a plugin in requires")
    elif mount.what in scoped and mount.unscoped:
        yield Complaint(at, "a scope or unscoped=True", "both")
    elif mount.what in MOUNTABLE and mount.what not in scoped and not mount.unscoped:
        remedy = "say unscoped=True if every record is meant"
        yield Complaint(at, f"a scope for {mount.what}", "none", remedy)


def panels(plugin: Plugin) -> Iterator[Complaint]:
    """Panels beside what has no page of one record, without a name or title, or of no section."""
    names = [section.name for section in plugin.sections]
    for noun, declared in plugin.panels.items():
        if noun not in HAVE_PANELS:
            yield unknown("panels", noun, HAVE_PANELS, "a noun whose records have pages")
            continue
        for panel in declared:
            key = f"panels.{noun}.{panel.name}"
            if not begins(plugin.name, panel.name):
                yield Complaint(key, f"a name that begins with {plugin.name}", f'"{panel.name}"')
            if not panel.title:
                yield Complaint(key, "a title", '""')
            if panel.section not in names:
                yield unknown(key, panel.section, names, "a section of the plugin")


def nav(plugin: Plugin) -> Iterator[Complaint]:
    """Entries of the navigation that open nothing of the plugin's."""
    entries = [*plugin.nav, *(item for section in plugin.sections for item in section.nav)]
    required = tuple(named(one, f"{plugin.name}/") for one in plugin.requires)
    known = set(shown_names(plugin))
    for item in entries:
        if item.resource not in known and not any(begins(one, item.resource) for one in required):
            yield unknown(f"nav.{item.title}", item.resource, known, "the name of a resource it shows")


def shown_names(plugin: Plugin) -> Iterator[str]:
    """Names of its own resources and of those of core that it mounts."""
    for section in plugin.sections:
        yield from (resource.name for resource in section.resources)
        for mount in section.mounts:
            mounted = MOUNTABLE.get(mount.what, ())
            yield from (named(one.name, f"{plugin.name}/") for core in mounted for one in core.resources)


def files(plugin: Plugin, package: Path) -> Iterator[Complaint]:
    """Templates and static files outside the plugin's own folder, and templates that are not there."""
    for kind in FILES:
        for entry in sorted((package / kind).glob("*")):
            if entry.name != plugin.name:
                yield Complaint(
                    f"{kind}/{entry.name}", f"everything below {kind}/{plugin.name}/", "beside it"
                )
    for template in dict.fromkeys(one.template for section in plugin.sections for one in section.resources):
        if template and not (package / "templates" / template).is_file():
            yield Complaint("sections", f"a file templates/{template}", "none")
