"""Counting jobs by several columns at once, in the database."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.chunks import chunks_by_id
from bigpandamon_core.queries.job_counts import OlderRows
from bigpandamon_core.queries.jobs import at_once, parts
from bigpandamon_core.queries.where import in_chunks, listed
from bigpandamon_core.sources.reading import declare, tuples

GROUPS = declare("jobs.groups", "Jobs of a selection by several columns.", binds=("selection",), cap=200_000)
Groups = Counter[tuple[Any, ...]]


def groups(selection: Selection, columns: tuple[str, ...], now: datetime) -> Groups:
    """How many jobs have each combination of values; a job that moves is counted once."""
    found: Groups = Counter()
    known = OlderRows()
    for chunk in chunks_by_id(selection):
        asked = parts(chunk, now)
        found.update(_grouped([part.rows for part in asked], columns))
        for part in asked:
            for pandaids in in_chunks(known.of(part.table)):
                found.subtract(_grouped([part.rows.filter(listed("pandaid", pandaids))], columns))
    return +found


def _grouped(tables: list[QuerySet[Job]], columns: tuple[str, ...]) -> Groups:
    grouped = [rows.values(*columns).annotate(jobs=Count("pandaid")) for rows in tables]
    found: Groups = Counter()
    for _, *values, jobs in tuples(GROUPS, at_once(grouped, (*columns, "jobs"))[: GROUPS.cap]):
        found[tuple(values)] += jobs
    return found
