"""Tasks: what can be asked about them, and what answers."""

from bigpandamon_core.domain import task_requests
from bigpandamon_core.payloads import records_page, records_table, records_v1, tasks_compat
from bigpandamon_core.payloads.tasks import Tasks
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import STEERING, v1_of
from bigpandamon_core.sections.types import Access, NavItem, Parameter, Resource, Section

_SELECTING = (
    Parameter("reqid_from", "Lowest request.", "integer"),
    Parameter("reqid_to", "Highest request.", "integer"),
    Parameter("statenotupdated", "In their state, submitted without `status`, for so many hours.", "integer"),
)
TASKS = Resource(
    name="tasks",
    path="tasks/",
    help="Tasks of a selection: how many in which state, how far each has come.",
    access=Access.READ,
    build=Tasks,
    formats={
        "html": records_page.shape,
        "json": tasks_compat.shape,
        "csv": records_table.shape,
        "ndjson": records_table.shape,
        "text": records_table.short,
    },
    template="bigpandamon/records.html",
    point="tasks",
    noun="tasks",
    parameters=(
        *STEERING,
        Parameter("sortby", f"Order, one of {', '.join(task_requests.SORTS)}."),
        *_SELECTING,
        Parameter("datasets", "Without effect: datasets are always told."),
        Parameter("extra", "metastruct: metadata of jobs; jobstatecount: jobs by state. A comma list."),
    ),
    answer=schemas.TASKS,
    needs=("jedi",),
    methods=("GET", "HEAD", "POST"),
)
V1_TASKS = v1_of(TASKS, records_v1.shape, (Parameter("sortby", "As of the page."), *_SELECTING))
SECTION = Section("tasks", "Tasks", (TASKS, V1_TASKS), nav=(NavItem("Tasks", "tasks"),))
