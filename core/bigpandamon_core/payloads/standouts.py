"""What stands out: the queues, nodes, tasks and users whose jobs fail far more often than the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_attributes import common_rate, excess, may_be_cause, nodes
from bigpandamon_core.payloads.jobs_links import error_link, link, link_to_value
from bigpandamon_core.summaries.errors import Key
from bigpandamon_core.summaries.jobs import TOP, ErrorCount, ValueCount, telling

CAUSES = {"computingsite": "queue", "wn": "node", "jeditaskid": "task", "produsername": "user"}
SAME = {"wn": "computingsite", "produsername": "jeditaskid"}
"""Where both have as many jobs and failures, the first is told beside the second: they are the same jobs."""
MOST_SHOWN, MOST_PLACES = 12, 500
LISTS: Mapping[str, Callable[[ErrorCount], tuple[tuple[Any, int], ...]]] = {
    "computingsite": lambda error: error.sites,
    "jeditaskid": lambda error: error.tasks,
    "produsername": lambda error: error.users,
}
"""The commonest places of an error, by field."""
Counts = tuple[str, int, int]
Place = tuple[str, Any]
"""A field and a value of it."""


@dataclass(frozen=True)
class Standout:
    """A value whose jobs fail far more often than the rest. excess: failures above the common rate. alike:
    another field with a value that has just as many."""

    field: str
    value: ValueCount
    excess: float
    alike: tuple[str, Any] | None = None


def standouts(jobs: Jobs) -> list[Standout]:
    """Those with most failures above the common rate first."""
    found = list(_found(jobs))
    by_counts: dict[Counts, Standout] = {_counts(one.field, one.value): one for one in found}
    folded: dict[Counts, Standout] = {}
    for one in found:
        wider = _counts(SAME[one.field], one.value) if one.field in SAME else None
        if wider in by_counts:
            folded[wider] = replace(by_counts[wider], alike=(one.field, one.value.value))
    told = [
        folded.get(_counts(one.field, one.value), one)
        for one in found
        if one.field not in SAME or _counts(SAME[one.field], one.value) not in by_counts
    ]
    return sorted(told, key=lambda one: -one.excess)


def _counts(field: str, value: ValueCount) -> Counts:
    return field, value.failed, value.ended


def _found(jobs: Jobs) -> Iterator[Standout]:
    tally, common = jobs.tally, common_rate(jobs)
    hidden = {"produsername"} if jobs.call.privacy.hides_names else set()
    for attribute in (*tally.attributes(), nodes(jobs)):
        name = attribute.field.name
        for value in attribute.values if name in CAUSES and name not in hidden else ():
            if may_be_cause(name, value) and telling(value, tally.failed, tally.finished):
                yield Standout(name, value, excess(value, common))


def counted(found: list[Standout]) -> str:
    """As in: 2 queues and 1 task."""
    counts = {word: sum(1 for one in found if one.field == field) for field, word in CAUSES.items()}
    told = [f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts.items() if count]
    return " and ".join((", ".join(told[:-1]), told[-1])) if len(told) > 1 else told[0]


def shown(jobs: Jobs, found: list[Standout]) -> list[dict[str, Any]]:
    """The first of them, each with its most frequent error where that is known."""
    mostly = _mostly(jobs)
    return [_shown(jobs, one, mostly.get((one.field, one.value.value))) for one in found[:MOST_SHOWN]]


def _shown(jobs: Jobs, one: Standout, mostly: tuple[Key, int] | None) -> dict[str, Any]:
    value, tell = one.value, jobs.call.privacy.value
    asked = {one.field + SHOWN: str(value.value), "jobstatus" + SHOWN: "failed"}
    return {
        "what": CAUSES[one.field],
        "name": str(tell(one.field, value.value)),
        "alike": f"{CAUSES[one.alike[0]]} {tell(*one.alike)} has as many" if one.alike else "",
        "url": link_to_value(jobs, one.field, value.value),
        "failed": value.failed,
        "failed_url": link(jobs, **asked),
        "ended": value.ended,
        "rate": failing_percent(value.failed, value.finished),
        "excess": round(one.excess),
        "mostly": _error(jobs, one, *mostly) if mostly else None,
    }


def _mostly(jobs: Jobs) -> Mapping[Place, tuple[Key, int]]:
    """The error that most jobs at each place had, as far as that is known."""
    if not jobs.facets:
        return dict(_of_lists(jobs.errors))
    places = jobs.facets.errors_by_place(named(*CAUSES), MOST_PLACES)
    return {(field, one.name): one.most_frequent[0] for field, found in places.items() for one in found.first}


def _of_lists(errors: Sequence[ErrorCount]) -> Iterator[tuple[Place, tuple[Key, int]]]:
    """From the commonest places of each error, where no error that does not list the place can have more."""
    for field, tops in LISTS.items():
        lists = [((error.component, error.code), dict(tops(error))) for error in errors]
        for value in dict.fromkeys(chain.from_iterable(places for _, places in lists)):
            listed = [(places[value], key) for key, places in lists if value in places]
            count, key = min(listed, key=lambda one: (-one[0], one[1][0], str(one[1][1])))
            cut = (places for _, places in lists if value not in places and len(places) == TOP)
            if count >= max((min(places.values()) for places in cut), default=0):
                yield (field, value), (key, count)


def _error(jobs: Jobs, one: Standout, key: Key, count: int) -> dict[str, Any]:
    meaning = jobs.meanings.get(key) or {}
    told = ErrorCount(*key, count, 0, (), (), ())
    return {
        "text": meaning.get("description") or meaning.get("acronym") or told.key,
        "count": count,
        "url": error_link(jobs, told, **{one.field + SHOWN: str(one.value.value)}),
    }
