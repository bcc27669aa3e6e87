"""Pilots: what took jobs lately, and what waits to."""

from dataclasses import replace

from bigpandamon_core.payloads import pilots, pilots_page
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.registry import API_PREFIX
from bigpandamon_core.sections.types import Access, Family, NavItem, Resource, Section

PILOTS = Resource(
    name="pilots",
    path="harvester/pilots/",
    help="Jobs that pilots took: by version, region, queue, service and gateway, and the workers that wait.",
    access=Access.READ,
    build=pilots.Pilots,
    formats={"html": pilots_page.shape, "json": pilots.data},
    template="bigpandamon/record.html",
    point="nodes",
    noun="jobs",
    answer=schemas.envelope(schemas.OBJECT),
    needs=("jobs",),
)
V1_PILOTS = replace(
    PILOTS,
    name="v1-pilots",
    path=f"{API_PREFIX}pilots",
    formats={"json": pilots.data},
    template="",
    family=Family.V1,
)
SECTION = Section("pilots", "Pilots", (PILOTS, V1_PILOTS), nav=(NavItem("Pilots", "pilots"),))
