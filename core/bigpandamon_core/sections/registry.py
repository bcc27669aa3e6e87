"""Everything that can be shown, put together once at start and frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bigpandamon_core.domain.conditions import Condition
from bigpandamon_core.domain.error_rules import RULES, ErrorRule
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.sections.types import Access, NavItem, Resource, Section

API_PREFIX = "api/v1/"


@dataclass(frozen=True)
class Mounted:
    """A resource at its address. prefix: of the plugin that shows it, "" for core. scope: conditions by noun
    that every record fulfils there. off: why it answers nothing, "" if it does."""

    resource: Resource
    section: str
    prefix: str = ""
    scope: Mapping[str, Condition] = field(default_factory=dict)
    more_fields: tuple[Field, ...] = ()
    error_rules: tuple[ErrorRule, ...] = RULES
    off: str = ""

    @property
    def name(self) -> str:
        return f"{self.prefix.strip('/')}-{self.resource.name}" if self.prefix else self.resource.name

    @property
    def routes(self) -> tuple[str, ...]:
        """Its addresses, the first the canonical one; below `/api/v1/` the prefix comes after that."""
        return tuple(self._prefixed(path) for path in (self.resource.path, *self.resource.also_at))

    def _prefixed(self, path: str) -> str:
        if self.prefix and path.startswith(API_PREFIX):
            return API_PREFIX + self.prefix + path.removeprefix(API_PREFIX)
        return self.prefix + path


class RegistryError(ValueError):
    """Declarations that do not fit together: all complaints at once."""


@dataclass(frozen=True)
class Registry:
    """What is shown. mounted: by name. nav: entries in their order, each with the prefix it belongs to."""

    mounted: Mapping[str, Mounted]
    nav: tuple[tuple[str, NavItem], ...]

    def at(self, name: str, prefix: str = "") -> Mounted | None:
        return self.mounted.get(f"{prefix.strip('/')}-{name}" if prefix else name)


def build(mounted: Iterable[Mounted], nav: Iterable[tuple[str, NavItem]]) -> Registry:
    """Freeze the registry.

    Raises:
        RegistryError: a name or address taken twice, a resource without access or without an answer.
    """
    found: dict[str, Mounted] = {}
    taken: dict[str, str] = {}
    complaints = []
    for one in mounted:
        if one.name in found:
            complaints.append(f"resource {one.name} is declared twice")
        found[one.name] = one
        complaints += _complaints(one)
        for route in one.routes:
            if route in taken:
                complaints.append(f"resource {one.name}: the address /{route} belongs to {taken[route]}")
            taken.setdefault(route, one.name)
    if complaints:
        raise RegistryError("\n".join(complaints))
    return Registry(MappingProxyType(found), tuple(nav))


def _complaints(one: Mounted) -> list[str]:
    complaints = []
    if not isinstance(one.resource.access, Access):
        complaints.append(f"resource {one.name}: access must be one of {', '.join(Access)}")
    if not one.resource.formats:
        complaints.append(f"resource {one.name}: no format to answer in")
    if "html" in one.resource.formats and not one.resource.template:
        complaints.append(f"resource {one.name}: html needs a template")
    return complaints


def of_section(section: Section, off: str = "") -> list[Mounted]:
    """A core section's resources at their own addresses."""
    return [Mounted(resource, section.name, off=off) for resource in section.resources]
