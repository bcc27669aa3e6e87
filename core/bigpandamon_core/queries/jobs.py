"""Reading jobs: which tables hold them, one job, some jobs by number.

A job may be in two tables while it moves. The tables are read in the order of its move within one snapshot;
of two rows of one pandaid the newer observation stays.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet, Value

from bigpandamon_core.domain.conditions import EVERYTHING, All, Condition, Op, Test, between
from bigpandamon_core.domain.job_errors import CODE_COLUMNS, DIAG_COLUMNS
from bigpandamon_core.domain.job_requests import drops_retries
from bigpandamon_core.domain.observations import Observation, newest
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.window import CLOCKS_DIFFER, now
from bigpandamon_core.panda.jobs import (
    LONG_TEXTS,
    Job,
    JobsActive4,
    JobsArchived,
    JobsArchived4,
    JobsDefined4,
)
from bigpandamon_core.panda.periods import LIVE, job_tables
from bigpandamon_core.panda.tasks import JediJobRetryHistory
from bigpandamon_core.queries import job_archive
from bigpandamon_core.queries.known_values import known_values
from bigpandamon_core.queries.where import in_chunks, listed, text_columns, where
from bigpandamon_core.sources.presence import is_present
from bigpandamon_core.sources.reading import ALIAS, Query, declare, tuples

ONE = declare("jobs.one", "A job by its number.", binds=("pandaid",))
NAMED = declare("jobs.named", "The newest job of a name or batch id.", binds=("jobname or batchid",), cap=1)
WITH_ERRORS = declare("jobs.with_errors", "The error fields of some jobs.", binds=("pandaids",))
HIGHEST = declare("jobs.highest", "The highest number of a job in each table.", cap=3)
TABLES: tuple[type[Job], ...] = (JobsDefined4, JobsActive4, JobsArchived4, JobsArchived)
RECENT: tuple[type[Job], ...] = (*LIVE, JobsArchived4)
TEXTS = text_columns(JobsActive4)
IDENTITY = ("pandaid", "jobstatus", "statechangetime", "modificationtime")
PERSON = ("produsername", "produserid")


def name_of(table: type[Job]) -> str:
    """The table's own name, without its family."""
    return table._meta.db_table.partition(".")[2]


@dataclass(frozen=True)
class Part:
    """One table to read and the condition on it."""

    table: type[Job]
    condition: Q

    @property
    def rows(self) -> QuerySet[Job]:
        return self.table._default_manager.using(ALIAS).filter(self.condition)


def parts(selection: Selection, moment: datetime) -> list[Part]:
    """The tables that may hold rows of a selection without lookups, in the order of a job's move."""
    condition = where(selection.condition, TEXTS)
    tables = read_for(selection, moment)
    current = job_archive.newest(moment) if JobsArchived in tables else {}
    narrowed = known_values(selection.condition, tables)
    return [
        Part(table, condition & _period(selection, table) & names & current.get(table, Q()))
        for table, names in zip(tables, narrowed, strict=True)
    ]


def _tables(selection: Selection, now: datetime) -> tuple[type[Job], ...]:
    begin = selection.window.begin if selection.window else None
    return job_tables(begin, now=now, archive=selection.get("noarchjobs") != "1")


def there(tables: Iterable[type[Job]]) -> tuple[type[Job], ...]:
    """Tables without the long-term archive where there is none."""
    return tuple(table for table in tables if table is not JobsArchived or is_present(table))


def read_for(selection: Selection, moment: datetime) -> tuple[type[Job], ...]:
    """The tables that may hold its jobs."""
    return there(_tables(selection, moment))


def left_out(selection: Selection, now: datetime) -> Iterator[str]:
    """What belongs to the answer and is not there, in words."""
    if drops_retries(dict(selection.parameters)) and not is_present(JediJobRetryHistory):
        yield "retry history"
    if JobsArchived in _tables(selection, now) and not is_present(JobsArchived):
        yield "long-term archive of jobs"


def _period(selection: Selection, table: type[Job]) -> Q:
    """The window; archives are always bounded by modificationtime, their partition key, which lies after
    every other time of a job but for clocks that differ."""
    window = selection.window
    if window is None or (table in LIVE and not window.bounds_active):
        return Q()
    wanted = [between(window.column, window.begin, window.end)]
    if table not in LIVE and window.column != "modificationtime":
        wanted.append(between("modificationtime", window.begin - CLOCKS_DIFFER, None))
    return where(All(tuple(wanted)), TEXTS)


def at_once(rows: Sequence[QuerySet[Any]], columns: Sequence[Any]) -> QuerySet[Any, Any]:
    """Rows of several tables by one statement: the place of their table in the list, then the columns."""
    placed: list[QuerySet[Any, Any]] = [
        each.order_by().annotate(_place=Value(place)).values_list("_place", *columns)
        for place, each in enumerate(rows)
    ]
    return placed[0].union(*placed[1:], all=True) if len(placed) > 1 else placed[0]


def observation(row: dict[str, Any], table: str) -> Observation:
    return Observation(
        row["pandaid"], table, row["jobstatus"] or "", row["statechangetime"], row["modificationtime"]
    )


def keep_newest(found: dict[int, dict[str, Any]], row: dict[str, Any]) -> None:
    other, seen = found.get(row["pandaid"]), observation(row, row["_table"])
    if other is None or newest(observation(other, other["_table"]), seen) is seen:
        found[row["pandaid"]] = row


def one(pandaid: int) -> dict[str, Any] | None:
    """A job's newest row with all its columns and `_table`, None if no table has it."""
    found = _newest(ONE, [pandaid], EVERYTHING, all_columns())
    return found.get(pandaid)


def some(
    pandaids: list[int], condition: Condition = EVERYTHING, tables: Sequence[type[Job]] = ()
) -> list[dict[str, Any]]:
    """The newest rows of those jobs that fulfil the condition: states, queue and error fields. tables: that
    may well have them, read at once."""
    columns = (*IDENTITY, "jobsubstatus", "computingsite", *PERSON, *CODE_COLUMNS, *DIAG_COLUMNS)
    return list(_newest(WITH_ERRORS, pandaids, condition, columns, tables or RECENT).values())


def _newest(
    query: Query,
    pandaids: Iterable[int],
    condition: Condition,
    columns: tuple[str, ...],
    first: Sequence[type[Job]] = RECENT,
) -> dict[int, dict[str, Any]]:
    """By number; the long-term archive is asked for what no other table has, or only an old live row. first:
    tables that are read at once."""
    found: dict[int, dict[str, Any]] = {}
    sure: set[int] = set()
    for tables in (first, there(table for table in TABLES if table not in first)):
        for some_ids in in_chunks(set(pandaids) - sure) if tables else ():
            wanted = listed("pandaid", some_ids) & where(condition, TEXTS)
            rows = [table._default_manager.using(ALIAS).filter(wanted) for table in tables]
            for place, *values in sorted(tuples(query, at_once(rows, columns)), key=itemgetter(0)):
                row = dict(zip(columns, values, strict=True))
                if tables[place] is JobsArchived and row["pandaid"] in sure:
                    continue
                keep_newest(found, row | {"_table": name_of(tables[place])})
                if not job_archive.may_be_left_over(row, tables[place], now()):
                    sure.add(row["pandaid"])
    return found


def number_of(column: str, value: str, condition: Condition = EVERYTHING) -> int | None:
    """The highest pandaid of the jobs with this jobname or batchid that fulfil the condition."""
    wanted = where(All((Test(column, Op.EQUAL, value), condition)), TEXTS)
    rows = [table._default_manager.using(ALIAS).filter(wanted) for table in there(TABLES)]
    return highest_of(NAMED, rows)


def highest_of(query: Query, rows: Sequence[QuerySet[Any]]) -> int | None:
    """The highest pandaid in rows of several tables."""
    newest_first = at_once(rows, ("pandaid",)).order_by("-pandaid")[:1]
    return next((int(pandaid) for _, pandaid in tuples(query, newest_first)), None)


def all_columns(table: type[Job] = JobsActive4) -> tuple[str, ...]:
    """Every column of a job but the two long texts, which live in tables of their own."""
    names = (column.attname for column in table._meta.concrete_fields)
    return tuple(name for name in names if name not in LONG_TEXTS)


def highest() -> int:
    """The highest number of a job in any table but the long-term archive, 0 without any."""
    numbers = [
        next(
            tuples(
                HIGHEST, table._default_manager.using(ALIAS).order_by("-pandaid").values_list("pandaid")[:1]
            ),
            (0,),
        )
        for table in RECENT
    ]
    return int(max(number for (number,) in numbers))
