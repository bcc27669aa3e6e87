"""How work is sorted: queues of tasks, classes of resources."""

from bigpandamon_core.payloads import records_page, records_table, records_v1
from bigpandamon_core.payloads import work_queues as payloads
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import ON_PAGES, v1_of
from bigpandamon_core.sections.types import Access, Resource, Section

_ROWS = {"csv": records_table.shape, "ndjson": records_table.shape, "text": records_table.short}
WORK_QUEUES = Resource(
    name="workqueues",
    path="workQueues/",
    help="Queues of tasks in the production system.",
    access=Access.READ,
    build=payloads.WorkQueues,
    formats={"html": records_page.shape, "json": payloads.queues_compatible, **_ROWS},
    template="bigpandamon/records.html",
    point="workqueues",
    noun="workqueues",
    parameters=ON_PAGES,
    answer=schemas.array(schemas.OBJECT),
    needs=("workqueues",),
)
RESOURCE_TYPES = Resource(
    name="resourcetypes",
    path="resourcetypes/",
    help="Classes of resources, by cores and memory.",
    access=Access.READ,
    build=payloads.ResourceTypes,
    formats={"html": records_page.shape, "json": payloads.types_compatible, **_ROWS},
    template="bigpandamon/records.html",
    point="workqueues",
    noun="resourcetypes",
    parameters=ON_PAGES,
    answer=schemas.mapping(resource_types=schemas.array(schemas.OBJECT)),
    needs=("resourcetypes",),
)
SECTION = Section(
    "workqueues",
    "Work queues",
    (
        WORK_QUEUES,
        RESOURCE_TYPES,
        v1_of(WORK_QUEUES, records_v1.shape),
        v1_of(RESOURCE_TYPES, records_v1.shape),
    ),
)
