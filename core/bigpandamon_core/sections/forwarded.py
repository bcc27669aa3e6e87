"""Sections that show the previous monitor's pages, as the configuration declares them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bigpandamon_core.payloads import forwarded
from bigpandamon_core.sections.registry import Mounted
from bigpandamon_core.sections.types import Access, Family, NavItem, Parameter, Resource, Section

POINT = "forwarded"
ANYTHING: Mapping[str, Any] = {}
NO_API = "This section is shown from the previous monitor, which has no /api/v1."


def section(name: str, prefixes: Iterable[str]) -> Section:
    """One that this monitor does not have. prefixes: beginnings of its addresses, slashes at both ends."""
    title = name.replace("-", " ").replace("_", " ")
    title = title[:1].upper() + title[1:]
    first, *others = [prefix.removeprefix("/") for prefix in prefixes]
    resource = _shown(
        Resource(
            name=f"forwarded-{name}",
            path=first,
            also_at=(*others, *(f"{prefix}<path:rest>" for prefix in (first, *others))),
            help=f"{title}, from the previous monitor.",
            access=Access.READ,
            build=forwarded.Forwarded,
            formats={},
            parameters=(Parameter("rest", "The rest of the address there.", where="path"),),
        ),
        title,
    )
    return Section(name, title, (resource,), nav=(NavItem(title, resource.name),))


def instead(mounted: Mounted, title: str) -> Mounted:
    """The previous monitor's page at the addresses of a resource of ours. title: of its section."""
    resource = mounted.resource
    if resource.family is Family.V1:
        return replace(mounted, off=mounted.off or NO_API)
    return replace(mounted, resource=_shown(resource, title), more_needs=())


def _shown(resource: Resource, title: str) -> Resource:
    return replace(
        resource,
        build=partial(forwarded.Forwarded, title=title),
        formats={"html": forwarded.shape, "json": forwarded.document},
        template="bigpandamon/forwarded.html",
        point=POINT,
        noun="",
        methods=("GET", "HEAD"),
        answer=ANYTHING,
        needs=(),
    )
