"""`/task/<jeditaskid>/` as a page: how far it is, why its jobs fail, what happened to it."""

from json import dumps
from typing import Any

from bigpandamon_core.domain import tasks as rules
from bigpandamon_core.domain.datasets import dataset_group, without_scope
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.payloads import (
    jobs_errors,
    records_page,
    records_table,
    task_events,
    task_facts,
    task_jobs,
    task_profile,
    task_resources,
)
from bigpandamon_core.payloads.call import Table
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.datasets import dataset_url, done, files_url, jobs_url
from bigpandamon_core.payloads.jobs_page import states
from bigpandamon_core.payloads.tables import all_fields, state_cell, table
from bigpandamon_core.payloads.task import OneTask
from bigpandamon_core.payloads.tasks import Tasks
from bigpandamon_core.summaries import life
from bigpandamon_core.summaries.task_jobs import TaskJobs

_DATASETS = (
    Column("name", "Data set", "text"),
    Column("type", "Type", "text"),
    Column("status", "State", "state"),
    Column("nfiles", "Files", "number"),
    Column("nfilesfinished", "Finished", "number"),
    Column("nfilesfailed", "Failed", "number"),
    Column("nfilesonhold", "On hold", "number"),
    Column("done", "Done", "percent"),
    Column("nevents", "Events", "number"),
    Column("neventsused", "Used", "number"),
    Column("storage", "Stored at", "text"),
    Column("jobs", "Jobs", "text"),
)
_ATTEMPTS = (
    Column("attemptnr", "Attempt", "number"),
    Column("starttime", "From", "time"),
    Column("startstatus", "State then", "text"),
    Column("endtime", "To", "time"),
    Column("endstatus", "State then", "text"),
)
_RELATIVES = (
    Column("kin", "Is its", "text"),
    Column("jeditaskid", "Task", "mono"),
    Column("taskname", "Name", "text"),
    Column("status", "State", "state"),
    Column("modificationtime", "Modified", "time"),
)


def shape(task: OneTask | Tasks) -> dict[str, Any]:
    """The context of the page; the list where a pattern of names was asked for."""
    if isinstance(task, Tasks):
        return records_page.shape(task) | {"location": _list_url(task)}
    row, jobs = task.row, task.jobs
    found = jobs.summed
    return {
        "title": f"Task {task.jeditaskid}",
        "heading": f"Task {task.jeditaskid}",
        "name": row["taskname"],
        "window": None,
        "state": {"state": row["status"], "group": rules.task_group(row["status"] or "")},
        "said": _said(row),
        "counted": {"drop": "Jobs, last attempts only", "nodrop": "Jobs"}[task.mode],
        "states": states(jobs),
        "failing": failing_percent(jobs.tally.failed, jobs.tally.finished),
        "trend": task_jobs.over_time(task, found),
        "life": _life(task),
        "stacks": [one for one in (task_profile.card(task), task_resources.card(task)) if one],
        "facts": task_facts.facts(task, task_jobs.rest(task, found)),
        **jobs_errors.shown(jobs),
        "tables": [one for one in (*_tables(task, found), *task_events.tables(task)) if one["rows"]],
        "texts": _texts(task),
        "fields": all_fields(row),
        "truncated": jobs.truncated or jobs.cut or task.ranges_cut,
        "ignored": task.ignored,
        "notes": [*task.lacking, *jobs.lacking],
        "source": jobs.source.told,
        "links": _links(task),
    }


def _list_url(tasks: Tasks) -> str:
    return f"{tasks.call.root}tasks/?{tasks.selection.query()}"


def _said(row: dict[str, Any]) -> list[dict[str, str]]:
    said = str(row["errordialog"] or "")
    return [{"title": "What the system said last", "text": said}] if said else []


def _tables(task: OneTask, found: TaskJobs) -> list[dict[str, Any]]:
    other = {"drop": "nodrop", "nodrop": "drop"}[task.mode]
    url = f"{task.call.root}task/{task.jeditaskid}/?mode={other}"
    told = {"drop": "last attempts only", "nodrop": "with superseded attempts"}
    return [
        task_jobs.kinds(found, sub=told[task.mode], more=told[other], more_url=url),
        table("datasets", "Data sets", _DATASETS, [_dataset(task, row) for row in task.datasets]),
        task_jobs.used(task, found),
        task_jobs.scouts(task, found),
        table("attempts", "Attempts", _ATTEMPTS, task.attempts, sub="each from a start or a retry on"),
        table("chain", "Chain", _RELATIVES, [_relative(task, row) for row in task.relatives]),
    ]


def _dataset(task: OneTask, row: dict[str, Any]) -> dict[str, Any]:
    name = str(row["datasetname"] or "")
    return row | {
        "name": cell("text", without_scope(name), dataset_url(task.call, row)),
        "status": state_cell(row["status"], dataset_group(row["status"] or "")),
        "nfiles": cell("number", row["nfiles"], files_url(task.call, row)),
        "jobs": cell("text", "jobs", jobs_url(task.call, row)),
        "done": done(row),
        "storage": ", ".join(task.storage.get(row["datasetid"], [])),
    }


def _life(task: OneTask) -> list[dict[str, Any]]:
    changes = [(row["status"], row["modificationtime"]) for row in task.states]
    reasons = {(row["status"], row["modificationtime"]): row["reason"] for row in task.states}
    return [
        {
            "state": stage.state,
            "group": rules.task_group(stage.state),
            "begin": stage.begin,
            "end": stage.end,
            "seconds": stage.seconds,
            "final": stage.final,
            "reason": reasons.get((stage.state, stage.begin)),
        }
        for stage in life.from_log(changes, task.call.now, rules.FINAL)
    ]


def _relative(task: OneTask, row: dict[str, Any]) -> dict[str, Any]:
    number = row["jeditaskid"]
    return row | {
        "kin": "parent" if number == task.row["parent_tid"] else "child",
        "jeditaskid": cell("mono", number, f"{task.call.root}task/{number}/"),
        "status": state_cell(row["status"], rules.task_group(row["status"] or "")),
    }


def _texts(task: OneTask) -> list[dict[str, str]]:
    if not task.parameters:
        return []
    text = dumps(task.parameters, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    return [{"title": "Parameters it was submitted with", "text": text}]


def _links(task: OneTask) -> dict[str, str]:
    url = f"{task.call.root}task/{task.jeditaskid}/"
    return {"json": f"{url}?json", "lasting": url, "api": f"{task.call.api}tasks/{task.jeditaskid}"}


def lines(task: OneTask | Tasks) -> Table:
    """What a terminal shows of a task: the facts, one a line."""
    if isinstance(task, Tasks):
        return records_table.short(task)
    told = [(one["label"], one["text"]) for group in task_facts.facts(task) for one in group["rows"]]
    rows = [("Task", task.jeditaskid), ("Name", task.row["taskname"]), ("State", task.row["status"]), *told]
    return Table(("fact", "value"), ({"fact": name, "value": value} for name, value in rows if value))
