"""The search box."""

from bigpandamon_core.payloads import find
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.types import Access, Parameter, Resource, Section

FIND = Resource(
    name="find",
    path="find/",
    also_at=("search/",),
    help="What a text may mean: a job, a task, a queue, a user, an error.",
    access=Access.READ,
    build=find.Finding,
    formats={"html": find.shape, "json": find.compatible},
    template="bigpandamon/find.html",
    parameters=(Parameter("q", "The text."),),
    answer=schemas.array(schemas.OBJECT),
    needs=("jobs",),
    asks="q",
)
SECTION = Section("find", "Find", (FIND,))
