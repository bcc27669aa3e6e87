"""Pages that tell the whole system in one look."""

from dataclasses import replace

from bigpandamon_core.payloads import regions_compat, regions_page, world
from bigpandamon_core.payloads.regions import SPLITS, EventServiceRegions, Regions
from bigpandamon_core.payloads.world import World
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.types import Access, NavItem, Parameter, Resource, Section

REGIONS = Resource(
    name="regions",
    path="dash/region/",
    also_at=("dash/", "dash/analysis/", "dash/production/", "new/dash/"),
    help="Jobs by region, site and queue, kind of activity, resource and state.",
    access=Access.READ,
    build=Regions,
    formats={"html": regions_page.shape, "json": regions_compat.shape},
    template="bigpandamon/record.html",
    point="regions",
    noun="jobs",
    parameters=(
        Parameter("splitby", "How the table of regions is split: jobtype or resourcetype.", words=SPLITS),
        Parameter("jobtype", "analy or prod; other words as of /jobs/."),
        Parameter("extra", "links: every count with the address of its jobs.", words=("links",)),
    ),
    answer=schemas.REGIONS,
    needs=("jobs",),
)
EVENT_SERVICE = replace(
    REGIONS,
    name="event-service",
    path="dash/es/",
    also_at=(),
    help="Jobs of the event service by region, site and queue.",
    build=EventServiceRegions,
)
WORLD = Resource(
    name="world",
    path="dash/world/",
    help="Jobs by the site that collects their output and the queue they run on.",
    access=Access.READ,
    build=World,
    formats={"html": world.shape, "json": world.compatible},
    template="bigpandamon/record.html",
    point="world",
    noun="jobs",
    answer=schemas.WORLD,
    needs=("jobs",),
)
SECTION = Section(
    "dashboards", "Dashboards", (REGIONS, EVENT_SERVICE, WORLD), nav=(NavItem("Regions", "regions"),)
)
