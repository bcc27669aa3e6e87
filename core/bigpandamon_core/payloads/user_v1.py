"""One user for `/api/v1`."""

from typing import Any

from bigpandamon_core.domain.quotas import Quota, quotas
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import envelope
from bigpandamon_core.payloads.statistics_sum import Sum
from bigpandamon_core.payloads.user import User


def shape(user: User) -> dict[str, Any]:
    """Jobs by state, what was used within some days, and what PanDA lets the user have."""
    tally = user.jobs.tally
    data = {
        "names": user.names,
        "jobs": tally.total,
        "states": tally.states(),
        "failing_percent": failing_percent(tally.failed, tally.finished),
        "used": [_used(days, sum_) for days, sum_ in user.used()],
        "records": [_record(row) for row in user.records],
    }
    window = user.jobs.selection.window
    about_jobs = {"as_of": iso(user.jobs.source.as_of), "source": user.jobs.source.name}
    if window:
        about_jobs["jobs_from"], about_jobs["jobs_to"] = iso(window.begin), iso(window.end)
    return {
        "data": data,
        "meta": envelope.meta(user, **about_jobs),
        "links": envelope.links(user),
    }


def _used(days: int, sum_: Sum) -> dict[str, Any]:
    told = sum_.told()
    names = ("jobs", "finished", "failed", "failing_percent", "wall_hours", "cpu_hours", "efficiency_percent")
    return {"days": days} | {name: told[name] for name in names}


def _record(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "vo": row["vo"] or None,
        "status": row["status"] or None,
        "latest_job": iso(row["latestjob"]),
        "quotas": [_quota(one) for one in quotas(row)],
    }


def _quota(one: Quota) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "days": one.days,
        "used_hours": round(one.used_hours, 1),
        "allowed_hours": one.allowed_hours,
        "used_percent": round(one.used_percent, 1),
    }
