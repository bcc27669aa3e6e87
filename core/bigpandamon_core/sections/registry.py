"""Everything that can be shown, put together once at start and frozen."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.urls.resolvers import RoutePattern

from bigpandamon_core.domain.conditions import Condition
from bigpandamon_core.domain.error_rules import RULES, ErrorRule
from bigpandamon_core.domain.fields import Column, Field
from bigpandamon_core.sections.types import Access, NavItem, Panel, Resource, Section

API_PREFIX = "api/v1/"
V1, BY_PARAMETER = "v1-", "-by-parameter"
"""Begin of the name of what tells a resource's data at `/api/v1`; end of one that is at a second address."""
MACHINE = ("health", "metrics", "static", "api", "login", "logout", "who", "account")
"""First parts of addresses that belong to the machine itself."""
_CONVERTER = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Mounted:
    """A resource at its address.

    prefix: of the plugin from whose point of view it is shown, "" for core. own: the plugin's own resource,
    whose name and addresses are complete; those of others get the prefix. scope: conditions by noun that
    every record fulfils there. title, scope_text: the point of view in words. more_fields, more_columns:
    the plugin's, by noun. nouns: those whose pages are shown under the prefix, too. more_needs: families
    of tables beyond the resource's. apps: whose tables of its own it reads. settings: the plugin's
    options as `<plugin>.<key>`. off: why it is switched off, or "".
    """

    resource: Resource
    section: str
    prefix: str = ""
    own: bool = False
    scope: Mapping[str, Condition] = field(default_factory=dict)
    title: str = ""
    scope_text: Mapping[str, str] = field(default_factory=dict)
    more_fields: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    more_columns: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    nouns: frozenset[str] = frozenset()
    error_rules: tuple[ErrorRule, ...] = RULES
    more_needs: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    off: str = ""

    @property
    def name(self) -> str:
        return self.resource.name if self.own else named(self.resource.name, self.prefix)

    @property
    def key(self) -> str:
        """Text that differs wherever a request may be answered differently: name and effective scope."""
        return f"{self.name} {sorted(self.scope.items())}" if self.scope else self.name

    def fields_for(self, personal: bool) -> dict[str, tuple[Field, ...]]:
        """The plugin's fields by noun; personal: those too that only the entitled see."""
        return {
            noun: tuple(field for field in fields if personal or not field.personal)
            for noun, fields in self.more_fields.items()
        }

    def columns_for(self, personal: bool) -> dict[str, tuple[Column, ...]]:
        """The plugin's columns, as fields_for."""
        names = {field.name for fields in self.fields_for(personal).values() for field in fields}
        return {
            noun: tuple(column for column in columns if column.name in names)
            for noun, columns in self.more_columns.items()
        }

    @property
    def needs(self) -> tuple[str, ...]:
        """Families of PanDA tables it cannot do without."""
        return (*self.resource.needs, *self.more_needs)

    @property
    def routes(self) -> tuple[str, ...]:
        """Its addresses, the first the canonical one; below `/api/v1/` the prefix comes after that."""
        return tuple(self._prefixed(path) for path in (self.resource.path, *self.resource.also_at))

    def _prefixed(self, path: str) -> str:
        if self.own or not self.prefix:
            return path
        if path.startswith(API_PREFIX):
            return API_PREFIX + self.prefix + path.removeprefix(API_PREFIX)
        return self.prefix + path


def named(resource: str, prefix: str) -> str:
    """The name of somebody's resource under a prefix."""
    return f"{prefix.strip('/')}-{resource}" if prefix else resource


class RegistryError(ValueError):
    """Declarations that do not fit together: all complaints at once."""


@dataclass(frozen=True)
class MountedPanel:
    """A plugin's panel beside pages of core. off: whether its section is switched off. access: who may see
    it. The rest: as of its own resources."""

    panel: Panel
    prefix: str
    scope: Mapping[str, Condition]
    apps: tuple[str, ...]
    settings: Mapping[str, Any]
    off: bool = False
    access: Access = Access.READ


Panels = Mapping[str, tuple[MountedPanel, ...]]
"""By the noun of the record that they tell of."""


@dataclass(frozen=True)
class Registry:
    """What is shown. mounted: by name. nav: entries in their order. digest: changes with the active plugins,
    their releases and settings; part of every cache key. panels: of plugins, beside pages of core."""

    mounted: Mapping[str, Mounted]
    nav: tuple[NavItem, ...]
    digest: str = ""
    panels: Panels = field(default_factory=dict)

    def at(self, name: str, prefix: str = "") -> Mounted | None:
        """The resource of this name as it is shown under the prefix."""
        return self.mounted.get(named(name, prefix))

    def v1_of(self, page: Mounted) -> Mounted | None:
        """The resource that tells the same at `/api/v1`."""
        return self.at(V1 + page.resource.name.removesuffix(BY_PARAMETER), page.prefix)

    def has_v1(self, page: Mounted) -> bool:
        """Whether a plugin's own page is below `/api/v1`, too, at its own address."""
        twin = self.mounted.get(f"{page.resource.name}-v1")
        return twin is not None and twin.resource.path == API_PREFIX + page.resource.path.rstrip("/")

    @property
    def every_error_rule(self) -> tuple[ErrorRule, ...]:
        """Core's, then what plugins add."""
        added = (rule for one in self.mounted.values() for rule in one.error_rules)
        return tuple(dict.fromkeys((*RULES, *added)))


def build(
    mounted: Iterable[Mounted],
    nav: Iterable[NavItem],
    digest: str = "",
    panels: Panels | None = None,
) -> Registry:
    """Freeze the registry.

    Raises:
        RegistryError: a name or address taken twice, a resource without access or without an answer.
    """
    listed = tuple(mounted)
    complaints = [f"resource {one.name}: {text}" for one, text in complaints_about(listed)]
    if complaints:
        raise RegistryError("\n".join(complaints))
    return Registry(MappingProxyType({one.name: one for one in listed}), tuple(nav), digest, panels or {})


def complaints_about(mounted: Iterable[Mounted]) -> Iterator[tuple[Mounted, str]]:
    """What does not fit, each with the resource that came later or is wrong."""
    before: list[Mounted] = []
    for one in mounted:
        yield from ((one, text) for text in _complaints(one))
        if any(other.name == one.name for other in before):
            yield one, "its name is taken"
        for route in one.routes:
            owner = next((other for other in before if _takes(other, one, route)), None)
            if owner:
                yield one, f"the address /{route} belongs to {owner.name}"
        before.append(one)


def _takes(other: Mounted, one: Mounted, route: str) -> bool:
    """Whether an earlier resource answers at a later one's route; within core or a plugin order decides."""
    if route in other.routes:
        return True
    if other.prefix == one.prefix:
        return False
    sample = _CONVERTER.sub("1", route)
    return any(_covers(taken, sample) for taken in other.routes)


def _covers(route: str, address: str) -> bool:
    """A route, or what it would be without its last slash, fits an address."""
    wanted = {address, address.removesuffix("/")}
    return any(
        RoutePattern(route.removesuffix(end), is_endpoint=True).match(one)
        for end in ("", "/")
        for one in wanted
    )


def _complaints(one: Mounted) -> Iterator[str]:
    if not isinstance(one.resource.access, Access):
        yield f"access must be one of {', '.join(Access)}"
    if not one.resource.formats:
        yield "no format to answer in"
    if "html" in one.resource.formats and not one.resource.template:
        yield "html needs a template"


def of_section(section: Section) -> list[Mounted]:
    """A core section's resources at their own addresses."""
    return [Mounted(resource, section.name) for resource in section.resources]
