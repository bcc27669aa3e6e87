"""Writes rows of record files into a demonstration's PanDA tables: new ones whole, known ones where empty."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, IntegrityError, transaction

from bigpandamon_core.demo import schema
from bigpandamon_core.demo.connection import ALIAS, writing
from bigpandamon_core.demo.importing.rows import Changes, Row, Table, Values, changes, columns_of
from bigpandamon_core.sources.records import Outcome, Record, Refused, Unreadable

KeyValues = tuple[Any, ...]
Placed = tuple[str, Row]
"""A row and the place of its record in the file."""


@dataclass(frozen=True, slots=True)
class Key:
    """Attributes that tell rows apart; by `sought`, a selective one that is indexed, they are looked up."""

    names: tuple[str, ...]
    sought: str

    def of(self, values: Values) -> KeyValues:
        return tuple(values.get(name) for name in self.names)

    def matching(self, values: Values) -> dict[str, Any]:
        return {name: values.get(name) for name in self.names}


@dataclass(frozen=True, slots=True)
class RowWriter:
    """A Writer of PanDA rows.

    row: the row a record tells; Refused if it tells none. completed: a new row's values with those that the
    table insists on. tables: where a row may be already; the first that has it is the one that is filled.
    jobs: whether rows are jobs, whose origin is remembered.
    """

    row: Callable[[Record], Row]
    completed: Callable[[Table, Values], dict[str, Any]]
    key: Key
    tables: tuple[Table, ...]
    jobs: bool = False
    _checked: list[bool] = field(default_factory=list)

    def write(self, records: Sequence[Record]) -> Outcome:
        if not self._checked:
            schema.require_ours(writing())
            self._checked.append(True)
        outcome = Outcome()
        with transaction.atomic(using=ALIAS):
            for run in self._runs(self._rows(records, outcome)):
                self._write_run(run, outcome)
        return outcome

    def _rows(self, records: Sequence[Record], outcome: Outcome) -> Iterator[Placed]:
        for record in records:
            try:
                row = self.row(record)
                self._require_key(row)
            except Refused as refusal:
                outcome.refused.append(Unreadable(record.place, str(refusal)))
            else:
                outcome.left_out.update(row.left_out)
                yield record.place, row

    def _require_key(self, row: Row) -> None:
        if row.values.get(self.key.sought) is None:
            raise Refused(f"no {self.key.sought}")

    def _runs(self, placed: Iterator[Placed]) -> Iterator[list[Placed]]:
        """Stretches in which no row comes twice: the second telling must find the first one stored."""
        run: list[Placed] = []
        seen: set[KeyValues] = set()
        for place, row in placed:
            key = self.key.of(row.values)
            if key in seen:
                yield run
                run, seen = [], set()
            run.append((place, row))
            seen.add(key)
        if run:
            yield run

    def _write_run(self, run: list[Placed], outcome: Outcome) -> None:
        stored = self._stored([row for _, row in run])
        new: dict[Table, list[Placed]] = {}
        for place, row in run:
            known = stored.get(self.key.of(row.values))
            if known is None:
                new.setdefault(row.table, []).append((place, row))
            else:
                self._fill(place, row, known, outcome)
        for table, rows in new.items():
            self._add(table, rows, outcome)

    def _stored(self, rows: Sequence[Row]) -> Mapping[KeyValues, "_Stored"]:
        wanted = {self.key.of(row.values) for row in rows}
        sought = {f"{self.key.sought}__in": sorted({row.values[self.key.sought] for row in rows})}
        found: dict[KeyValues, _Stored] = {}
        for table in reversed(self.tables):
            for values in table._base_manager.using(ALIAS).filter(**sought).values(*_names(table)):
                if self.key.of(values) in wanted:
                    found[self.key.of(values)] = _Stored(table, values)
        return found

    def _fill(self, place: str, row: Row, known: "_Stored", outcome: Outcome) -> None:
        added = changes(known.table, known.values, row.values)
        try:
            self._update(known, added)
        except (DataError, IntegrityError) as error:
            outcome.refused.append(Unreadable(place, _told(error)))
            return
        outcome.completed += bool(added.filled)
        outcome.unchanged += not added.filled
        outcome.kept += added.differs
        self._note(row, outcome)

    def _update(self, known: "_Stored", added: Changes) -> None:
        if not added.filled:
            return
        matching = self.key.matching(known.values)
        with transaction.atomic(using=ALIAS):
            known.table._base_manager.using(ALIAS).filter(**matching).update(**added.filled)

    def _add(self, table: Table, rows: list[Placed], outcome: Outcome) -> None:
        """All at once; if the database refuses one of them, one by one."""
        ready = list(self._completed(table, rows, outcome))
        if not ready:
            return
        try:
            _insert(table, [values for _, _, values in ready])
        except (DataError, IntegrityError):
            ready = list(self._accepted(table, ready, outcome))
        outcome.added += len(ready)
        for _, row, _ in ready:
            self._note(row, outcome)

    def _completed(self, table: Table, rows: list[Placed], outcome: Outcome) -> Iterator["_Ready"]:
        for place, row in rows:
            try:
                yield place, row, self.completed(table, row.values)
            except Refused as refusal:
                outcome.refused.append(Unreadable(place, str(refusal)))

    def _accepted(self, table: Table, ready: list["_Ready"], outcome: Outcome) -> Iterator["_Ready"]:
        for place, row, values in ready:
            try:
                _insert(table, [values])
            except (DataError, IntegrityError) as error:
                outcome.refused.append(Unreadable(place, _told(error)))
            else:
                yield place, row, values

    def _note(self, row: Row, outcome: Outcome) -> None:
        if self.jobs:
            outcome.pandaids.append(row.values["pandaid"])


@dataclass(frozen=True, slots=True)
class _Stored:
    table: Table
    values: Values


_Ready = tuple[str, Row, dict[str, Any]]


def _insert(table: Table, rows: Sequence[Values]) -> None:
    """One statement for all rows, naming only the columns they tell: bulk_create binds every column of every
    row, and that was two thirds of an import."""
    connection = writing()
    quote = connection.ops.quote_name
    fields = [field for field in columns_of(table) if any(field.name in values for values in rows)]
    names = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(table._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608  # our names
    bound = [[field.get_db_prep_save(row.get(field.name), connection) for field in fields] for row in rows]
    with transaction.atomic(using=ALIAS), connection.cursor() as cursor:
        cursor.executemany(statement, bound)


def _names(table: Table) -> list[str]:
    return [field.name for field in columns_of(table)]


def _told(error: Exception) -> str:
    """The database's own words, on one line."""
    return "the database refused it: " + " ".join(str(error).split())
