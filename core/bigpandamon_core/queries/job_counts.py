"""Counting jobs: the rows a summary needs, and jobs by state."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from bigpandamon_core.domain.observations import Observation
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import shown_state
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.chunks import chunks_by_id
from bigpandamon_core.queries.computed import selected
from bigpandamon_core.queries.job_doubles import observations, older, outdated
from bigpandamon_core.queries.jobs import TABLES, Part, at_once, parts
from bigpandamon_core.queries.where import batched, in_chunks, listed
from bigpandamon_core.sources.reading import declare, tuples

FEW = 2_000
"""So many jobs are looked up in other tables one by one; for more all doubles are found once."""
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
CHUNK = 10_000
MOST_PARTS = 20
"""So many lists of jobs are counted by one statement: databases bound how much one binds."""
_STATED = ("pandaid", "jobstatus", "jobsubstatus")


class OlderRows:
    """Which jobs of a table another one tells something newer of: for a few asked by number, for many found
    at once. What was found holds for one answer.
    """

    def __init__(self) -> None:
        self._seen: dict[int, list[Observation]] = {}

    @cached_property
    def _all(self) -> Mapping[type[Job], frozenset[int]]:
        return outdated()

    def of(self, table: type[Job]) -> frozenset[int]:
        """All there are."""
        return self._all.get(table, frozenset())

    def of_few(self, pandaids: Collection[int], tables: Iterable[type[Job]]) -> Mapping[type[Job], set[int]]:
        """By table, those of some jobs."""
        unknown = [pandaid for pandaid in pandaids if pandaid not in self._seen]
        self._seen |= {pandaid: [] for pandaid in unknown}
        for one in observations(unknown):
            self._seen[one.pandaid].append(one)
        seen = [one for pandaid in pandaids for one in self._seen[pandaid]]
        return {table: older(seen, table) for table in tables}


@dataclass
class Counting:
    """The newest rows of all jobs of a selection for a summary, in chunks of (sign, rows); a negative sign
    takes rows back that turned out to be older than another table's.

    columns: the order of values in a row, pandaid among them. tables: those that are read. left: how many
    rows may be, by default as many as the option panda.row_cap says; after the last chunk, how many more.
    known: shared by several counts for one answer. truncated: whether `left` cut it, known after the
    last chunk.
    """

    selection: Selection
    columns: tuple[str, ...]
    now: datetime
    tables: Collection[type[Job]] = TABLES
    left: int = field(default_factory=lambda: settings.BIGPANDAMON.get(COUNTED.cap_option))
    known: OlderRows = field(default_factory=OlderRows)
    truncated: bool = False

    def chunks(self) -> Iterator[tuple[int, list[Row]]]:
        for selection in chunks_by_id(self.selection):
            found = [part for part in parts(selection, self.now) if part.table in self.tables]
            for sign, rows in self._of(found) if found else ():
                if sign * len(rows) > self.left:
                    self.truncated = True
                    yield sign, rows[: self.left]
                    self.left = 0
                    return
                self.left -= sign * len(rows)
                yield sign, rows

    def _of(self, found: Sequence[Part]) -> Iterator[tuple[int, list[Row]]]:
        columns, counted, few = selected(self.columns, self.now), 0, defaultdict[int, set[int]](set)
        at = 1 + self.columns.index("pandaid")
        placed = tuples(COUNTED, at_once([part.rows for part in found], columns), CHUNK)
        while rows := list(islice(placed, CHUNK)):
            counted += len(rows)
            for row in rows if counted <= FEW else ():
                few[row[0]].add(row[at])
            yield 1, [row[1:] for row in rows]
        for part, pandaids in self._outdated(found, few if counted <= FEW else None):
            again = part.rows.filter(listed("pandaid", pandaids))
            yield -1, list(tuples(REREAD, again.values_list(*columns)))

    def _outdated(
        self, found: Sequence[Part], few: Mapping[int, set[int]] | None
    ) -> Iterator[tuple[Part, Iterable[int]]]:
        """By part, jobs that another table tells something newer of. few: by place, where they are few."""
        if few is None:
            for part in found:
                yield from ((part, some) for some in in_chunks(self.known.of(part.table)))
            return
        tables = [part.table for part in found]
        older_rows = self.known.of_few(set[int]().union(*few.values()), tables)
        for place, part in enumerate(found):
            if some := older_rows[part.table] & few[place]:
                yield part, some


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
