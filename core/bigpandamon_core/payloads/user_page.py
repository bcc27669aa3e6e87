"""One user as a page and as JSON."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.quotas import DISABLED, quotas
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.payloads import jobs_errors, records_page
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown, window_shown
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import can_be_asked_for, link
from bigpandamon_core.payloads.jobs_page import states
from bigpandamon_core.payloads.jobs_trend import trend
from bigpandamon_core.payloads.tables import fact, table
from bigpandamon_core.payloads.tasks_compat import without_datasets
from bigpandamon_core.payloads.user import User
from bigpandamon_core.payloads.users import told as users_told
from bigpandamon_core.summaries.jobs import ValueCount

MOST_NAMED, MOST_QUEUES = 5, 12
_QUEUES = (
    Column("name", "Queue"),
    Column("jobs", "Jobs", "number"),
    Column("failed", "Failed", "number"),
    Column("rate", "Failing", "percent"),
)


def shape(user: User) -> dict[str, Any]:
    """The context of the page."""
    jobs = user.jobs
    tasks = records_page.shape(user.tasks)
    return {
        "title": user.name,
        "heading": user.names[0] if len(user.names) == 1 else user.name,
        **request_shown(user.selection, user.call),
        "counted": f"Jobs {window_shown(jobs.selection, jobs.call.url)['text']}",
        "states": states(jobs),
        "trend": trend(user.jobs_beside_tasks),
        "facts": _facts(user, tasks["total"]),
        **jobs_errors.shown(jobs),
        "tasks": tasks,
        "tasks_url": records_page.link(user.tasks),
        "tables": [_queues(jobs)],
        "truncated": jobs.truncated or tasks["truncated"],
        "ignored": user.without_effect,
        "notes": [*_who(user, tasks["total"]), *doubts(user.selection), *_lacking(user)],
        "source": jobs.source.told,
        "links": data_links(user.selection, user.call, api=f"users/{quote(user.name, safe='')}"),
    }


def _lacking(user: User) -> list[str]:
    return [*user.jobs.lacking, *user.tasks.lacking, *user.lacking]


def _who(user: User, tasks: int) -> list[str]:
    """That more than one user has the name, or nobody who is known."""
    if not (user.names or tasks or user.records or _lacking(user)):
        return [
            "Nobody of this name is known: there is no task, no job of these windows, no record of a user."
        ]
    if len(user.names) < 2:
        return []
    more = f" and {len(user.names) - MOST_NAMED} more" if len(user.names) > MOST_NAMED else ""
    return [f"Several users are meant: {', '.join(user.names[:MOST_NAMED])}{more}."]


def _facts(user: User, tasks: int) -> list[dict[str, Any]]:
    jobs = user.jobs
    now = [
        fact("Tasks", f"{tasks:,}", records_page.link(user.tasks), _hours(user.selection)),
        fact("Jobs", f"{jobs.tally.total:,}", link(jobs), _hours(jobs.selection)),
        fact("Failing", _percent(failing_percent(jobs.tally.failed, jobs.tally.finished))),
    ]
    used = [
        {
            "title": f"Ended within {days} days",
            "rows": [
                fact("Jobs", f"{sum_.jobs:,}"),
                fact("Failing", _percent(failing_percent(sum_.failed, sum_.finished))),
                fact("Wall time", f"{sum_.wall_seconds / 3600:,.0f} h"),
                fact("CPU time", f"{sum_.cpu_seconds / 3600:,.0f} h"),
            ],
        }
        for days, sum_ in user.used()
    ]
    return [{"title": "Now", "rows": now}, *used, *map(_quotas, user.records)]


def _quotas(row: Mapping[str, Any]) -> dict[str, Any]:
    """What PanDA lets the user have in one VO."""
    told = [
        fact(
            f"{one.kind.capitalize()}, {one.days} day{'s' if one.days > 1 else ''}",
            f"{one.used_hours:,.0f} of {one.allowed_hours:,} h",
            note=_percent(one.used_percent),
            bad=one.used_percent >= 100,
        )
        for one in quotas(row)
    ]
    status = fact("Status", row["status"], bad=row["status"] == DISABLED)
    title = f"CPU time of {row['name']}"
    return {"title": f"{title}, {row['vo']}" if row["vo"] else title, "rows": [*told, status]}


def _hours(selection: Selection) -> str:
    """How long the window is."""
    hours = round(selection.window.hours) if selection.window else 0
    return f"{hours // 24} days" if hours >= 48 else f"{hours} h"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} %"


def _queues(jobs: Jobs) -> dict[str, Any]:
    attribute = next(one for one in jobs.attributes if one.field.name == "computingsite")
    rows = [_queue(jobs, one) for one in attribute.values[:MOST_QUEUES]]
    many = len(attribute.values)
    sub = f"the {MOST_QUEUES} with most jobs of {many:,}" if many > MOST_QUEUES else ""
    return table("queues", "Queues", _QUEUES, rows, sub=sub, empty="No jobs in this window.")


def _queue(jobs: Jobs, one: ValueCount) -> Mapping[str, Any]:
    here = {"computingsite" + SHOWN: str(one.value)} if can_be_asked_for(str(one.value)) else None
    return {
        "name": cell("text", one.value),
        "jobs": cell("number", one.count, link(jobs, **here) if here else ""),
        "failed": cell(
            "number", one.failed, link(jobs, **here, **{"jobstatus" + SHOWN: "failed"}) if here else ""
        ),
        "rate": failing_percent(one.failed, one.finished),
    }


def compatible(user: User) -> Any:
    """The tasks of the user, or as lists of users have it with `view=classic`."""
    if user.call.parameter("view") == "classic":
        return users_told(user.users)
    return {"tasks": without_datasets(user.tasks)}
