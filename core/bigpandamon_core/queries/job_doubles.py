"""Jobs that are in two tables at one moment: which of their rows are not the newest.

PanDA moves a job in one transaction, so within a snapshot only leftovers are met twice. The long-term archive
is not looked at here: a job that any other table has is never taken from there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bigpandamon_core.domain.observations import Observation
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.jobs import IDENTITY, MOST_IDS_BOUND, RECENT, Part, name_of
from bigpandamon_core.queries.where import padded
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

DOUBLES = declare(
    "jobs.doubles", "Jobs of a selection that a second table has, too.", binds=("selection",), cap=100_000
)
OBSERVED = declare("jobs.observed", "States and times of some jobs in one table.", binds=("pandaids",))


def outdated(parts: Iterable[Part]) -> Mapping[type[Job], frozenset[int]]:
    """By table, the jobs of the parts whose row there is older than their row in another table."""
    return {part.table: frozenset(_older(part)) for part in parts if part.table in RECENT}


def _older(part: Part) -> Iterator[int]:
    for other in _others(part.table):
        there = other._default_manager.using(ALIAS).values("pandaid")
        rows = part.rows.filter(pandaid__in=there).values_list(*IDENTITY)[: DOUBLES.cap]
        yield from _lost(list(tuples(DOUBLES, rows)), part.table, other)


def newest_only(rows: Sequence[dict[str, Any]], table: type[Job]) -> list[dict[str, Any]]:
    """The rows of one table without those whose job another table tells something newer of."""
    if table not in RECENT:
        return list(rows)
    told = [tuple(row[name] for name in IDENTITY) for row in rows]
    lost = {pandaid for other in _others(table) for pandaid in _lost(told, table, other)}
    return [row for row in rows if row["pandaid"] not in lost]


def _others(table: type[Job]) -> list[type[Job]]:
    return [other for other in RECENT if other is not table]


def _lost(told: Sequence[tuple[Any, ...]], table: type[Job], other: type[Job]) -> Iterator[int]:
    """The jobs for which the other table has the newer observation."""
    here = {row[0]: _observation(row, table) for row in told}
    pandaids = tuple(here)
    for start in range(0, len(pandaids), MOST_IDS_BOUND):
        some = padded(pandaids[start : start + MOST_IDS_BOUND])
        rows = other._default_manager.using(ALIAS).filter(pandaid__in=some).values_list(*IDENTITY)
        for row in tuples(OBSERVED, rows):
            if _observation(row, other).order > here[row[0]].order:
                yield row[0]


def _observation(row: tuple[Any, ...], table: type[Job]) -> Observation:
    pandaid, state, changed, modified = row
    return Observation(pandaid, name_of(table), state or "", changed, modified)
