"""Errors for `/api/v1`."""

from typing import Any

from bigpandamon_core.domain.fingerprints import VERSION
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import envelope
from bigpandamon_core.payloads.errors import Errors
from bigpandamon_core.payloads.jobs_compat import entry
from bigpandamon_core.summaries.blame import Suspect
from bigpandamon_core.summaries.error_changes import Changed
from bigpandamon_core.summaries.error_times import ErrorTimes
from bigpandamon_core.summaries.errors import PlaceErrors
from bigpandamon_core.summaries.jobs import ErrorCount
from bigpandamon_core.summaries.messages import Message


def shape(errors: Errors) -> dict[str, Any]:
    """Errors by code and place, what is to blame, what changed since the hours before, what the jobs said."""
    errors.count_all()
    ended = errors.population.tally
    changes = errors.changes
    data = {
        "jobs": errors.tally.total,
        "failed": errors.tally.failed,
        "ended": ended.failed + ended.finished,
        "failing_percent": failing_percent(ended.failed, ended.finished),
        "errors": [_error(errors, one) for one in errors.errors],
        "over_time": _pieces(errors.over_time),
        "places": {name: [_place(one) for one in found.first] for name, found in errors.by_place.items()},
        "suspects": [_suspect(one) for one in errors.suspects],
        "changes": None if changes is None else [_changed(one) for one in changes],
        "messages": [_message(one) for one in errors.messages],
    }
    return {
        "data": data,
        "meta": envelope.meta(
            errors,
            as_of=iso(errors.source.as_of),
            source=errors.source.name,
            total=errors.tally.total,
            compared_with=[iso(moment) for moment in errors.periods[1]] if changes is not None else None,
            messages_of=errors.sampled,
            fingerprint_version=VERSION,
        ),
        "links": {"self": errors.own_url},
    }


def _error(errors: Errors, one: ErrorCount) -> dict[str, Any]:
    told = entry(errors, one.component, one.code, one.count, one.example_pandaid)
    times = errors.over_time
    return told | {"over_time": times.counts.get((one.component, one.code)) if times else None}


def _pieces(times: ErrorTimes | None) -> dict[str, Any] | None:
    """What the numbers of `over_time` are of: from each moment to the next, the last one a second longer."""
    if times is None:
        return None
    return {"minutes": times.minutes, "from": [iso(one) for one in times.moments[:-1]]}


def _place(one: PlaceErrors) -> dict[str, Any]:
    return {
        "name": None if one.name == NOT_SPECIFIED else one.name,
        "jobs": one.jobs,
        "errors": [
            {"error": f"{component}:{code}", "count": count} for (component, code), count in one.most_frequent
        ],
    }


def _suspect(one: Suspect) -> dict[str, Any]:
    return {
        "field": one.field,
        "value": one.value,
        "failed": one.failures,
        "ended": one.ended,
        "share_of_failures": round(one.share, 4),
        "share_of_all": round(one.share_of_all, 4),
        "lift": round(one.lift, 2),
        "alike": [{"field": field, "value": value} for field, value in one.alike],
    }


def _changed(one: Changed) -> dict[str, Any]:
    component, code = one.key
    return {"error": f"{component}:{code}", "change": one.change.value, "now": one.now, "before": one.before}


def _message(one: Message) -> dict[str, Any]:
    return {
        "fingerprint": one.fingerprint,
        "error": f"{one.component}:{one.code}",
        "text": one.text,
        "example": one.example,
        "example_pandaid": one.pandaid,
        "count": one.count,
        "sites": dict(one.sites.most_common()),
    }
