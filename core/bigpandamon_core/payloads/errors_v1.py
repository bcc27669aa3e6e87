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
from bigpandamon_core.summaries.errors import PlaceErrors
from bigpandamon_core.summaries.messages import Message


def shape(errors: Errors) -> dict[str, Any]:
    """Errors by code and place, what is to blame, what changed since the hours before, what the jobs said."""
    ended = errors.population.tally
    changes = errors.changes
    data = {
        "jobs": errors.tally.total,
        "failed": errors.tally.failed,
        "ended": ended.failed + ended.finished,
        "failing_percent": failing_percent(ended.failed, ended.finished),
        "errors": [
            entry(errors, one.component, one.code, one.count, one.example_pandaid) for one in errors.errors
        ],
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
