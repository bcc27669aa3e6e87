"""Tasks as the request system handed them over to PanDA, by state, and the newest of them."""

from django.db.models import Count, Max

from bigpandamon_atlas.shown import (
    Answer,
    Row,
    address,
    by_name,
    many,
    narrowed,
    narrowing,
    of_core,
    resources,
)
from bigpandamon_atlas.tables import DeftTask
from bigpandamon_core.plugin import (
    Call,
    Column,
    Parameter,
    cell,
    declare,
    dicts,
    state_cell,
    table,
    task_group,
)

READ = (
    "taskid", "parent_tid", "status", "submit_time", "start_time", "timestamp", "vo", "prodsourcelabel",
    "taskname", "username", "priority", "current_priority", "total_req_jobs", "total_done_jobs",
    "total_events",
)  # fmt: skip
BY = ("status", "tasks", "newest")
MOST = 500
STATES = (
    Column("status", "State", "state"),
    Column("tasks", "Tasks", "number"),
    Column("newest", "Handed in last", "time"),
)
COLUMNS = (
    Column("taskid", "Task", "mono"),
    Column("status", "State", "state"),
    Column("taskname", "Name", "mono"),
    Column("username", "Owner", "text"),
    Column("prodsourcelabel", "Source label"),
    Column("current_priority", "Priority", "number"),
    Column("total_done_jobs", "Jobs done", "number"),
    Column("total_req_jobs", "of jobs", "number"),
    Column("submit_time", "Handed in", "time"),
    Column("timestamp", "Changed", "time"),
)


def _states() -> list[Row]:
    grouped = DeftTask.objects.values("status").annotate(tasks=Count("taskid"), newest=Max("submit_time"))
    return dicts(BY_STATE, grouped.order_by()[: BY_STATE.cap], BY)


def _tasks(limit: int, **wanted: str) -> list[Row]:
    """The newest first."""
    return dicts(TASKS, DeftTask.objects.filter(**wanted).order_by("-taskid")[:limit], READ)


BY_STATE = declare("atlas.submission_states", "Submissions by state.", cap=100, example=_states)
TASKS = declare(
    "atlas.submissions",
    "Submissions, newest first.",
    binds=("state",),
    cap=MOST,
    example=lambda: _tasks(10, status="waiting"),
)


def submissions(call: Call) -> Answer:
    """Raises Problem for a limit that is none."""
    limit, wanted = call.number("limit", 100, MOST), narrowing(call, "status")
    states = by_name(_states(), "status")
    found = [call.privacy.row(row) for row in _tasks(limit, **wanted)]
    by_state = [_cells(row, "tasks", address(call.url, status=row["status"])) for row in states]
    newest = [_cells(row, "taskid", of_core(call, f"task/{row['taskid']}/")) for row in found]
    total = sum(row["tasks"] for row in states)
    return Answer(
        call,
        "Submissions",
        f"{many(total, 'task')} handed over by the request system",
        {"states": states, "tasks": found},
        [
            table("states", "By state", STATES, by_state, empty="None was handed over."),
            table("tasks", "Newest", COLUMNS, newest, empty="No task is like this."),
        ],
        choices=narrowed(wanted),
        choices_of="Tasks",
    )


def _cells(row: Row, name: str, link: str) -> Row:
    """A row whose state has its colour, and of which one column is a link."""
    state = state_cell(row["status"], task_group(row["status"] or ""))
    kind = "number" if name == "tasks" else "mono"
    return row | {"status": state, name: cell(kind, row[name], link)}


SUBMISSIONS_PAGE = resources(
    "submissions",
    "submissions/",
    "Tasks as the request system handed them over, by state and the newest.",
    submissions,
    needs=("deft",),
    parameters=(
        Parameter("status", "State of tasks there."),
        Parameter("limit", f"Most tasks, up to {MOST}.", "count"),
    ),
)
