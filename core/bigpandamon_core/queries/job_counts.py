"""Counting jobs: the rows a summary needs, and jobs by state."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.computed import selected
from bigpandamon_core.queries.job_doubles import lost, outdated
from bigpandamon_core.queries.jobs import Part, chunks_by_id, parts
from bigpandamon_core.queries.where import in_chunks, listed
from bigpandamon_core.sources.reading import declare, tuples

COUNTED = declare(
    "jobs.counted", "The counted columns of all jobs of a selection, up to panda.row_cap.", binds=("selection",)
)
REREAD = declare(
    "jobs.reread", "Jobs of a selection again, for those with a newer row.", binds=("selection",)
)
STATES = declare("jobs.states", "Jobs of a narrow selection by state.", binds=("selection",))
Row = tuple[Any, ...]
CHUNK = 10_000
FEW = 2_000
"""So many jobs are looked up in other tables one by one; for more all doubles are found once."""


@dataclass
class Counting:
    """The newest rows of all jobs of a selection for a summary, in chunks of (sign, rows); a negative sign
    takes rows back that turned out to be older than another table's.

    columns: the order of values in a row, pandaid among them. truncated: whether the option panda.row_cap cut it, known after
    the last chunk.
    """

    selection: Selection
    columns: tuple[str, ...]
    now: datetime
    truncated: bool = False

    def chunks(self) -> Iterator[tuple[int, list[Row]]]:
        left = settings.BIGPANDAMON.get("panda.row_cap")
        older = OlderRows()
        for selection in chunks_by_id(self.selection):
            for part in parts(selection, self.now):
                for sign, rows in self._of(part, older):
                    if sign * len(rows) > left:
                        self.truncated = True
                        yield sign, rows[:left]
                        return
                    left -= sign * len(rows)
                    yield sign, rows

    def _of(self, part: Part, older: "OlderRows") -> Iterator[tuple[int, list[Row]]]:
        at, counted, some = self.columns.index("pandaid"), 0, set[int]()
        found = tuples(COUNTED, part.rows.values_list(*selected(self.columns, self.now)), CHUNK)
        while rows := list(islice(found, CHUNK)):
            counted += len(rows)
            if counted <= FEW:
                some.update(row[at] for row in rows)
            yield 1, rows
        for pandaids in in_chunks(older.among(some, counted, part.table)):
            rows_back = part.rows.filter(listed("pandaid", pandaids))
            yield -1, list(tuples(REREAD, rows_back.values_list(*selected(self.columns, self.now))))


class OlderRows:
    """Which jobs of a table another one tells something newer of: for a few asked by number, for many found
    at once for the whole answer."""

    @cached_property
    def _all(self) -> Mapping[type[Job], frozenset[int]]:
        return outdated()

    def among(self, some: set[int], counted: int, table: type[Job]) -> Iterable[int]:
        """some: the jobs where they are few."""
        if counted <= FEW:
            return lost(some, table)
        return self._all.get(table, frozenset())


def states(selection: Selection, now: datetime) -> Counter[str]:
    """Jobs of a selection by state, counted by the database."""
    counts: Counter[str] = Counter()
    older = OlderRows()
    for chunk in chunks_by_id(selection):
        for part in parts(chunk, now):
            found = _by_state(part.rows)
            counts.update(found)
            few = found.total() <= FEW
            some = {row[0] for row in tuples(REREAD, part.rows.values_list("pandaid"))} if few else set()
            for pandaids in in_chunks(older.among(some, found.total(), part.table)):
                counts.subtract(_by_state(part.rows.filter(listed("pandaid", pandaids))))
    return +counts


def _by_state(rows: QuerySet[Job]) -> Counter[str]:
    grouped = rows.order_by().values_list("jobstatus").annotate(jobs=Count("pandaid"))
    counts: Counter[str] = Counter()
    for state, jobs in tuples(STATES, grouped):
        counts[state or ""] += jobs
    return counts
