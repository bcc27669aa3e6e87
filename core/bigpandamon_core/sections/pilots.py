"""Pilots: what took jobs lately, and what waits to."""

from bigpandamon_core.payloads import pilots, pilots_page
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import v1_alike
from bigpandamon_core.sections.types import Access, NavItem, Resource, Section

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
V1_PILOTS = v1_alike(PILOTS, pilots.data, "pilots", answer=PILOTS.answer)
SECTION = Section("pilots", "Pilots", (PILOTS, V1_PILOTS), nav=(NavItem("Pilots", "pilots"),))
