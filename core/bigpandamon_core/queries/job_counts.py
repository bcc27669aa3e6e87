"""Counting jobs: the rows a summary needs, and jobs by state."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count

from bigpandamon_core.domain.observations import Observation
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.jobs import IDENTITY, LIVE, chunks_by_id, name_of, parts
from bigpandamon_core.sources.reading import ALIAS, CHUNK, declare, tuples

COUNTED = declare(
    "jobs.counted", "The counted columns of all jobs of a selection.", binds=("selection",), cap=1_000_000
)
STATES = declare("jobs.states", "Jobs of a narrow selection by state.", binds=("selection",))
REREAD = declare("jobs.reread", "Counted columns of jobs that a newer row replaced.", binds=("pandaids",))


@dataclass
class Counting:
    """All rows of a selection for a summary, in chunks of (sign, rows); a negative sign takes rows back.

    columns: the order of values in a row. truncated: whether the cap cut it, known after the last chunk.
    """

    selection: Selection
    columns: tuple[str, ...]
    now: datetime
    truncated: bool = False

    def chunks(self) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
        left = min(COUNTED.cap, settings.BIGPANDAMON.get("panda.row_cap"))
        for selection in chunks_by_id(self.selection):
            for sign, rows in self._of(selection):
                left -= sign * len(rows)
                yield sign, rows
                if left < 0:
                    self.truncated = True
                    return

    def _of(self, selection: Selection) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
        live: dict[int, Observation] = {}
        wanted = (*IDENTITY, *self.columns)
        for part in parts(selection, self.now):
            replaced: list[int] = []
            for rows in _chunked(tuples(COUNTED, part.rows.values_list(*wanted))):
                kept = self._newest(rows, part.table, live, replaced)
                yield 1, [row[len(IDENTITY) :] for row in kept]
            if replaced:
                yield -1, list(self._reread(replaced, live))

    def _newest(
        self, rows: list[tuple[Any, ...]], table: type[Job], live: dict[int, Observation], replaced: list[int]
    ) -> list[tuple[Any, ...]]:
        """The rows that are the newest so far of their job; jobs whose earlier row lost go to `replaced`."""
        if table not in LIVE and not any(row[0] in live for row in rows):
            return rows
        kept, table_name = [], name_of(table)
        for row in rows:
            seen = Observation(row[0], table_name, row[1] or "", row[2], row[3])
            earlier = live.get(row[0])
            if earlier is not None and seen.order < earlier.order:
                continue
            if earlier is not None:
                replaced.append(row[0])
            if table in LIVE:
                live[row[0]] = seen
            kept.append(row)
        return kept

    def _reread(self, pandaids: list[int], live: dict[int, Observation]) -> Iterator[tuple[Any, ...]]:
        for table in LIVE:
            of_table = [pandaid for pandaid in pandaids if live[pandaid].table == name_of(table)]
            if of_table:
                rows = table._default_manager.using(ALIAS).filter(pandaid__in=of_table)
                yield from tuples(REREAD, rows.values_list(*self.columns))


def _chunked(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    chunk: list[tuple[Any, ...]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def states(selection: Selection, now: datetime) -> Counter[str]:
    """Jobs of a selection by state, counted by the database. For narrow selections."""
    counts: Counter[str] = Counter()
    for part in parts(selection, now):
        grouped = part.rows.order_by().values_list("jobstatus").annotate(jobs=Count("pandaid"))
        for state, jobs in tuples(STATES, grouped):
            counts[state or ""] += jobs
    return counts
