"""The attributes of a page of jobs: every value with its count, its failing rate and a link that narrows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.jobs import UNKNOWN_NODE
from bigpandamon_core.domain.people import NAMES
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import ENDED_WELL, failing_percent, job_group
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import link, link_to_value
from bigpandamon_core.summaries.jobs import Attribute, ValueCount, alphabetic, by_count, telling

SHOWN_VALUES = 7
ORDERS = {"count": "count", "alpha": "name", "failing": "failing"}
"""Words of `order`, and what their links say."""
_NODE, _OUTCOME = named("wn", "jobstatus")
OUTCOMES = frozenset({"jobstatus", "jobsubstatus", "noutputdatafiles", "neventsrange", "durationmin"})
"""Attributes that tell how a job ended rather than why: failures always stand out in them."""


def attributes(jobs: Jobs) -> list[dict[str, Any]]:
    """Those that any job has, in the order asked for."""
    shown = [_attribute(jobs, attribute) for attribute in jobs.attributes if _tells(attribute)]
    if jobs.selection.get("order", "count") == "failing":
        return sorted(shown, key=lambda a: -max((v["rate"] or 0) * v["telling"] for v in a["values"]))
    return shown


def _tells(attribute: Attribute) -> bool:
    """An attribute that no job has says nothing. Values are told once each: of two one is specified."""
    return any(value.value != NOT_SPECIFIED for value in attribute.values[:2])


def _attribute(jobs: Jobs, attribute: Attribute) -> dict[str, Any]:
    order, name = jobs.selection.get("order", "count"), attribute.field.name
    values = _ordered(attribute.values, order, common_rate(jobs))
    most = len(values) if jobs.selection.get("view") == name else SHOWN_VALUES
    return {
        "field": name,
        "title": name,
        "help": attribute.field.help,
        "distinct": len(values),
        "values": [_value(jobs, name, value) for value in values[:most]],
        "more": max(len(values) - most, 0),
        "more_url": link(jobs, view=name) + f"#attribute-{name}",
    }


def common_rate(jobs: Jobs) -> float:
    """The part of the jobs that ended by themselves which failed, 0 to 1."""
    return (failing_percent(jobs.tally.failed, jobs.tally.finished) or 0) / 100


def excess(value: ValueCount, common: float) -> float:
    """Failures above the common rate: what ranks values, for rates alone make small numbers shout."""
    return value.failed - common * value.ended


def _ordered(values: Sequence[ValueCount], order: str, common: float) -> Sequence[ValueCount]:
    if order == "alpha":
        return sorted(values, key=lambda value: alphabetic(value.value))
    if order == "failing":
        return sorted(values, key=lambda value: -excess(value, common))
    return values


def _value(jobs: Jobs, field: str, value: ValueCount) -> dict[str, Any]:
    tally = jobs.tally
    nameless = field in NAMES and jobs.call.privacy.hides_names
    return {
        "value": value.value,
        "text": str(value.value),
        "count": value.count,
        "url": "" if nameless else link_to_value(jobs, field, value.value),
        "failed": value.failed,
        "ended": value.ended,
        "rate": failing_percent(value.failed, value.finished),
        "telling": may_be_cause(field, value) and telling(value, tally.failed, tally.finished),
        "share": value.count / tally.total if tally.total else 0,
        "group": job_group(str(value.value)) if field == "jobstatus" else "",
    }


def may_be_cause(field: str, value: ValueCount) -> bool:
    """Whether jobs can fail because of a value: not for what is known only after them or not at all."""
    return field not in OUTCOMES and value.value not in (NOT_SPECIFIED, UNKNOWN_NODE)


def orders(selection: Selection, url: str) -> list[dict[str, Any]]:
    """The links that order the values."""
    current = selection.get("order", "count")
    return [
        {"text": text, "url": f"{url}?{selection.query(order=word)}", "current": word == current}
        for word, text in ORDERS.items()
    ]


def nodes(jobs: Jobs) -> Attribute:
    """The nodes of jobs as an attribute; without values where only the database could tell: it would count by
    slots."""
    found: dict[Any, ValueCount] = {}
    for (name, state), count in jobs.facets.groups((_NODE, _OUTCOME)).items() if jobs.facets else ():
        one = found.setdefault(name, ValueCount(name, 0))
        one.count += count
        one.failed += count if state == "failed" else 0
        one.finished += count if state in ENDED_WELL else 0
    return Attribute(_NODE, by_count(found.values()))


def only_causes(attribute: Attribute) -> Attribute:
    """The attribute without the values that are no causes."""
    name = attribute.field.name
    return replace(attribute, values=[one for one in attribute.values if may_be_cause(name, one)])
