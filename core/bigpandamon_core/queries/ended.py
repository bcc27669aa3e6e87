"""Jobs by when they ended, over all tables, and live jobs counted: what rollups are made of."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from bigpandamon_core.domain.states import FINAL
from bigpandamon_core.domain.window import CLOCKS_DIFFER
from bigpandamon_core.panda.jobs import Job, JobsArchived
from bigpandamon_core.panda.periods import LIVE, job_tables
from bigpandamon_core.queries import job_archive
from bigpandamon_core.queries.job_doubles import outdated
from bigpandamon_core.queries.jobs import there
from bigpandamon_core.queries.where import in_chunks, listed
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

ENDED = declare(
    "jobs.ended", "Jobs that ended in an hour, by the time of their last change.",
    binds=("statechangetime", "modificationtime", "states"), streams=True,
)  # fmt: skip
LIVING = declare("jobs.living_by", "Live jobs counted by queue, state and the like.")
CHUNK = 10_000
Row = tuple[Any, ...]
Outdated = Mapping[type[Job], frozenset[int]]


def ended(
    begin: datetime, end: datetime, columns: Sequence[str], now: datetime, older: Outdated
) -> Iterator[Row]:
    """Rows of the jobs whose last change, in [begin, end), was that they ended; pandaid stands first.

    older: by table, the jobs of which another table tells something newer.
    """
    tables = there(job_tables(begin, now=now))
    current = job_archive.newest(now) if JobsArchived in tables else {}
    for table in tables:
        wanted = _changed(table, begin, end) & current.get(table, Q())
        rows = _rows(table).filter(wanted, jobstatus__in=sorted(FINAL))
        without = older.get(table, frozenset())
        for row in tuples(ENDED, rows.values_list("pandaid", *columns), CHUNK):
            if row[0] not in without:
                yield row


def changed(begin: datetime, end: datetime) -> Q:
    """Rows whose state changed last in [begin, end): of the job tables, and of what is known of them."""
    unstamped = Q(statechangetime=None, modificationtime__gte=begin, modificationtime__lt=end)
    return Q(statechangetime__gte=begin, statechangetime__lt=end) | unstamped


def _changed(table: type[Job], begin: datetime, end: datetime) -> Q:
    """Archives are bounded by their partition key, the long-term one on both sides, as it has the most."""
    if table in LIVE:
        return changed(begin, end)
    bound = Q(modificationtime__gte=begin - CLOCKS_DIFFER)
    if table is JobsArchived:
        bound &= Q(modificationtime__lt=end + CLOCKS_DIFFER)
    return bound & changed(begin, end)


def _rows(table: type[Job]) -> QuerySet[Job, Any]:
    return table._default_manager.using(ALIAS).all()


def living(columns: Sequence[str]) -> Counter[Row]:
    """How many live jobs have each combination of values."""
    found, older = Counter[Row](), outdated()
    for table in LIVE:
        alive = _rows(table).exclude(jobstatus__in=sorted(FINAL))
        found += _counted(alive, columns)
        for some in in_chunks(older[table]):
            found -= _counted(alive.filter(listed("pandaid", some)), columns)
    return found


def _counted(rows: QuerySet[Job, Any], columns: Sequence[str]) -> Counter[Row]:
    grouped = rows.order_by().values_list(*columns).annotate(jobs=Count("pandaid"))
    return Counter({tuple(values): jobs for *values, jobs in tuples(LIVING, grouped)})
