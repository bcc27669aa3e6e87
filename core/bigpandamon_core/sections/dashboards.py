"""Pages that tell the whole system in one look."""

from bigpandamon_core.payloads import regions_compat, regions_page
from bigpandamon_core.payloads.regions import Regions
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
        Parameter("splitby", "How the table of regions is split: jobtype or resourcetype."),
        Parameter("jobtype", "analy or prod; other words as of /jobs/."),
        Parameter("extra", "links: every count with the address of its jobs."),
    ),
    answer=schemas.REGIONS,
    needs=("jobs",),
)
SECTION = Section("dashboards", "Dashboards", (REGIONS,), nav=(NavItem("Regions", "regions"),))
