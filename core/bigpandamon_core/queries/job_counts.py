"""Counting jobs: the rows a summary needs, and jobs by state."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Count

from bigpandamon_core.domain.observations import Observation, newest
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.computed import selected
from bigpandamon_core.queries.jobs import IDENTITY, LIVE, chunks_by_id, name_of, parts
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

COUNTED = declare(
    "jobs.counted", "The counted columns of all jobs of a selection.", binds=("selection",), cap=1_000_000
)
STATES = declare("jobs.states", "Jobs of a narrow selection by state.", binds=("selection",))
OBSERVED = declare("jobs.observed", "States and times of jobs met in two tables.", binds=("pandaids",))
REREAD = declare("jobs.reread", "Counted columns of jobs that a newer row replaced.", binds=("pandaids",))
Row = tuple[Any, ...]
CHUNK = 10_000


@dataclass
class Counting:
    """All rows of a selection for a summary, in chunks of (sign, rows); a negative sign takes rows back.

    columns: the order of values in a row, pandaid among them. truncated: whether the cap cut it, known after
    the last chunk.
    """

    selection: Selection
    columns: tuple[str, ...]
    now: datetime
    truncated: bool = False

    def chunks(self) -> Iterator[tuple[int, list[Row]]]:
        left = min(COUNTED.cap, settings.BIGPANDAMON.get("panda.row_cap"))
        for selection in chunks_by_id(self.selection):
            for sign, rows in self._of(selection):
                left -= sign * len(rows)
                yield sign, rows
                if left < 0:
                    self.truncated = True
                    return

    def _of(self, selection: Selection) -> Iterator[tuple[int, list[Row]]]:
        live: dict[int, type[Job]] = {}
        at = self.columns.index("pandaid")
        for part in parts(selection, self.now):
            found = tuples(COUNTED, part.rows.values_list(*selected(self.columns, self.now)), CHUNK)
            moved: list[tuple[type[Job], int]] = []
            while rows := list(islice(found, CHUNK)):
                twice = [row[at] for row in rows if row[at] in live]
                if twice:
                    older, newer = _contested(twice, part.table, live)
                    rows = [row for row in rows if row[at] not in older]
                    moved += newer
                if part.table in LIVE:
                    live |= dict.fromkeys((row[at] for row in rows), part.table)
                yield 1, rows
            if moved:
                yield -1, list(self._reread(moved))

    def _reread(self, moved: list[tuple[type[Job], int]]) -> Iterator[Row]:
        for table in LIVE:
            pandaids = [pandaid for held_by, pandaid in moved if held_by is table]
            rows = table._default_manager.using(ALIAS).filter(pandaid__in=pandaids)
            yield from tuples(REREAD, rows.values_list(*selected(self.columns, self.now)))


def _contested(
    pandaids: list[int], table: type[Job], live: dict[int, type[Job]]
) -> tuple[set[int], list[tuple[type[Job], int]]]:
    """Jobs met in a second table: those whose row there is the older one, and those whose counted row is,
    each with the table it was counted from."""
    here = _observations(table, pandaids)
    older, newer = set(), []
    for held_by in LIVE:
        held = [pandaid for pandaid in pandaids if live[pandaid] is held_by]
        for pandaid, counted in _observations(held_by, held).items():
            if newest(counted, here[pandaid]) is counted:
                older.add(pandaid)
            else:
                newer.append((held_by, pandaid))
    return older, newer


def _observations(table: type[Job], pandaids: list[int]) -> dict[int, Observation]:
    rows = table._default_manager.using(ALIAS).filter(pandaid__in=pandaids).values_list(*IDENTITY)
    return {row[0]: Observation(row[0], name_of(table), row[1] or "", *row[2:]) for row in tuples(OBSERVED, rows)}


def states(selection: Selection, now: datetime) -> Counter[str]:
    """Jobs of a selection by state, counted by the database. For narrow selections."""
    counts: Counter[str] = Counter()
    for part in parts(selection, now):
        grouped = part.rows.order_by().values_list("jobstatus").annotate(jobs=Count("pandaid"))
        for state, jobs in tuples(STATES, grouped):
            counts[state or ""] += jobs
    return counts
