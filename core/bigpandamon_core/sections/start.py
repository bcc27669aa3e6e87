"""The start page."""

from bigpandamon_core.payloads import start
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.types import Access, NavItem, Resource, Section

START = Resource(
    name="start",
    path="",
    help="Is the system well: jobs by state and why they fail.",
    access=Access.READ,
    build=start.Start,
    formats={"html": start.shape, "json": start.compatible},
    template="bigpandamon/start.html",
    point="start",
    answer=schemas.OBJECT,
    needs=("jobs",),
)
SECTION = Section("start", "Overview", (START,), nav=(NavItem("Overview", "start"),))
