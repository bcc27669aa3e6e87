"""What the start page tells beside jobs: tasks, queues, services, what is new among errors."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from bigpandamon_core.domain.documents import NEW, OLD
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.harvester import HEARTBEATS, heartbeat
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.tasks import FINAL
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads import errors_page
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.errors import Errors
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.tables import fact, table
from bigpandamon_core.queries import harvester, queues, tasks
from bigpandamon_core.queries.own.queues import STATUS, status_changes
from bigpandamon_core.state.queues import QueueChange

MOST_STATES, MOST_CHANGES = 6, 8
_CHANGES = (
    Column("seen", "Seen", "time"),
    Column("queue", "Queue"),
    Column("before", "Was"),
    Column("after", "Is"),
)
Group = dict[str, Any]


def facts(jobs: Jobs) -> list[Group]:
    """Groups of facts, each with links; of what the installation does not have there is none."""
    found = (_tasks(jobs), _queues(jobs), _services(jobs))
    return [group for group in found if group["rows"]]


def _tasks(jobs: Jobs) -> Group:
    """States of tasks that changed within their usual window, ended ones last."""
    hours = jobs.call.option("tasks.window_hours")
    since = jobs.call.until - timedelta(hours=hours)
    found = jobs.optional("tasks", lambda: tasks.by_status(since), dict[str, int]())
    ordered = sorted(found.items(), key=lambda item: (item[0] in FINAL, -item[1]))
    rows = [
        fact(status or NOT_SPECIFIED, f"{count:,}", _at(jobs, "tasks", status=status))
        for status, count in ordered[:MOST_STATES]
    ]
    if others := ordered[MOST_STATES:]:
        rows.append(fact("other states", f"{sum(dict(others).values()):,}", _at(jobs, "tasks")))
    return {"title": "Tasks", "rows": rows}


def _queues(jobs: Jobs) -> Group:
    nothing: Mapping[str, dict[str, Any]] = {}
    defined = jobs.optional("queues", queues.definitions, nothing)
    counts = Counter(str(one.get(STATUS) or NOT_SPECIFIED) for one in defined.values())
    rows = [
        fact(status, f"{count:,}", _at(jobs, "sites", status=status))
        for status, count in counts.most_common(MOST_STATES)
    ]
    return {"title": "Queues", "rows": rows}


def _services(jobs: Jobs) -> Group:
    found = jobs.optional("harvester services", harvester.instances, list[dict[str, Any]]())
    counts = Counter(heartbeat(one["lastupdate"], jobs.call.now) for one in found)
    url = f"{jobs.call.root}harvester/instances/"
    rows = [
        fact(heard, f"{counts[heard]:,}", f"{url}?heartbeat={heard}", bad=group == "bad")
        for heard, group in HEARTBEATS.items()
        if counts[heard]
    ]
    return {"title": "Harvester services", "rows": rows}


def _at(jobs: Jobs, noun: str, **asked: str) -> str:
    parameters = {name + SHOWN: value or NOT_SPECIFIED for name, value in asked.items()}
    return f"{jobs.call.root}{noun}/?{urlencode(parameters)}"


def tables(jobs: Jobs) -> list[dict[str, Any]]:
    """What is new among errors, where that can be told, and which queues changed their status."""
    errors = Errors(
        replace(jobs.call, parameters=(("hours", f"{round(_hours(jobs))}"),), url=_errors_url(jobs))
    )
    found = errors_page.changes(errors) if errors.changes else []
    return [*found, *_queue_changes(jobs)]


def _hours(jobs: Jobs) -> float:
    window = jobs.selection.window
    return window.hours if window else jobs.call.option("jobs.window_hours")


def _errors_url(jobs: Jobs) -> str:
    return f"{jobs.call.root}errors/"


def _queue_changes(jobs: Jobs) -> list[dict[str, Any]]:
    window = jobs.selection.window
    found = status_changes(window.begin, MOST_CHANGES) if window else []
    rows = [_queue_change(jobs, one) for one in found]
    return [table("queues", "Queues that changed their status", _CHANGES, rows)] if rows else []


def _queue_change(jobs: Jobs, change: QueueChange) -> dict[str, Any]:
    told = change.changes.get(STATUS, {})
    return {
        "seen": change.seen_at,
        "queue": cell("text", change.queue, f"{jobs.call.root}site/{quote(change.queue, safe='')}/"),
        "before": told.get(OLD) or "–",
        "after": told.get(NEW) or change.kind,
    }
