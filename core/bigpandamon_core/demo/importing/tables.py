"""Tables as a PanDA server wrote them: one CSV per table, named like it, an empty field being NULL.

A table of another schema than the main one may have that before its name, as in deft_t_task.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from django.db import models

from bigpandamon_core.demo import schema
from bigpandamon_core.demo.importing.rows import Row, Table, complete, read, table_name
from bigpandamon_core.demo.importing.writing import Key, RowWriter
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.panda.jobs import Job
from bigpandamon_core.panda.statuslog import JobsStatusLog
from bigpandamon_core.panda.tasks import JediJobRetryHistory
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers, HarvesterWorkers
from bigpandamon_core.sources.csv_records import csv_records
from bigpandamon_core.sources.records import Record, RecordKind

KEYS: Mapping[Table, Key] = {
    JobsStatusLog: Key(("pandaid", "modificationtime", "jobstatus", "modiftime_extended"), "pandaid"),
    JediJobRetryHistory: Key(("jeditaskid", "oldpandaid", "newpandaid", "relationtype"), "newpandaid"),
    HarvesterWorkers: Key(("harvesterid", "workerid"), "workerid"),
    HarvesterRelJobsWorkers: Key(("harvesterid", "workerid", "pandaid"), "pandaid"),
}
"""Keys that differ from what their models tell, or are better sought by another column."""


def tables() -> Mapping[str, Table]:
    """The tables that can be imported, by name."""
    return {table_name(table): table for table in schema.tables()}


def _of_file(path: Path) -> Table | None:
    name = path.stem.lower()
    with_schema = {table._meta.db_table.replace(".", "_"): table for table in schema.tables()}
    return tables().get(name) or with_schema.get(name)


def key(table: type[models.Model]) -> Key:
    """That of KEYS, else the one the model tells; its first column is selective enough for our tables."""
    told = table._meta.pk
    if isinstance(told, models.CompositePrimaryKey):
        names = tuple(told.field_names)
    else:
        names = (told.name,) if told else ()
    return KEYS.get(table) or Key(names, names[0])


def writer(path: Path) -> RowWriter:
    """Problem if the file is not named like a table that we know."""
    table = _of_file(path)
    if table is None:
        raise Problem(
            f"There is no table {path.stem!r} to import into.",
            where=str(path),
            remedy=f"The file's name says the table, one of {', '.join(sorted(tables()))}.",
            code="unknown-table",
        )
    return RowWriter(partial(_row, table), complete, key(table), (table,), jobs=issubclass(table, Job))


def _row(table: Table, record: Record) -> Row:
    return read(table, record.values)


def recognises(path: Path, _record: Record) -> bool:
    return _of_file(path) is not None


KIND = RecordKind(
    name="table",
    help="a table as a PanDA server wrote it; the file is named like the table",
    readers={".csv": csv_records},
    writer=writer,
    recognises=recognises,
)
