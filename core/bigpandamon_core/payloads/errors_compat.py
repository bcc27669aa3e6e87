"""`/errors/` as the BigPanDA JSON API gives it."""

from collections.abc import Mapping
from typing import Any

from bigpandamon_core.payloads import jobs_compat
from bigpandamon_core.payloads.call import Later
from bigpandamon_core.payloads.errors import Errors
from bigpandamon_core.payloads.jobs_compat import entry
from bigpandamon_core.summaries.errors import PlaceErrors
from bigpandamon_core.summaries.jobs import Key, alphabetic

SUMMARIZED = frozenset(
    """computingelement computingsite eventservice jobstatus processingtype prodsourcelabel produsername
    specialhandling transformation reqid workinggroup""".split()
)
SECTIONS = ("jobSummary", "errsByCount", "errsBySite", "errsByUser", "errsByTask")


def shape(errors: Errors) -> dict[str, Any]:
    """Its sections, or those that `fields` names; and a word if counting was cut."""
    errors.unknown_fields = tuple(name for name in errors.shown.fields if name not in SECTIONS)
    wanted = [name for name in errors.shown.fields if name in SECTIONS] or SECTIONS
    made = {
        "jobSummary": lambda: [one for one in jobs_compat.summary(errors) if one["field"] in SUMMARIZED],
        "errsByCount": lambda: _ordered(errors, jobs_compat.errors(errors, {})),
        "errsBySite": lambda: _places(errors, errors.site_field),
        "errsByUser": lambda: _places(errors, "produsername"),
        "errsByTask": lambda: _places(errors, "jeditaskid"),
    }
    told: dict[str, Any] = {name: Later(made[name]) for name in SECTIONS if name in wanted}
    return told | {"truncated": Later(lambda: errors.truncated, optional=True)}


def _ordered(errors: Errors, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(told, key=lambda one: str(one["error"])) if _by_name(errors) else told


def _by_name(errors: Errors) -> bool:
    return errors.shown.get("sortby") == "alpha"


def _places(errors: Errors, field: str) -> list[dict[str, Any]]:
    examples = {(one.component, one.code): one.example_pandaid for one in errors.errors}
    places = errors.by_place[field].first
    if _by_name(errors):
        places = sorted(places, key=lambda place: alphabetic(place.name))
    return [_place(errors, place, examples) for place in places]


def _place(errors: Errors, place: PlaceErrors, examples: Mapping[Key, int]) -> dict[str, Any]:
    told = [entry(errors, *key, count, examples.get(key, 0)) for key, count in place.most_frequent]
    return {
        "name": place.name,
        "errors": {one["error"]: one for one in told},
        "toterrors": place.total,
        "toterrjobs": place.jobs,
        "errorlist": told,
    }
