"""Counting jobs: the rows a summary needs, and jobs by state."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import shown_state
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.chunks import chunks_by_id
from bigpandamon_core.queries.computed import selected
from bigpandamon_core.queries.job_doubles import FEW, OlderRows, Outdated
from bigpandamon_core.queries.jobs import RECENT, TABLES, Part, at_once, parts
from bigpandamon_core.queries.where import MOST_PARTS, batched, in_chunks, listed
from bigpandamon_core.sources.reading import declare, tuples

COUNTED = declare(
    "jobs.counted",
    "The counted columns of all jobs of a selection.",
    binds=("selection",),
    cap_option="panda.row_cap",
    streams=True,
)
REREAD = declare(
    "jobs.reread",
    "Jobs of a selection again, for those with a newer row.",
    binds=("selection",),
    streams=True,
)
STATES = declare("jobs.states", "Jobs of a selection by state.", binds=("selection",))
IDENTITIES = declare("jobs.identities", "Numbers and states of few jobs.", binds=("selection",), cap=FEW + 1)
Row = tuple[Any, ...]
_Placed = tuple[int, Part]
"""A part of what is asked at a place."""
CHUNK = 10_000
_STATED = ("pandaid", "jobstatus", "jobsubstatus")


@dataclass(frozen=True)
class Asked:
    """A selection that is counted. tables: those that are read."""

    selection: Selection
    tables: Collection[type[Job]] = TABLES


@dataclass
class Counting:
    """The newest rows of all jobs of some selections for summaries, by one statement, in chunks of (place of
    the selection, sign, rows); a negative sign takes rows back that turned out to be older than another
    table's.

    columns: the order of values in a row, pandaid among them. left: how many rows may be, by default as many
    as the option panda.row_cap says; after the last chunk, how many more. known: shared by several counts for
    one answer. truncated: whether `left` cut it, known after the last chunk.
    """

    asked: Sequence[Asked]
    columns: tuple[str, ...]
    now: datetime
    left: int = field(default_factory=lambda: settings.BIGPANDAMON.get(COUNTED.cap_option))
    known: OlderRows = field(default_factory=OlderRows)
    truncated: bool = False

    def chunks(self) -> Iterator[tuple[int, int, list[Row]]]:
        for found in batched(list(self._parts()), 2 * MOST_PARTS):
            for place, sign, rows in self._of(found):
                if sign * len(rows) > self.left:
                    self.truncated = True
                    yield place, sign, rows[: self.left]
                    self.left = 0
                    return
                self.left -= sign * len(rows)
                yield place, sign, rows

    def _parts(self) -> Iterator[_Placed]:
        for place, one in enumerate(self.asked):
            for selection in chunks_by_id(one.selection):
                found = parts(selection, self.now)
                yield from ((place, part) for part in found if part.table in one.tables)

    def _of(self, found: Sequence[_Placed]) -> Iterator[tuple[int, int, list[Row]]]:
        columns = selected(self.columns, self.now)
        placed = tuples(COUNTED, at_once([part.rows for _, part in found], columns), CHUNK)
        first = list(islice(placed, FEW + 1))
        outdated_rows = self._outdated(first, found)
        rows = chain(first, placed)
        while some := list(islice(rows, CHUNK)):
            for at, told in groupby(some, itemgetter(0)):
                place, part = found[at]
                yield place, 1, self._newest(told, outdated_rows.get(part.table))
        if not outdated_rows:
            yield from self._taken_back(found, columns)

    def _outdated(self, first: list[Row], found: Sequence[_Placed]) -> Outdated:
        """What is left out: nothing yet where there are many rows and it is to be looked for. Of the
        long-term archive nothing is read that another table has."""
        if len(first) > FEW and not self.known.are_all_known:
            return {}
        recent = [part.table in RECENT for _, part in found]
        asked = {row[self._at] for row in first if recent[row[0]]}
        return self.known.of_few(asked, {part.table for _, part in found})

    @property
    def _at(self) -> int:
        """Where a row that was read has its job's number."""
        return 1 + self.columns.index("pandaid")

    def _newest(self, rows: Iterable[Row], outdated_jobs: Collection[int] | None) -> list[Row]:
        if outdated_jobs:
            at = self._at
            rows = (row for row in rows if row[at] not in outdated_jobs)
        return [row[1:] for row in rows]

    def _taken_back(
        self, found: Sequence[_Placed], columns: list[Any]
    ) -> Iterator[tuple[int, int, list[Row]]]:
        again = [
            (place, part.rows.filter(listed("pandaid", pandaids)))
            for place, part in found
            for pandaids in in_chunks(self.known.of(part.table))
        ]
        for some in batched(again, MOST_PARTS):
            rows = tuples(REREAD, at_once([each for _, each in some], columns))
            for at, told in groupby(rows, itemgetter(0)):
                yield some[at][0], -1, self._newest(told, None)


def states(selection: Selection, now: datetime) -> Counter[str]:
    """Jobs of a selection by state as shown. Few are read and compared, many counted by the database."""
    counts, known = Counter[str](), OlderRows()
    for chunk in chunks_by_id(selection):
        found = parts(chunk, now)
        rows = list(tuples(IDENTITIES, at_once([part.rows for part in found], _STATED)[: FEW + 1]))
        counts += _among(rows, found, known) if len(rows) <= FEW else _counted([found], known)[0]
    return counts


def states_of_each(selections: Sequence[Selection], now: datetime) -> list[Counter[str]]:
    """Of each selection the jobs by state as shown, all counted by the database at once."""
    chunks = [chunks_by_id(selection) for selection in selections]
    return _counted([[part for one in some for part in parts(one, now)] for some in chunks], OlderRows())


def _among(rows: list[Row], found: list[Part], known: OlderRows) -> Counter[str]:
    """The states of those rows that no other table tells something newer of."""
    outdated_rows = known.of_few({pandaid for _, pandaid, *_ in rows}, [part.table for part in found])
    return Counter(
        shown_state(state, detail)
        for place, pandaid, state, detail in rows
        if pandaid not in outdated_rows[found[place].table]
    )


def _counted(groups: Sequence[Sequence[Part]], known: OlderRows) -> list[Counter[str]]:
    """For each group of parts."""
    found = [(place, part) for place, some in enumerate(groups) for part in some]
    outdated_rows = [
        (place, part.rows.filter(listed("pandaid", pandaids)))
        for place, part in found
        for pandaids in in_chunks(known.of(part.table))
    ]
    asked = [(place, part.rows) for place, part in found]
    taken_back = batched(outdated_rows, MOST_PARTS)
    counts = [Counter[str]() for _ in groups]
    for sign, rows in ((1, asked), *((-1, some) for some in taken_back)):
        for at, state, jobs in _by_state([each for _, each in rows]) if rows else ():
            counts[rows[at][0]][state] += sign * jobs
    return [+each for each in counts]


def _by_state(rows: Sequence[QuerySet[Job]]) -> Iterator[tuple[int, str, int]]:
    """(place of the rows, state as shown, jobs)."""
    grouped = [each.values("jobstatus", "jobsubstatus").annotate(jobs=Count("pandaid")) for each in rows]
    found = tuples(STATES, at_once(grouped, ("jobstatus", "jobsubstatus", "jobs")))
    return ((at, shown_state(state, detail), jobs) for at, state, detail, jobs in found)
