"""Counting jobs: the rows a summary needs, and jobs by state."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.computed import selected
from bigpandamon_core.queries.job_doubles import outdated
from bigpandamon_core.queries.jobs import chunks_by_id, in_chunks, parts
from bigpandamon_core.sources.reading import declare, tuples

COUNTED = declare(
    "jobs.counted", "The counted columns of all jobs of a selection.", binds=("selection",), cap=1_000_000
)
STATES = declare("jobs.states", "Jobs of a narrow selection by state.", binds=("selection",))
Row = tuple[Any, ...]
CHUNK = 10_000


@dataclass
class Counting:
    """The newest rows of all jobs of a selection for a summary, in chunks.

    columns: the order of values in a row, pandaid among them. truncated: whether the cap cut it, known after
    the last chunk.
    """

    selection: Selection
    columns: tuple[str, ...]
    now: datetime
    truncated: bool = False

    def chunks(self) -> Iterator[list[Row]]:
        left = min(COUNTED.cap, settings.BIGPANDAMON.get("panda.row_cap"))
        for rows in self._all():
            if len(rows) > left:
                self.truncated = True
                yield rows[:left]
                return
            left -= len(rows)
            yield rows

    def _all(self) -> Iterator[list[Row]]:
        at = self.columns.index("pandaid")
        for selection in chunks_by_id(self.selection):
            tables = parts(selection, self.now)
            older = outdated(tables)
            for part in tables:
                found = tuples(COUNTED, part.rows.values_list(*selected(self.columns, self.now)), CHUNK)
                lost = older.get(part.table, frozenset())
                while rows := list(islice(found, CHUNK)):
                    yield [row for row in rows if row[at] not in lost] if lost else rows


def states(selection: Selection, now: datetime) -> Counter[str]:
    """Jobs of a selection by state, counted by the database. For narrow selections."""
    counts: Counter[str] = Counter()
    for chunk in chunks_by_id(selection):
        tables = parts(chunk, now)
        older = outdated(tables)
        for part in tables:
            counts.update(_by_state(part.rows))
            for some in in_chunks(older.get(part.table, ())):
                counts.subtract(_by_state(part.rows.filter(pandaid__in=some)))
    return +counts


def _by_state(rows: QuerySet[Job]) -> dict[str, int]:
    grouped = rows.order_by().values_list("jobstatus").annotate(jobs=Count("pandaid"))
    counts: Counter[str] = Counter()
    for state, jobs in tuples(STATES, grouped):
        counts[state or ""] += jobs
    return counts
