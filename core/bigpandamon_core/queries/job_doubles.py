"""Jobs that are in two tables at one moment: which of their rows are not the newest.

PanDA moves a job in one transaction, so within a snapshot only leftovers are met twice. The long-term archive
is not looked at here: a job that any other table has is never taken from there.
"""

from collections.abc import Iterable, Mapping

from django.db import connections

from bigpandamon_core.domain.observations import Observation
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.jobs import IDENTITY, RECENT, name_of
from bigpandamon_core.queries.where import in_chunks, listed
from bigpandamon_core.sources.reading import ALIAS, declare, tuples, written

DOUBLES = declare("jobs.doubles", "All jobs that two tables have.", cap=100_000)
OBSERVED = declare("jobs.observed", "States and times of some jobs in one table.", binds=("pandaids",))


def outdated() -> Mapping[type[Job], frozenset[int]]:
    """By table, the jobs whose row there is older than their row in another table; of all jobs there are."""
    twice: set[int] = set()
    for place, table in enumerate(RECENT):
        for other in RECENT[place + 1 :]:
            twice |= {row[0] for row in written(DOUBLES, _in_both(table, other))}
    return {table: frozenset(lost(twice, table)) for table in RECENT}


def _in_both(table: type[Job], other: type[Job]) -> str:
    """A join of keys, the smaller table first: of a subquery some databases make a temporary table."""
    quote = connections[ALIAS].ops.quote_name
    one, two = (quote(each._meta.db_table) for each in (table, other))
    limit = connections[ALIAS].ops.limit_offset_sql(0, DOUBLES.cap)
    return f"SELECT one.pandaid FROM {one} one JOIN {two} two ON two.pandaid = one.pandaid {limit}"  # noqa: S608


def lost(pandaids: Iterable[int], table: type[Job]) -> set[int]:
    """Those of some jobs for which another table tells something newer than this one."""
    if table not in RECENT:
        return set()
    others = [one for other in RECENT if other is not table for one in _observations(other, pandaids)]
    here = {one.pandaid: one for one in _observations(table, {one.pandaid for one in others})}
    return {one.pandaid for one in others if one.pandaid in here and one.order > here[one.pandaid].order}


def _observations(table: type[Job], pandaids: Iterable[int]) -> list[Observation]:
    found = []
    for some in in_chunks(pandaids):
        rows = table._default_manager.using(ALIAS).filter(listed("pandaid", some)).values_list(*IDENTITY)
        found += [
            Observation(pandaid, name_of(table), state or "", changed, modified)
            for pandaid, state, changed, modified in tuples(OBSERVED, rows)
        ]
    return found
