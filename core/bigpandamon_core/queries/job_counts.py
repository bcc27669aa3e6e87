"""Counting jobs: the rows a summary needs, and jobs by state."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
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
from bigpandamon_core.queries.job_doubles import lost, observations, older, outdated
from bigpandamon_core.queries.jobs import TABLES, Part, at_once, parts
from bigpandamon_core.queries.where import in_chunks, listed
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
ENDLESS = declare("jobs.endless", "A job that started and tells no end.", binds=("selection",), cap=1)
Row = tuple[Any, ...]
CHUNK = 10_000
_STATED = ("pandaid", "jobstatus", "jobsubstatus")


class OlderRows:
    """Which jobs of a table another one tells something newer of: for a few asked by number, for many found
    at once. What was found holds within one snapshot.
    """

    def __init__(self) -> None:
        self._seen: dict[int, list[Observation]] = {}

    @cached_property
    def _all(self) -> Mapping[type[Job], frozenset[int]]:
        return outdated()

    def among(self, some: set[int], counted: int, table: type[Job]) -> Iterable[int]:
        """some: the jobs where they are few."""
        return lost(some, table) if counted <= FEW else self.of(table)

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
    known: shared by several counts within one snapshot. truncated: whether `left` cut it, known after the
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
            for part in parts(selection, self.now):
                for sign, rows in self._of(part) if part.table in self.tables else ():
                    if sign * len(rows) > self.left:
                        self.truncated = True
                        yield sign, rows[: self.left]
                        return
                    self.left -= sign * len(rows)
                    yield sign, rows

    def _of(self, part: Part) -> Iterator[tuple[int, list[Row]]]:
        at, counted, some = self.columns.index("pandaid"), 0, set[int]()
        found = tuples(COUNTED, part.rows.values_list(*selected(self.columns, self.now)), CHUNK)
        while rows := list(islice(found, CHUNK)):
            counted += len(rows)
            if counted <= FEW:
                some.update(row[at] for row in rows)
            yield 1, rows
        for pandaids in in_chunks(self.known.among(some, counted, part.table)):
            rows_back = part.rows.filter(listed("pandaid", pandaids))
            yield -1, list(tuples(REREAD, rows_back.values_list(*selected(self.columns, self.now))))


def has_endless(selection: Selection, tables: Collection[type[Job]], now: datetime) -> bool:
    """Whether a job in one of these tables started and tells no end: how long it ran depends on when that is
    asked."""
    for chunk in chunks_by_id(selection):
        for part in parts(chunk, now):
            rows = part.rows.filter(starttime__isnull=False, endtime=None).values_list("pandaid")[:1]
            if part.table in tables and any(tuples(ENDLESS, rows)):
                return True
    return False


def states(selection: Selection, now: datetime, known: OlderRows | None = None) -> Counter[str]:
    """Jobs of a selection by state as shown. Few are read and compared, many counted by the database.

    known: what was found of jobs that are in two tables, for several counts within one snapshot.
    """
    counts: Counter[str] = Counter()
    known = known or OlderRows()
    for chunk in chunks_by_id(selection):
        found = parts(chunk, now)
        rows = list(tuples(IDENTITIES, at_once([part.rows for part in found], _STATED)[: FEW + 1]))
        counts += _among(rows, found, known) if len(rows) <= FEW else _counted(found, known)
    return counts


def _among(rows: list[Row], found: list[Part], known: OlderRows) -> Counter[str]:
    """The states of those rows that no other table tells something newer of."""
    outdated_rows = known.of_few({pandaid for _, pandaid, *_ in rows}, [part.table for part in found])
    return Counter(
        shown_state(state, detail)
        for place, pandaid, state, detail in rows
        if pandaid not in outdated_rows[found[place].table]
    )


def _counted(found: list[Part], known: OlderRows) -> Counter[str]:
    counts = _by_state([part.rows for part in found])
    for part in found:
        for pandaids in in_chunks(known.of(part.table)):
            counts.subtract(_by_state([part.rows.filter(listed("pandaid", pandaids))]))
    return +counts


def _by_state(parts_of_it: list[QuerySet[Job]]) -> Counter[str]:
    grouped = [
        rows.values("jobstatus", "jobsubstatus").annotate(jobs=Count("pandaid")) for rows in parts_of_it
    ]
    counts: Counter[str] = Counter()
    for _, state, detail, jobs in tuples(STATES, at_once(grouped, ("jobstatus", "jobsubstatus", "jobs"))):
        counts[shown_state(state, detail)] += jobs
    return counts
