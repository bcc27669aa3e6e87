"""Tasks: what can be asked about them, and what answers."""

from dataclasses import replace

from bigpandamon_core.domain import task_requests
from bigpandamon_core.payloads import (
    records_page,
    records_table,
    records_v1,
    task_compat,
    task_page,
    task_profile,
    task_resources,
    task_v1,
    tasks_compat,
)
from bigpandamon_core.payloads.task import MODES, OneTask, task_or_tasks
from bigpandamon_core.payloads.tasks import Tasks
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import ON_PAGES, v1_alike, v1_of
from bigpandamon_core.sections.types import Access, NavItem, Parameter, Resource, Section

_SELECTING = (
    Parameter("reqid_from", "Lowest request.", "integer"),
    Parameter("reqid_to", "Highest request.", "integer"),
    Parameter("statenotupdated", "In their state, submitted without `status`, for so many hours.", "integer"),
)
MODE = Parameter("mode", "nodrop: superseded attempts of its jobs count, too.", words=MODES)
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
        *ON_PAGES,
        Parameter("sortby", f"Order, one of {', '.join(task_requests.SORTS)}."),
        *_SELECTING,
        Parameter("datasets", "Without effect: datasets are always told."),
        Parameter(
            "extra",
            "For JSON, a comma list: metastruct, metadata of jobs; jobstatecount, jobs by state.",
            words=("metastruct", "jobstatecount"),
        ),
    ),
    answer=schemas.TASKS,
    needs=("jedi",),
    methods=("GET", "HEAD", "POST"),
)
V1_TASKS = v1_of(TASKS, records_v1.shape, (Parameter("sortby", "As of the page."), *_SELECTING))
TASK = Resource(
    name="task",
    path="task/<str:jeditaskid>/",
    also_at=("tasknew/<str:jeditaskid>/",),
    help="One task and everything that belongs to it.",
    access=Access.READ,
    build=OneTask,
    formats={"html": task_page.shape, "json": task_compat.shape, "text": task_page.lines},
    template="bigpandamon/record.html",
    point="task",
    parameters=(Parameter("jeditaskid", "Number of the task.", where="path"), MODE),
    answer=schemas.TASK,
    needs=("jedi", "jobs"),
    methods=("GET", "HEAD", "POST"),
)
TASK_BY_PARAMETER = replace(
    TASK,
    name="task-by-parameter",
    path="task/",
    also_at=("task",),
    help="One task by its number or name; with * in the name the tasks so named.",
    build=task_or_tasks,
    parameters=(
        Parameter("jeditaskid", "Number of the task.", "integer"),
        Parameter("taskname", "Its exact name, or a pattern with *."),
        MODE,
    ),
    answer={"type": ["object", "array"]},
    asks="jeditaskid or taskname",
)
V1_TASK = v1_alike(
    TASK,
    task_v1.shape,
    "tasks/<str:jeditaskid>",
    help="One task with its data sets, attempts, states and relatives.",
    parameters=(Parameter("jeditaskid", "Number of the task.", "integer", "path"),),
    needs=("jedi",),
)
V1_PROFILE = replace(
    V1_TASK,
    name="v1-task-profile",
    path="api/v1/tasks/<str:jeditaskid>/profile",
    help="What the jobs of a task had done up to each of some moments, by attempt of the task.",
    formats={"json": task_profile.shape},
    parameters=(*V1_TASK.parameters, MODE),
    needs=TASK.needs,
)
V1_RESOURCES = replace(
    V1_PROFILE,
    name="v1-task-resources",
    path="api/v1/tasks/<str:jeditaskid>/resources",
    help="What the finished jobs of a task used: memory, CPU efficiency, wall time and I/O, by queue.",
    formats={"json": task_resources.shape},
)
SECTION = Section(
    "tasks",
    "Tasks",
    (TASKS, TASK, TASK_BY_PARAMETER, V1_TASKS, V1_TASK, V1_PROFILE, V1_RESOURCES),
    nav=(NavItem("Tasks", "tasks"),),
)
