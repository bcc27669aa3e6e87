"""Jobs that are in two tables at one moment: which of their rows are not the newest.

PanDA moves a job in one transaction, so within a snapshot only leftovers are met twice. The long-term archive
is not looked at here: a job that any other table has is never taken from there.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain
from typing import Any

from django.db import connections

from bigpandamon_core.domain.observations import Observation, newest
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.queries.jobs import IDENTITY, RECENT, at_once, name_of
from bigpandamon_core.queries.matching import padded
from bigpandamon_core.queries.where import in_chunks, listed
from bigpandamon_core.sources.reading import ALIAS, declare, tuples, written

DOUBLES = declare("jobs.doubles", "All jobs that two tables have: a few, as a job is moved at once.")
JOINED = {"postgresql": "LATERAL (SELECT pandaid FROM {larger} WHERE pandaid = {one}.pandaid OFFSET 0)"}
"""PostgreSQL would rather read the archive from end to end; because of the offset it looks each job up."""
FEW = 2_000
"""So many jobs are looked up in other tables one by one; for more all doubles are found once."""
Outdated = Mapping[type[Job], Set[int]]
"""By table, jobs of which another one tells something newer."""
ELSEWHERE = declare("jobs.elsewhere", "Those of some jobs that another table has, too.", binds=("pandaids",))
OBSERVED = declare("jobs.observed", "States and times of some jobs in every table.", binds=("pandaids",))


def outdated() -> Mapping[type[Job], frozenset[int]]:
    """By table, the jobs whose row there is older than their row in another table; of all jobs there are."""
    seen = observations(twice())
    return {table: frozenset(older(seen, table)) for table in RECENT}


def twice() -> set[int]:
    """The jobs that two tables have."""
    pairs = [(one, two) for place, one in enumerate(RECENT) for two in RECENT[place + 1 :]]
    return {pandaid for (pandaid,) in written(DOUBLES, " UNION ALL ".join(_in_both(*pair) for pair in pairs))}


def _in_both(table: type[Job], other: type[Job]) -> str:
    """A join of keys, the smaller table first: of a subquery some databases make a temporary table."""
    connection, one, two = connections[ALIAS], name_of(table), name_of(other)
    smaller, larger = (connection.ops.quote_name(each._meta.db_table) for each in (table, other))
    there = JOINED.get(connection.vendor, "{larger}").format(larger=larger, one=one)
    return f"SELECT {one}.pandaid FROM {smaller} {one} JOIN {there} {two} ON {two}.pandaid = {one}.pandaid"  # noqa: S608


def _in_others(of_table: Mapping[type[Job], set[int]]) -> set[int]:
    """Of jobs by table those that another table has, too: a few, so that only these are read."""
    met = Counter(chain.from_iterable(of_table.values()))
    found = {pandaid for pandaid, times in met.items() if times > 1}
    for some in in_chunks(met.keys() - found):
        asked = [(table, [one for one in some if one not in here]) for table, here in of_table.items()]
        found.update(pandaid for (pandaid,) in _had([(table, ids) for table, ids in asked if ids]))
    return found


def _had(asked: Sequence[tuple[type[Job], list[int]]]) -> list[tuple[Any, ...]]:
    """Those of the jobs that the table beside them has. Long lists of numbers are looked up for every answer:
    written by hand the statement is there in half the time."""
    bound = [(table, padded(pandaids)) for table, pandaids in asked]
    text = " UNION ALL ".join(_in_list(table, len(pandaids)) for table, pandaids in bound)
    return written(ELSEWHERE, text, tuple(chain.from_iterable(pandaids for _, pandaids in bound)))


def _in_list(table: type[Job], length: int) -> str:
    name = connections[ALIAS].ops.quote_name(table._meta.db_table)
    places = ", ".join(["%s"] * length)
    return f"SELECT pandaid FROM {name} WHERE pandaid IN ({places})"  # noqa: S608  # a declared table


def older(seen: Iterable[Observation], table: type[Job]) -> set[int]:
    """The jobs that were seen in this table and, newer, in another."""
    seen, latest = list(seen), dict[int, Observation]()
    for one in seen:
        latest[one.pandaid] = newest(latest.get(one.pandaid, one), one)
    return {one.pandaid for one in seen if one.table == name_of(table) and one is not latest[one.pandaid]}


def observations(pandaids: Iterable[int]) -> list[Observation]:
    """Some jobs as every table but the long-term archive has them."""
    found = []
    for some in in_chunks(pandaids):
        wanted = [table._default_manager.using(ALIAS).filter(listed("pandaid", some)) for table in RECENT]
        for place, pandaid, state, changed, modified in tuples(OBSERVED, at_once(wanted, IDENTITY)):
            found.append(Observation(pandaid, name_of(RECENT[place]), state or "", changed, modified))
    return found


class OlderRows:
    """Which jobs of a table another one tells something newer of: for a few asked by number, for many found
    at once. What was found holds for one answer.
    """

    def __init__(self) -> None:
        self._seen: dict[int, list[Observation]] = {}

    @cached_property
    def _all(self) -> Mapping[type[Job], frozenset[int]]:
        return outdated()

    @property
    def are_all_known(self) -> bool:
        """Whether all were found already."""
        return "_all" in self.__dict__

    def of(self, table: type[Job]) -> frozenset[int]:
        """All there are."""
        return self._all.get(table, frozenset())

    def of_few(self, pandaids: Collection[int], tables: Iterable[type[Job]]) -> Outdated:
        """By table, those of some jobs."""
        if self.are_all_known:
            return {table: self.of(table) for table in tables}
        unknown = [pandaid for pandaid in pandaids if pandaid not in self._seen]
        self._seen |= {pandaid: [] for pandaid in unknown}
        for one in observations(unknown):
            self._seen[one.pandaid].append(one)
        seen = [one for pandaid in pandaids for one in self._seen[pandaid]]
        return {table: older(seen, table) for table in tables}

    def among(self, rows: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
        """Those of rows, told by job and table, for whose job another table tells something newer."""
        of_table = defaultdict[str, set[int]](set)
        for pandaid, name in rows:
            of_table[name].add(pandaid)
        of_recent = {table: of_table[name_of(table)] for table in RECENT}
        met = set[int]().union(*of_recent.values())
        is_known = self.are_all_known or met <= self._seen.keys()
        doubles = met if is_known else _in_others(of_recent)
        if len(self._seen) + len(met) <= FEW:
            self._seen |= {pandaid: [] for pandaid in met - self._seen.keys() - doubles}
        found = self.of_few(doubles, RECENT)
        return {(pandaid, name_of(table)) for table, jobs in found.items() for pandaid in jobs & met}
