"""One workflow: its labels in order, and what failed and whether that is tolerated."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.plugin import (
    Access,
    Call,
    Cell,
    Column,
    Parameter,
    Resource,
    cell,
    fact,
    fact_groups,
    graph,
    state_cell,
    table,
    task_group,
)
from bigpandamon_lsst.compatible import percent
from bigpandamon_lsst.lists import REPORTED, cells_of
from bigpandamon_lsst.models import Reported
from bigpandamon_lsst.overview import (
    COUNTERS,
    GROUPS,
    tasks_url,
    verdict_cell,
    without_service,
    workflow_url,
)
from bigpandamon_lsst.reading import judge, one, with_requests
from bigpandamon_lsst.tolerance import Judged
from bigpandamon_lsst.workflows import BY_DATASETS, Label, Workflow, edges

MODES = ("drop", "nodrop")
MOST_LINKED = 200
"""Jobs that a link names."""
MOST_REPORTS, MOST_TASKS = 200, 5_000
LABELS = (
    Column("order", "Order", "number"),
    Column("label", "Label", "text"),
    Column("tasks", "Tasks", "text"),
    *(Column(name, name.capitalize() if name != "total" else "Files", "number") for name in COUNTERS),
    Column("done", "Done", "percent"),
    Column("after", "After", "text"),
    Column("jobs", "Jobs", "text"),
)
FAILURES = (
    Column("verdict", "Verdict", "state"),
    Column("label", "Label", "text"),
    Column("error", "Error", "mono"),
    Column("count", "Jobs", "number"),
    Column("total", "Of", "number"),
    Column("known", "Known as", "text"),
    Column("reason", "Because", "text"),
    Column("tickets", "Tickets", "text"),
    Column("said", "Said", "error"),
)


class Detail:
    """A workflow by the name of its run.

    Raises:
        Problem: 404 where no task of the scope has such a name, 400 for a mode that is none.
    """

    def __init__(self, call: Call):
        self.call = call
        self.mode = call.chosen("mode", MODES, "drop")
        found = with_requests(call, one(call, call.path["run"]))
        self.notes = without_service(found)
        [self.workflow] = found.workflows
        self.truncated, self.lacking = found.truncated, found.lacking
        judgement = judge(call, [self.workflow], self.mode)
        self.failures = judgement.by_run.get(self.workflow.run, [])
        self.verdict = judgement.verdict(self.workflow.run)
        self.lacking += [note for note in judgement.lacking if note not in self.lacking]
        if judgement.truncated:
            self.truncated = f"{judgement.truncated}; so there is no verdict"


def page(detail: Detail) -> dict[str, Any]:
    call, workflow = detail.call, detail.workflow
    known = verdict_cell(detail.verdict, workflow.is_over)
    return {
        "title": workflow.run,
        "heading": workflow.told.payload if workflow.told else workflow.run,
        "name": workflow.run,
        "state": {"state": known["state"], "group": known["group"]},
        "notes": [*detail.notes, *detail.lacking],
        "truncated": detail.truncated,
        "choices": [_choice(call, mode, detail.mode) for mode in MODES],
        "choices_of": "Attempts",
        "facts": _facts(call, workflow),
        "graph": _graph(call, workflow),
        "tables": [
            _labels(call, workflow),
            table(
                "failures",
                "What failed",
                FAILURES,
                [_failure(call, one) for one in detail.failures],
                sub="against the table of tolerated failures",
                empty="No job failed.",
                more="attempts by memory",
                more_url=workflow_url(call, workflow, "retries"),
            ),
            *_reports(call, workflow),
        ],
        "source": "rebuilt from tasks, data sets and jobs of the PanDA database",
    }


def _choice(call: Call, mode: str, current: str) -> dict[str, Any]:
    text = {"drop": "last attempts only", "nodrop": "with superseded attempts"}[mode]
    return {"text": text, "url": f"{call.url}?mode={mode}", "current": mode == current}


def _facts(call: Call, workflow: Workflow) -> list[dict[str, Any]]:
    told, files = workflow.told, workflow.files
    states = ", ".join(f"{count} {state}" for state, count in sorted(workflow.states.items()))
    request = workflow.request
    run = [
        fact("Request", f"{request.number}, {request.status}" if request else ""),
        fact("Operator", told.operator if told and not call.privacy.hides_names else ""),
        fact("Submitted", f"{told.submitted:%d %b %Y %H:%M} UTC" if told else ""),
        fact("User", workflow.first("username")),
        fact("Site", workflow.first("site")),
        fact("Cloud", workflow.first("cloud")),
        fact("Campaign", workflow.first("campaign")),
        fact("Tasks", states),
        fact("Data ids", "search inside", f"{call.root}data/?{urlencode({'run': _search(call, workflow)})}"),
    ]
    counted = [
        fact(name.capitalize(), f"{getattr(files, name):,}", bad=name == "failed" and files.failed > 0)
        for name in ("total", "released", *COUNTERS[1:])
    ]
    return fact_groups({"Run": run, "Files": counted})


def _search(call: Call, workflow: Workflow) -> str:
    """How the search knows the workflow: by its name, or by a task where that is hidden."""
    return str(workflow.tasks[0].number) if call.privacy.hides_names else workflow.run


def _labels(call: Call, workflow: Workflow) -> dict[str, Any]:
    pairs, how = edges(workflow.labels)
    rows = [_label(call, place, one, pairs) for place, one in enumerate(workflow.labels, 1)]
    return table("labels", "Labels", LABELS, rows, sub=how)


def _graph(call: Call, workflow: Workflow) -> dict[str, Any] | None:
    """Labels in the colour of the task that needs somebody most, where data sets tell their order."""
    pairs, how = edges(workflow.labels)
    if how != BY_DATASETS:
        return None
    nodes = [
        {
            "name": one.name,
            "note": f"{one.files.finished:,} of {one.files.total:,}, {one.worst}",
            "group": task_group(one.worst),
            "url": tasks_url(call, [task.number for task in one.tasks]),
        }
        for one in workflow.labels
    ]
    return graph("Graph of labels", nodes, pairs, sub=how)


def _label(call: Call, place: int, one: Label, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    numbers, files = [task.number for task in one.tasks], one.files
    states = ", ".join(f"{count} {state}" for state, count in sorted(one.states.items()))
    return {
        "order": place,
        "label": one.name,
        "tasks": cell("text", states, tasks_url(call, numbers)),
        **{name: getattr(files, name) for name in COUNTERS},
        "done": percent(files.finished, files),
        "after": ", ".join(before for before, after in pairs if after == one.name),
        "jobs": cell("text", "jobs", f"{call.root}jobs/?{urlencode(_jobs_of(numbers))}"),
    }


def _jobs_of(numbers: list[int]) -> dict[str, str]:
    return {"jeditaskid": "|".join(map(str, numbers)), "mode": "nodrop"}


def _failure(call: Call, one: Judged) -> dict[str, Any]:
    known = one.pattern
    mark = " (resolved, and back)" if one.returned else ""
    return {
        "verdict": state_cell(one.verdict, GROUPS[one.verdict]),
        "label": one.label,
        "error": f"{one.component}:{one.code}" if one.component else "",
        "count": _linked(call, one),
        "total": one.total,
        "known": f"{known.name}{mark}" if known else "",
        "reason": one.reason,
        "tickets": known.tickets if known else "",
        "said": one.example,
    }


def _linked(call: Call, one: Judged) -> Cell:
    """The very jobs, where they are few enough to be named."""
    numbers = ",".join(map(str, one.pandaids))
    is_short = one.count <= MOST_LINKED
    return cell(
        "number", one.count, f"{call.root}jobs/?{urlencode({'pandaid': numbers})}" if is_short else ""
    )


def _reports(call: Call, workflow: Workflow) -> Iterator[dict[str, Any]]:
    numbers = [task.number for task in workflow.tasks]
    known = Reported.objects.filter(jeditaskid__in=numbers[:MOST_TASKS]).order_by("pk")
    rows = [cells_of(call, REPORTED, row) for row in known[: MOST_REPORTS + 1]]
    if rows:
        cut = f"the first {MOST_REPORTS}" if len(rows) > MOST_REPORTS else ""
        yield table("reported", "Written down by operators", REPORTED, rows[:MOST_REPORTS], sub=cut)


def plain(detail: Detail) -> dict[str, Any]:
    """The same as JSON."""
    workflow = detail.workflow
    request = workflow.request
    pairs, how = edges(workflow.labels)
    return {
        "run": workflow.run,
        "verdict": detail.verdict or None,
        "mode": detail.mode,
        "request_id": request.number if request else None,
        "request_status": request.status if request else None,
        "tasks": {task.number: task.row["taskname"] for task in workflow.tasks},
        "files": {name: getattr(workflow.files, name) for name in COUNTERS},
        "labels": [_plain_label(one) for one in workflow.labels],
        "edges": pairs,
        "edges_known": how,
        "failures": [_plain_failure(one) for one in detail.failures],
        "truncated": detail.truncated,
    }


def _plain_label(one: Label) -> dict[str, Any]:
    files = {name: getattr(one.files, name) for name in COUNTERS}
    return {
        "label": one.name,
        "tasks": [task.number for task in one.tasks],
        "states": dict(one.states),
        **files,
    }


def _plain_failure(one: Judged) -> dict[str, Any]:
    return {
        "component": one.component,
        "code": one.code,
        "label": one.label,
        "count": one.count,
        "of": one.total,
        "known_as": one.pattern.name if one.pattern else None,
        "returned": one.returned,
        "verdict": one.verdict,
        "reason": one.reason,
        "pandaids": one.pandaids[:MOST_LINKED],
    }


WORKFLOW = Resource(
    name="lsst-workflow",
    path="lsst/workflow/<str:run>/",
    help="One workflow: labels, files, and what failed against the table of tolerated failures.",
    access=Access.READ,
    build=Detail,
    formats={"html": page, "json": plain},
    template="lsst/record.html",
    point="lsst-workflow",
    parameters=(
        Parameter("run", "Name of the run, or the number of a task of it.", where="path"),
        Parameter("mode", "nodrop: failures that a retry replaced count, too.", words=MODES),
    ),
    answer={"type": "object"},
    needs=("jedi", "jobs"),
)
