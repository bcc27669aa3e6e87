"""Production requests: their tasks counted by request, campaign, step and tag; one request; one task."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from bigpandamon_atlas.models import ProductionTask
from bigpandamon_atlas.production import FINAL, GROUPS, estimate
from bigpandamon_atlas.shown import (
    Answer,
    Row,
    address,
    by_name,
    in_path,
    many,
    narrowed,
    narrowing,
    of_core,
    percent_told,
    resources,
    share,
)
from bigpandamon_core.plugin import (
    Call,
    Cell,
    Column,
    Parameter,
    cell,
    fact,
    fact_groups,
    not_found,
    state_cell,
    table,
)

CONDITIONS = {
    "campaign": "Campaign", "step": "Step", "tag": "Tag", "project": "Project", "group": "Physics group",
    "status": "State",
}  # fmt: skip
SPLITS = ("campaign", "step", "tag")
MOST = 1000
COUNTED = {
    "tasks": Count("taskid"),
    "ended": Count("taskid", filter=Q(status__in=FINAL)),
    "events_asked": Sum("requested"),
    "events_done": Sum("done", filter=Q(requested__gt=0)),
    "events_produced": Sum("produced"),
}
PROGRESS = (
    Column("tasks", "Tasks", "number"),
    Column("ended", "Ended", "number"),
    Column("events_asked", "Events asked", "number"),
    Column("events_done", "Events done", "number"),
    Column("percent", "Done", "percent"),
)
REQUESTS = (
    Column("request", "Request", "mono"),
    Column("description", "Description", "text"),
    *PROGRESS,
    Column("campaign", "Campaign", "text"),
    Column("started", "Started", "time"),
    Column("seen", "Told last", "time"),
)
TASKS = (
    Column("taskid", "Task", "mono"),
    Column("status", "State", "state"),
    Column("step", "Step", "text"),
    Column("tag", "Tag", "text"),
    Column("requested", "Events asked", "number"),
    Column("done", "Events done", "number"),
    Column("percent", "Done", "percent"),
    Column("started", "Started", "time"),
    Column("ended", "Ended", "time"),
    Column("name", "Name", "mono"),
)
LISTED = ("request", "description", *COUNTED, "percent", "campaign", "started", "seen")
OUTPUTS = (Column("name", "Data set", "mono"), Column("deleted", "Deleted"))
CHAIN = (Column("task", "Task", "mono"),)
HANDED_IN = "Those that were handed in are listed at /atlas/requests/."
OWN = "handed in from files of the production system"


def _progress(row: Row) -> Row:
    """Events of tasks that say how many are asked for."""
    return row | {"percent": share(row["events_done"], row["events_asked"])}


def requests(call: Call) -> Answer:
    """Raises Problem for a limit that is none."""
    limit, wanted = call.number("limit", 200, MOST), narrowing(call, *CONDITIONS)
    tasks = ProductionTask.objects.filter(**wanted)
    times = {"started": Min("started"), "seen": Max("seen")}
    texts = {"description": Max("description"), "campaign": Max("campaign")}
    grouped = tasks.values("request").annotate(**COUNTED, **times, **texts).order_by("-request")
    rows = [_progress(row) for row in grouped[: limit + 1]]
    more, rows = len(rows) > limit, rows[:limit]
    splits = {name: _split(tasks, name) for name in (*SPLITS, "status")}
    total = sum(row["tasks"] for row in splits["status"])
    names = [cell("mono", row["request"], f"{call.root}request/{row['request']}/") for row in rows]
    shown = [row | {"request": name} for row, name in zip(rows, names, strict=True)]
    return Answer(
        call,
        "Production requests",
        f"{many(total, 'task')} of {many(len(rows), 'request')}{' and more' if more else ''}",
        {"requests": rows, "truncated": more, **{f"by_{name}": found for name, found in splits.items()}},
        [
            table("requests", "Requests", REQUESTS, shown, sub=f"the {limit} newest" if more else "",
                  empty="No task is like this, or none was handed in (bigpandamon import atlas-tasks FILE)."),
            *(_split_table(call, name, splits[name], wanted) for name in ("status", *SPLITS)),
        ],
        choices=narrowed(wanted),
        choices_of="Tasks",
        source=OWN,
        listed=("requests", LISTED),
    )  # fmt: skip


def _split(tasks: Any, name: str) -> list[Row]:
    return [_progress(row) for row in tasks.values(name).annotate(**COUNTED).order_by(name)]


def _split_table(call: Call, name: str, rows: Iterable[Row], wanted: Mapping[str, str]) -> Row:
    """Numbers lead to the requests with such tasks."""
    shown = [
        row
        | {"tasks": cell("number", row["tasks"], address(call.url, **{**wanted, name: row[name]}))}
        | ({"status": _state(row["status"])} if name == "status" else {})
        for row in rows
    ]
    kind = "state" if name == "status" else "text"
    title = f"By {CONDITIONS[name].lower()}"
    return table(f"by-{name}", title, (Column(name, CONDITIONS[name], kind), *PROGRESS), shown)


def _state(status: str) -> Cell:
    return state_cell(status, GROUPS.get(status, "waiting"))


def request(call: Call) -> Answer:
    """Raises Problem where no task of that request is known."""
    number = call.path["reqid"]
    found = ProductionTask.objects.filter(request=number).order_by("taskid").values(*READ)
    rows = [call.privacy.row(row) for row in found]
    if not rows:
        raise not_found(f"No task of request {number} is known here.", HANDED_IN)
    eta = estimate(rows)
    until = [f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in eta] if isinstance(eta, tuple) else None
    splits = {name: _summed(rows, name) for name in SPLITS}
    total = _summed(rows, "request")[0]
    states = Counter(row["status"] for row in rows)
    told = {"request": int(number), "total": total, "states": dict(states), "eta": until,
            "eta_told": "" if until else eta, "tasks": rows}  # fmt: skip
    return Answer(
        call,
        f"Request {number}",
        f"Request {number}: {total['ended']:,} of {total['tasks']:,} tasks ended",
        told | {f"by_{name}": found for name, found in splits.items()},
        [
            *(
                table(f"by-{name}", f"By {name}", (Column(name, CONDITIONS[name]), *PROGRESS), found)
                for name, found in splits.items()
            ),
            table("tasks", "Tasks", TASKS, [_task(call, row) for row in rows]),
        ],
        fact_groups({"Request": _facts(rows, total, eta)}),
        source=OWN,
    )


READ = (
    "taskid", "request", "name", "status", "step", "tag", "campaign", "subcampaign", "project", "group",
    "description", "requested", "done", "produced", "hs06", "started", "ended", "seen",
)  # fmt: skip


def _facts(rows: list[Row], total: Row, eta: Any) -> list[Row]:
    seen = max((row["seen"] for row in rows if row["seen"]), default=None)
    is_told = isinstance(eta, tuple)
    ending = f"{eta[0]:%d %b %Y %H:%M} to {eta[1]:%d %b %Y %H:%M} UTC" if is_told else eta
    how = "from the pace so far and from like tasks that ended" if is_told else ""
    return [
        fact("Description", " · ".join(sorted({row["description"] for row in rows} - {""}))),
        fact("Campaign", ", ".join(sorted({row["campaign"] for row in rows} - {""}))),
        fact("Physics group", ", ".join(sorted({row["group"] for row in rows} - {""}))),
        fact("Events done", percent_told(total["percent"]), note="of those asked for"),
        fact("Expected end", ending, note=how),
        fact("Told last", f"{seen:%d %b %Y %H:%M} UTC" if seen else ""),
    ]


def _summed(rows: list[Row], name: str) -> list[Row]:
    """Progress by the values of a column, in their order."""
    found: dict[Any, Row] = {}
    for row in rows:
        told = found.setdefault(row[name], {name: row[name], **dict.fromkeys(COUNTED, 0)})
        told["tasks"] += 1
        told["ended"] += row["status"] in FINAL
        told["events_asked"] += row["requested"] or 0
        told["events_done"] += (row["done"] or 0) if row["requested"] else 0
        told["events_produced"] += row["produced"] or 0
    return [_progress(row) for row in by_name(found.values(), name)]


def _task(call: Call, row: Row) -> Row:
    link = f"{call.root}prodtask/{row['taskid']}/"
    return row | {
        "taskid": cell("mono", row["taskid"], link),
        "status": _state(row["status"]),
        "percent": share(row["done"], row["requested"]),
    }


PEOPLE = frozenset({"owner", "manager"})


def task(call: Call) -> Answer:
    """All that is known of one task. Raises Problem if it is not."""
    found = ProductionTask.objects.filter(pk=call.path["taskid"]).values().first()
    if found is None:
        raise not_found(f"No task {call.path['taskid']} was handed in.", HANDED_IN)
    record = json.loads(found.pop("record"))
    user = record["username"] = record.pop("user_name", None)
    people = {name: call.privacy.name(record[name]) for name in PEOPLE & record.keys()}
    record, found = call.privacy.row(record) | people, call.privacy.row(found | {"username": user})
    del found["username"]
    told = record.pop("output_dataset", None)
    outputs = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    chain = [part.partition(":")[0] for part in str(record.get("chain_data") or "").split(",")]
    numbers = [int(part) for part in chain if part.isdecimal() and len(part) < 19]
    before = [number for number in numbers if number != found["taskid"]]
    fields = {name: value for name, value in sorted(record.items()) if value not in (None, "")}
    return Answer(
        call,
        f"Production task {found['taskid']}",
        f"Production task {found['taskid']}",
        {**found, "record": record, "outputs": outputs, "chain": before},
        [
            table("outputs", "Output data sets", OUTPUTS, outputs, empty="None is told."),
            table("chain", "Made from the tasks", CHAIN, _chain(call, before), empty="None is told."),
        ],
        fact_groups({
            "Task": [
                fact("Name", found["name"]),
                fact("State", found["status"]),
                fact("Campaign", found["campaign"], note=found["subcampaign"]),
                fact("Step and tag", f"{found['step']} {found['tag']}".strip()),
                fact("Events done", found["done"], note=f"of {found['requested'] or 'unknown'}"),
                fact("Request", found["request"], f"{call.root}request/{found['request']}/"),
                fact("In PanDA", found["taskid"], of_core(call, f"task/{found['taskid']}/")),
            ],
        }),
        fields=fields,
        source=OWN,
    )  # fmt: skip


def _chain(call: Call, before: list[int]) -> list[Row]:
    """Tasks of which something is known lead there."""
    known = set(ProductionTask.objects.filter(pk__in=before[:200]).values_list("pk", flat=True))
    return [
        {"task": cell("mono", one, f"{call.root}prodtask/{one}/" if one in known else "")} for one in before
    ]


REQUESTS_PAGE = resources(
    "requests",
    "requests/",
    "Production requests: how far they are, by campaign, step and tag.",
    requests,
    has_list=True,
    parameters=(
        *(Parameter(name, f"{title} of tasks.") for name, title in CONDITIONS.items()),
        Parameter("limit", f"Most requests, up to {MOST}.", "count"),
    ),
)
REQUEST_PAGE = resources(
    "request",
    "request/<int:reqid>/",
    "One production request: its tasks, progress and when it may end.",
    request,
    parameters=(in_path("reqid", "Number of the request."),),
)
TASK_PAGE = resources(
    "prodtask",
    "prodtask/<int:taskid>/",
    "All that the production system told of one task.",
    task,
    parameters=(in_path("taskid", "Number of the task."),),
)
