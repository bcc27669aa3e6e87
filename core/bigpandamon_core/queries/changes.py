"""What changed in the job tables: read narrowly by time, read whole only where it is new."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from bigpandamon_core.domain.observations import Observation
from bigpandamon_core.domain.window import CLOCKS_DIFFER, now
from bigpandamon_core.panda.jobs import Job, JobsArchived4
from bigpandamon_core.panda.periods import LIVE
from bigpandamon_core.queries.jobs import IDENTITY, RECENT, name_of
from bigpandamon_core.queries.where import in_chunks, listed
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

PAGE_ROWS = 20_000
STRETCH = timedelta(hours=4)
SINCE = declare(
    "changes.since", "Jobs whose state changed after a place in time, in the order of change.",
    binds=("statechangetime", "pandaid"), cap=PAGE_ROWS,
)  # fmt: skip
UNSTAMPED = declare(
    "changes.unstamped", "Ended jobs without a time of their last change, by modification.",
    binds=("modificationtime", "pandaid"), cap=PAGE_ROWS,
)  # fmt: skip
LIVING = declare("changes.living", "State and times of every live job, by number.", cap=PAGE_ROWS)
PERIOD = declare(
    "changes.period", "State and times of jobs that ended in a period.",
    binds=("modificationtime", "pandaid"), cap=PAGE_ROWS,
)  # fmt: skip
HOW_MANY = declare(
    "changes.how_many", "How many jobs ended in a period, by state.", binds=("modificationtime",)
)
LAST_ENDED = declare(
    "changes.last_ended", "When the last job of a period ended.", binds=("modificationtime",), cap=1
)
WITH_NUMBER = declare(
    "changes.with_number", "State and times of some jobs in one table.", binds=("pandaids",)
)
WHOLE = declare("changes.whole", "The facet columns of some jobs.", binds=("pandaids",))
Row = tuple[Any, ...]


@dataclass(frozen=True, order=True)
class Place:
    """A place in the order of change: everything up to it has been read. pandaid: of jobs that changed at
    this very moment."""

    moment: datetime
    pandaid: int = 0


def since(table: type[Job], place: Place) -> Iterator[Observation]:
    """Jobs whose state changed at or after a place, in the order of change. However long ago that is, an
    index serves: a database that is asked for most of a table reads all of it for every page."""
    while place.moment + STRETCH < now():
        yield from _since(table, place, place.moment + STRETCH)
        place = Place(place.moment + STRETCH)
    yield from _since(table, place, None)


def _since(table: type[Job], place: Place, end: datetime | None) -> Iterator[Observation]:
    """Those before an end, a keyset page at a time."""
    before = Q(statechangetime__lt=end) if end else Q()
    while True:
        rows = _after(table, "statechangetime", place).filter(before).order_by("statechangetime", "pandaid")
        found = _observed(SINCE, table, rows[:PAGE_ROWS])
        yield from found
        if len(found) < PAGE_ROWS:
            return
        place = Place(found[-1].statechangetime or place.moment, found[-1].pandaid)


def unstamped(moment: datetime) -> Iterator[Observation]:
    """Ended jobs without statechangetime that were modified at or after a moment. Live ones are found by
    looking at all of them."""
    rows = JobsArchived4.objects.using(ALIAS).filter(statechangetime=None, modificationtime__gte=moment)
    yield from _pages(UNSTAMPED, JobsArchived4, rows, Place(moment))


def ended(begin: datetime, end: datetime) -> Iterator[Observation]:
    """Jobs in the archive that were modified in [begin, end)."""
    yield from _pages(PERIOD, JobsArchived4, _in_period(begin, end), Place(begin))


def how_many_ended(begin: datetime, end: datetime) -> dict[str, int]:
    """How many those are, by state."""
    grouped = _in_period(begin, end).order_by().values_list("jobstatus").annotate(jobs=Count("pandaid"))
    return {state or "": jobs for state, jobs in tuples(HOW_MANY, grouped)}


def last_ended(begin: datetime, end: datetime) -> datetime | None:
    """When the last of those was modified; None where there are none."""
    rows = _in_period(begin, end).order_by("-modificationtime").values_list("modificationtime")
    return next((moment for (moment,) in tuples(LAST_ENDED, rows[:1])), None)


def living(table: type[Job]) -> Iterator[Observation]:
    """Every row of a live table, by number, a keyset page at a time."""
    last = -1
    while True:
        rows = table._default_manager.using(ALIAS).filter(pandaid__gt=last).order_by("pandaid")
        found = _observed(LIVING, table, rows[:PAGE_ROWS])
        yield from found
        if len(found) < PAGE_ROWS:
            return
        last = found[-1].pandaid


def with_numbers(pandaids: Iterable[int]) -> Iterator[Observation]:
    """What the live tables and the archive tell of some jobs, asked in the order of a job's move."""
    numbers = tuple(pandaids)
    for table in RECENT:
        for some in in_chunks(numbers):
            rows = table._default_manager.using(ALIAS).filter(listed("pandaid", some))
            yield from _observed(WITH_NUMBER, table, rows)


def whole(table: type[Job], pandaids: Iterable[int], columns: Sequence[str]) -> Iterator[Row]:
    """The named columns of some jobs of one table, in the order of the names."""
    for some in in_chunks(pandaids):
        rows = table._default_manager.using(ALIAS).filter(listed("pandaid", some))
        yield from tuples(WHOLE, rows.values_list(*columns))


def _in_period(begin: datetime, end: datetime) -> QuerySet[Job, Any]:
    return JobsArchived4.objects.using(ALIAS).filter(modificationtime__gte=begin, modificationtime__lt=end)


def _pages(query: Any, table: type[Job], rows: QuerySet[Job, Any], place: Place) -> Iterator[Observation]:
    """Rows by modificationtime, a keyset page at a time."""
    while True:
        page = rows.filter(_beyond("modificationtime", place)).order_by("modificationtime", "pandaid")
        found = _observed(query, table, page[:PAGE_ROWS])
        yield from found
        if len(found) < PAGE_ROWS:
            return
        place = Place(found[-1].modificationtime or place.moment, found[-1].pandaid)


def _after(table: type[Job], column: str, place: Place) -> QuerySet[Job, Any]:
    """Archives are bounded by their partition key, too."""
    rows = table._default_manager.using(ALIAS).filter(_beyond(column, place))
    return rows if table in LIVE else rows.filter(modificationtime__gte=place.moment - CLOCKS_DIFFER)


def _beyond(column: str, place: Place) -> Q:
    """At the place's moment only higher numbers; said so that an index on the column serves."""
    later = Q(**{f"{column}__gt": place.moment}) | Q(pandaid__gt=place.pandaid)
    return Q(**{f"{column}__gte": place.moment}) & later


def _observed(query: Any, table: type[Job], rows: QuerySet[Job, Any]) -> list[Observation]:
    name = name_of(table)
    return [
        Observation(pandaid, name, state or "", changed, modified)
        for pandaid, state, changed, modified in tuples(query, rows.values_list(*IDENTITY))
    ]
