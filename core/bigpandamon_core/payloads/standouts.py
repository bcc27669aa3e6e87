"""What stands out: the queues, nodes, tasks and users whose jobs fail far more often than the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_attributes import nodes, only_causes
from bigpandamon_core.payloads.jobs_links import error_link, link, link_to_value
from bigpandamon_core.summaries.blame import Suspect, suspects
from bigpandamon_core.summaries.jobs import TOP, ErrorCount, Key

CAUSES = {"computingsite": "queue", "wn": "node", "jeditaskid": "task", "produsername": "user"}
MOST_SHOWN, MOST_PLACES = 12, 500
LISTS: Mapping[str, Callable[[ErrorCount], Sequence[tuple[Any, int]]]] = {
    "computingsite": lambda error: error.sites,
    "jeditaskid": lambda error: error.tasks,
    "produsername": lambda error: error.users,
}
"""The commonest places of an error, by field."""
Place = tuple[str, Any]
"""A field and a value of it."""


def standouts(jobs: Jobs) -> list[Suspect]:
    """Those with most failures above the common rate first."""
    tally, hides_names = jobs.tally, jobs.call.privacy.hides_names
    causes = CAUSES.keys() - ({"produsername"} if hides_names else set())
    told = [one for one in (*tally.attributes(), nodes(jobs)) if one.field.name in causes]
    ended = {one.field.name: one for one in told}
    found = suspects(
        map(only_causes, told), ended, tally.failed, tally.failed + tally.finished, least_share=0
    )
    return sorted(found, key=lambda one: -one.excess)


def counted(found: list[Suspect]) -> str:
    """As in: 2 queues and 1 task."""
    counts = {word: sum(1 for one in found if one.field == field) for field, word in CAUSES.items()}
    told = [f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts.items() if count]
    return " and ".join((", ".join(told[:-1]), told[-1])) if len(told) > 1 else told[0]


def shown(jobs: Jobs, found: list[Suspect]) -> list[dict[str, Any]]:
    """The first of them, each with its most frequent error where that is known."""
    mostly = _mostly(jobs)
    return [_shown(jobs, one, mostly.get((one.field, one.value))) for one in found[:MOST_SHOWN]]


def _shown(jobs: Jobs, one: Suspect, mostly: tuple[Key, int] | None) -> dict[str, Any]:
    tell = jobs.call.privacy.value
    asked = {one.field + SHOWN: str(one.value), "jobstatus" + SHOWN: "failed"}
    alike = [f"{CAUSES[field]} {tell(field, value)}" for field, value in one.alike]
    return {
        "what": CAUSES[one.field],
        "name": str(tell(one.field, one.value)),
        "alike": f"as many: {', '.join(alike)}" if alike else "",
        "url": link_to_value(jobs, one.field, one.value),
        "failed": one.failures,
        "failed_url": link(jobs, **asked),
        "ended": one.ended,
        "rate": failing_percent(one.failures, one.ended - one.failures),
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


def _error(jobs: Jobs, one: Suspect, key: Key, count: int) -> dict[str, Any]:
    meaning = jobs.meanings.get(key) or {}
    told = ErrorCount(*key, count, 0, (), (), ())
    return {
        "text": meaning.get("description") or meaning.get("acronym") or told.key,
        "count": count,
        "url": error_link(jobs, told, **{one.field + SHOWN: str(one.value)}),
    }
