"""What is known of jobs, in the own database."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from bigpandamon_core.domain.observations import Observation
from bigpandamon_core.facets.batch import Place
from bigpandamon_core.queries.where import in_chunks, listed
from bigpandamon_core.state.follow import JobState
from bigpandamon_core.state.upserts import put

TABLES = ("jobsdefined4", "jobsactive4", "jobsarchived4")
"""By place."""
PLACES = {table: place for place, table in enumerate(TABLES)}
LIVE = (Place.DEFINED, Place.ACTIVE)
_COLUMNS = ("pandaid", "place", "jobstatus", "statechangetime", "modificationtime")


def known(pandaids: Iterable[int]) -> dict[int, Observation]:
    """The states of some jobs, of those that are known and in some table."""
    found: dict[int, Observation] = {}
    for some in in_chunks(pandaids):
        found |= _states(JobState.objects.filter(listed("pandaid", some), place__lt=Place.GONE))
    return found


def live() -> dict[int, Observation]:
    """The states of all jobs known to be live."""
    return _states(JobState.objects.filter(place__in=LIVE))


def ended(begin: datetime, end: datetime) -> dict[int, Observation]:
    """The states of the jobs known to have ended in [begin, end), by modificationtime."""
    return _states(_in_period(begin, end))


def how_many_ended(begin: datetime, end: datetime) -> dict[str, int]:
    """How many those are, by state."""
    grouped = _in_period(begin, end).order_by().values_list("jobstatus").annotate(jobs=Count("pandaid"))
    return dict(grouped)


def write(seen: Iterable[Observation], rolled: Mapping[int, str]) -> None:
    """Note the states of some jobs. rolled: what they have in open bins."""
    rows = (
        (
            one.pandaid,
            PLACES[one.table],
            one.jobstatus,
            one.statechangetime,
            one.modificationtime,
            rolled.get(one.pandaid, ""),
        )
        for one in seen
    )
    put(JobState, _COLUMNS[:1], (*_COLUMNS[1:], "rolled"), rows)


def write_gone(pandaids: Collection[int]) -> None:
    """Note that some jobs are in no table any more."""
    for some in in_chunks(pandaids):
        JobState.objects.filter(pandaid__in=some).update(place=Place.GONE, rolled="")


def forget_before(moment: datetime) -> int:
    """Drop the states of jobs that ended, or were gone, before a moment; how many."""
    changed_before = Q(statechangetime=None) | Q(statechangetime__lt=moment)
    old = JobState.objects.filter(changed_before, place__gte=Place.ARCHIVED, modificationtime__lt=moment)
    return old.delete()[0]


def _in_period(begin: datetime, end: datetime) -> QuerySet[JobState]:
    return JobState.objects.filter(
        place=Place.ARCHIVED, modificationtime__gte=begin, modificationtime__lt=end
    )


def _states(rows: QuerySet[JobState]) -> dict[int, Observation]:
    return {one.pandaid: one for one in _observations(rows.values_list(*_COLUMNS).iterator(20_000))}


def _observations(rows: Iterable[tuple[Any, ...]]) -> Iterator[Observation]:
    for pandaid, place, state, changed, modified in rows:
        yield Observation(pandaid, TABLES[place], state, changed, modified)
