"""Counting jobs by several columns at once, in the database."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from bigpandamon_core.domain.latest import Latest
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.timings import MOST_CPU_SECONDS
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.chunks import chunks_by_id
from bigpandamon_core.queries.job_doubles import OlderRows
from bigpandamon_core.queries.jobs import at_once, parts
from bigpandamon_core.queries.where import MOST_PARTS, batched, in_chunks, listed
from bigpandamon_core.sources.reading import declare, tuples

GROUPS = declare("jobs.groups", "Jobs of a selection by several columns.", binds=("selection",), cap=200_000)
LATEST = declare(
    "jobs.latest", "The last job and the CPU time by one column.", binds=("selection",), cap=50_000
)
CPU = "cpuconsumptiontime"
_CPU_KNOWN = Q(**{f"{CPU}__gte": -MOST_CPU_SECONDS, f"{CPU}__lte": MOST_CPU_SECONDS})
Groups = Counter[tuple[Any, ...]]


def groups(
    selection: Selection, columns: tuple[str, ...], now: datetime, known: OlderRows | None = None
) -> Groups:
    """How many jobs have each combination of values; a job that moves is counted once. known: shared by
    several counts for one answer."""
    found: Groups = Counter()
    known = known or OlderRows()
    for chunk in chunks_by_id(selection):
        asked = parts(chunk, now)
        found.update(_grouped([part.rows for part in asked], columns))
        again = [
            part.rows.filter(listed("pandaid", pandaids))
            for part in asked
            for pandaids in in_chunks(known.of(part.table))
        ]
        for some in batched(again, MOST_PARTS):
            found.subtract(_grouped(some, columns))
    return +found


def _grouped(tables: Sequence[QuerySet[Job]], columns: tuple[str, ...]) -> Groups:
    grouped = [rows.values(*columns).annotate(jobs=Count("pandaid")) for rows in tables]
    found: Groups = Counter()
    for _, *values, jobs in tuples(GROUPS, at_once(grouped, (*columns, "jobs"))[: GROUPS.cap]):
        found[tuple(values)] += jobs
    return found


def latest(selection: Selection, column: str, now: datetime) -> Iterator[tuple[str | None, Latest]]:
    """With the value of a text column, several times where several tables have it; a job that moves may count
    its CPU time twice."""
    for chunk in chunks_by_id(selection):
        for part in parts(chunk, now):
            rows = part.rows.values(column).annotate(
                last=Max("pandaid"), modified=Max("modificationtime"), cpu=Sum(CPU, filter=_CPU_KNOWN)
            )
            for value, *told in tuples(
                LATEST, rows.values_list(column, "last", "modified", "cpu")[: LATEST.cap]
            ):
                yield value, Latest(told[0], told[1], int(told[2] or 0))
