"""Reading jobs: pages of rows, the rows a summary counts, one job.

A job may be in two tables while it moves. The tables are read in the order of its move within one snapshot;
of two rows of one pandaid the newer observation stays.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, ExpressionWrapper, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models import fields as types
from django.db.models.functions import NullIf

from bigpandamon_core.domain.conditions import All, Condition, Op, Test, absent, between
from bigpandamon_core.domain.job_errors import CODE_COLUMNS, DIAG_COLUMNS
from bigpandamon_core.domain.observations import Observation
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection, Sort
from bigpandamon_core.panda.fields import PandaTime
from bigpandamon_core.panda.jobs import Job, JobsActive4, JobsArchived, JobsArchived4, JobsDefined4
from bigpandamon_core.panda.periods import job_tables
from bigpandamon_core.queries.lookups import resolve
from bigpandamon_core.queries.where import order_by, padded, text_columns, where
from bigpandamon_core.sources.reading import ALIAS, CHUNK, declare, dicts, tuples

PAGE = declare("jobs.page", "Rows of jobs of a selection in its order.", binds=("selection", "cursor"), cap=0)
COUNTED = declare(
    "jobs.counted", "The counted columns of all jobs of a selection.", binds=("selection",), cap=1_000_000
)
ONE = declare("jobs.one", "A job by its number.", binds=("pandaid",))
NAMED = declare("jobs.named", "The newest job of a name or batch id.", binds=("jobname or batchid",), cap=1)
WITH_ERRORS = declare("jobs.with_errors", "The error fields of some jobs.", binds=("pandaids",))
STATES = declare("jobs.states", "Jobs of a narrow selection by state.", binds=("selection",))
REREAD = declare("jobs.reread", "Counted columns of jobs that a newer row replaced.", binds=("pandaids",))
TABLES: tuple[type[Job], ...] = (JobsDefined4, JobsActive4, JobsArchived4, JobsArchived)
LIVE: tuple[type[Job], ...] = (JobsDefined4, JobsActive4)
TEXTS = text_columns(JobsActive4)
IDENTITY = ("pandaid", "jobstatus", "statechangetime", "modificationtime")
MOST_IDS_BOUND = 500
PAGE_WITHOUT_KEYSET = 100_000
_EXPRESSIONS = {
    "duration": ExpressionWrapper(F("endtime") - F("starttime"), output_field=types.DurationField()),
    "queuetime": ExpressionWrapper(F("starttime") - F("creationtime"), output_field=types.DurationField()),
}


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


def parts(selection: Selection, now: datetime) -> list[Part]:
    """The tables that may hold rows of the selection, in the order of a job's move."""
    condition = where(resolve(selection.condition), TEXTS)
    begin = selection.window.begin if selection.window else None
    tables = job_tables(begin, now=now, archive=not selection.has("noarchjobs"))
    return [Part(table, condition & _period(selection, table) & _once(table)) for table in tables]


def _period(selection: Selection, table: type[Job]) -> Q:
    """The window; archives are always bounded by modificationtime, their partition key."""
    window = selection.window
    if window is None or (table in LIVE and not window.bounds_active):
        return Q()
    wanted = [between(window.column, window.begin, window.end)]
    if table not in LIVE and window.column != "modificationtime":
        wanted.append(between("modificationtime", window.begin, None))
    return where(All(tuple(wanted)), TEXTS)


def _once(table: type[Job]) -> Q:
    """For some days a job is in both archives; it is taken from the first."""
    if table is not JobsArchived:
        return Q()
    return ~Q(Exists(JobsArchived4.objects.using(ALIAS).filter(pandaid=OuterRef("pandaid"))))


def page(
    selection: Selection, columns: tuple[str, ...], limit: int, now: datetime
) -> list[dict[str, Any]]:
    """At most `limit` rows in the selection's order, after its cursor. Rows carry `_table`."""
    found: dict[int, dict[str, Any]] = {}
    wanted = tuple(dict.fromkeys((*columns, *IDENTITY)))
    for chunk in _id_chunks(selection):
        for part in parts(chunk, now):
            ordered = _after(part.rows, chunk, part.table).order_by(*_order(chunk, part.table))
            for row in dicts(PAGE, ordered[:limit], wanted):
                _keep_newest(found, row | {"_table": name_of(part.table)})
    return sorted_rows(found.values(), selection)[:limit]


def stream(
    selection: Selection, columns: tuple[str, ...], limit: int, now: datetime
) -> Iterator[dict[str, Any]]:
    """Up to `limit` rows in the selection's order as a merge of keyset pages of each table.

    No cursor is held between pages. Of a job that moves meanwhile the first row met is told: the newer one in
    the usual order, newest first.
    """
    wanted = tuple(dict.fromkeys((*columns, *IDENTITY, *sort_columns(selection))))
    sources = [_pages(chunk, part, wanted) for chunk in _id_chunks(selection) for part in parts(chunk, now)]
    descending = selection.sort[0].descending
    seen: set[int] = set()
    for row in merge(*sources, key=lambda row: _merge_key(row, selection.sort[0]), reverse=descending):
        if len(seen) == limit:
            return
        if row["pandaid"] not in seen:
            seen.add(row["pandaid"])
            yield row


def _merge_key(row: dict[str, Any], sort: Sort) -> tuple[bool, Any, int]:
    """Absent values last in both directions, ties by falling pandaid."""
    value = sort_value(row, sort)
    absent = value in (None, "")
    pandaid = row["pandaid"] if sort.descending else -row["pandaid"]
    return absent is not sort.descending, 0 if absent else value, pandaid


def _pages(selection: Selection, part: Part, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """All rows of one table, a keyset page at a time; an order without keyset is read in one go."""
    sort = selection.sort[0]
    size = CHUNK if sort.column not in _EXPRESSIONS else PAGE_WITHOUT_KEYSET
    while True:
        ordered = _after(part.rows, selection, part.table).order_by(*_order(selection, part.table))
        rows = dicts(PAGE, ordered[:size], columns)
        yield from (row | {"_table": name_of(part.table)} for row in rows)
        if len(rows) < size or sort.column in _EXPRESSIONS:
            return
        last = rows[-1]
        selection = replace(selection, after=(_plain(sort_value(last, sort)), last["pandaid"]))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value or None


def sorted_rows(rows: Iterable[dict[str, Any]], selection: Selection) -> list[dict[str, Any]]:
    """Rows in the order of the selection, absent values last, ties by falling pandaid."""
    ordered = sorted(rows, key=lambda row: -int(row["pandaid"]))
    sort = selection.sort[0]
    present = [row for row in ordered if sort_value(row, sort) not in (None, "")]
    absent = [row for row in ordered if sort_value(row, sort) in (None, "")]
    return sorted(present, key=lambda row: sort_value(row, sort), reverse=sort.descending) + absent


def sort_value(row: dict[str, Any], sort: Sort) -> Any:
    """What a row is ordered by."""
    ends = {"duration": ("starttime", "endtime"), "queuetime": ("creationtime", "starttime")}
    if sort.column not in ends:
        return row[sort.column]
    begin, end = (row[name] for name in ends[sort.column])
    return end - begin if begin and end else None


def sort_columns(selection: Selection) -> tuple[str, ...]:
    """The columns a page must read to be put in order."""
    return {"duration": ("starttime", "endtime"), "queuetime": ("creationtime", "starttime")}.get(
        selection.sort[0].column, (selection.sort[0].column,)
    )


def observation(row: dict[str, Any], table: str) -> Observation:
    return Observation(
        row["pandaid"], table, row["jobstatus"] or "", row["statechangetime"], row["modificationtime"]
    )


def _keep_newest(found: dict[int, dict[str, Any]], row: dict[str, Any]) -> None:
    other = found.get(row["pandaid"])
    if other is None or observation(other, other["_table"]).order < observation(row, row["_table"]).order:
        found[row["pandaid"]] = row


class CodePoints(Func):
    """A text ordered by code points whatever the column's collation."""

    template = "%(expressions)s"
    output_field = types.CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s COLLATE "C")', **context)

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s COLLATE utf8mb4_bin)", **context)


def _sort_key(sort: Sort) -> Any:
    """The expression that is ordered by; empty text counts as absent."""
    if sort.column in _EXPRESSIONS:
        return _EXPRESSIONS[sort.column]
    if sort.column in TEXTS:
        return CodePoints(NullIf(F(sort.column), Value("", output_field=types.CharField())))
    return F(sort.column)


def _order(selection: Selection, table: type[Job]) -> list[Any]:
    sort = selection.sort[0]
    nullable = sort.column in _EXPRESSIONS or sort.column in TEXTS
    nullable = nullable or table._meta.get_field(sort.column).null or selection.window is None
    return [order_by(_sort_key(sort), sort.descending, nullable), F("pandaid").desc()]


def _after(rows: QuerySet[Job], selection: Selection, table: type[Job]) -> QuerySet[Job]:
    """The rows that follow the cursor."""
    if selection.after is None or selection.sort[0].column in _EXPRESSIONS:
        return rows
    value, pandaid = selection.after
    sort, nearer = selection.sort[0], Q(pandaid__lt=pandaid)
    unset = where(absent(sort.column), TEXTS)
    if value is None:
        return rows.filter(unset & nearer)
    name, way = sort.column, "lt" if sort.descending else "gt"
    if name in TEXTS:
        rows, name = rows.alias(_key=_sort_key(sort)), "_key"
    elif isinstance(table._meta.get_field(name), PandaTime):
        value = _moment(value)
    beyond = Q(**{f"{name}__{way}": value}) | (Q(**{name: value}) & nearer)
    return rows.filter((Q(**{f"{name}__{way}e": value}) & beyond) | unset)


def _moment(value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Problem("The place to continue from cannot be read", parameter="after", code="illegal-value") from error


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
        for selection in _id_chunks(self.selection):
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


def _id_chunks(selection: Selection) -> Iterator[Selection]:
    """The selection itself, or several of it where it lists more pandaids than one statement binds."""
    condition = resolve(selection.condition)
    many = next((part for part in _conjuncts(condition) if _is_long(part)), None)
    if many is None:
        yield selection
        return
    values = tuple(sorted(set(many.value)))  # type: ignore[arg-type]
    rest = tuple(part for part in _conjuncts(condition) if part is not many)
    for start in range(0, len(values), MOST_IDS_BOUND):
        some = replace(many, value=values[start : start + MOST_IDS_BOUND])
        yield replace(selection, asked=(), extra=(*rest, some))


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, All):
        for part in condition.parts:
            yield from _conjuncts(part)
    else:
        yield condition


def _is_long(condition: Condition) -> bool:
    return (
        isinstance(condition, Test)
        and condition.op is Op.ONE_OF
        and condition.column == "pandaid"
        and isinstance(condition.value, tuple)
        and len(condition.value) > MOST_IDS_BOUND
    )


def one(pandaid: int) -> dict[str, Any] | None:
    """A job's newest row with all its columns and `_table`, None if no table has it."""
    found: dict[int, dict[str, Any]] = {}
    for table in TABLES:
        names = all_columns(table)
        for row in dicts(ONE, table._default_manager.using(ALIAS).filter(pandaid=pandaid), names):
            _keep_newest(found, row | {"_table": name_of(table)})
    return found.get(pandaid)


def some(pandaids: list[int]) -> list[dict[str, Any]]:
    """The newest rows of some jobs: states, queue and error fields."""
    columns = (*IDENTITY, "jobsubstatus", "computingsite", *CODE_COLUMNS, *DIAG_COLUMNS)
    found: dict[int, dict[str, Any]] = {}
    for table in TABLES:
        rows = table._default_manager.using(ALIAS).filter(pandaid__in=padded(tuple(pandaids[:MOST_IDS_BOUND])))
        for row in dicts(WITH_ERRORS, rows, columns):
            _keep_newest(found, row | {"_table": name_of(table)})
    return list(found.values())


def states(selection: Selection, now: datetime) -> Counter[str]:
    """Jobs of a selection by state, counted by the database. For narrow selections."""
    counts: Counter[str] = Counter()
    for part in parts(selection, now):
        grouped = part.rows.order_by().values_list("jobstatus").annotate(jobs=Count("pandaid"))
        for state, jobs in tuples(STATES, grouped):
            counts[state or ""] += jobs
    return counts


def with_errors(pandaids: list[int]) -> Iterator[dict[str, Any]]:
    """The error codes and texts of some jobs."""
    columns = ("pandaid", *CODE_COLUMNS, *DIAG_COLUMNS)
    for start in range(0, len(pandaids), MOST_IDS_BOUND):
        some = padded(tuple(pandaids[start : start + MOST_IDS_BOUND]))
        for table in reversed(TABLES):
            yield from dicts(WITH_ERRORS, table._default_manager.using(ALIAS).filter(pandaid__in=some), columns)


def number_of(column: str, value: str) -> int | None:
    """The highest pandaid of the jobs with this jobname or batchid."""
    numbers = [
        row[0]
        for table in TABLES
        for row in tuples(
            NAMED,
            table._default_manager.using(ALIAS)
            .filter(where(Test(column, Op.EQUAL, value), TEXTS))
            .order_by("-pandaid")
            .values_list("pandaid")[:1],
        )
    ]
    return max(numbers, default=None)


def all_columns(table: type[Job] = JobsActive4) -> tuple[str, ...]:
    """Every column of a job but the two long texts, which live in tables of their own."""
    names = (column.attname for column in table._meta.concrete_fields)
    return tuple(name for name in names if name not in ("jobparameters", "metadata"))

