"""Jobs that are in two tables at one moment: which of their rows are not the newest.

PanDA moves a job in one transaction, so within a snapshot only leftovers are met twice. The long-term archive
is not looked at here: a job that any other table has is never taken from there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from bigpandamon_core.domain.observations import Observation
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.jobs import IDENTITY, RECENT, Part, at_once, in_chunks, name_of
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

DOUBLES = declare(
    "jobs.doubles", "Jobs of a selection that a second table has, too.", binds=("selection",), cap=100_000
)
OBSERVED = declare("jobs.observed", "States and times of some jobs in one table.", binds=("pandaids",))


Told = Sequence[tuple[Any, ...]]
"""Rows of IDENTITY."""


def outdated(parts: Iterable[Part]) -> Mapping[type[Job], frozenset[int]]:
    """By table, the jobs of the parts whose row there is older than their row in another table."""
    pairs = [(part, other) for part in parts if part.table in RECENT for other in _others(part.table)]
    rows = [_doubles(part, other) for part, other in pairs]
    told: dict[type[Job], list[tuple[Any, ...]]] = defaultdict(list)
    for place, *row in tuples(DOUBLES, at_once(rows, IDENTITY)[: DOUBLES.cap]):
        told[pairs[place][0].table].append(tuple(row))
    return {table: _lost(found, table) for table, found in told.items()}


def _doubles(part: Part, other: type[Job]) -> QuerySet[Job]:
    there = other._default_manager.using(ALIAS).values("pandaid")
    return part.rows.filter(pandaid__in=there)


def newest_only(rows: Sequence[dict[str, Any]], table: type[Job]) -> list[dict[str, Any]]:
    """The rows of one table without those whose job another table tells something newer of."""
    if table not in RECENT or not rows:
        return list(rows)
    lost = _lost([tuple(row[name] for name in IDENTITY) for row in rows], table)
    return [row for row in rows if row["pandaid"] not in lost]


def _others(table: type[Job]) -> list[type[Job]]:
    return [other for other in RECENT if other is not table]


def _lost(told: Told, table: type[Job]) -> frozenset[int]:
    """The jobs for which another table has the newer observation."""
    here, others = {row[0]: _observation(row, table) for row in told}, _others(table)
    lost = set()
    for some in in_chunks(here):
        rows = [other._default_manager.using(ALIAS).filter(pandaid__in=some) for other in others]
        for place, *row in tuples(OBSERVED, at_once(rows, IDENTITY)):
            if _observation(row, others[place]).order > here[row[0]].order:
                lost.add(row[0])
    return frozenset(lost)


def _observation(row: Sequence[Any], table: type[Job]) -> Observation:
    pandaid, state, changed, modified = row
    return Observation(pandaid, name_of(table), state or "", changed, modified)
