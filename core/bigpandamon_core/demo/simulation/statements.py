"""The statements that bring a record into a table, change it there, and take it away again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.constants import OnConflict

from bigpandamon_core.demo.simulation.records import Row
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.panda.families import FAMILIES
from bigpandamon_core.panda.router import PANDA_LABEL

KEYS = {
    "filestable4": ("row_id",),
    "jedi_tasks": ("jeditaskid",),
    "jedi_datasets": ("jeditaskid", "datasetid"),
    "jedi_dataset_contents": ("jeditaskid", "datasetid", "fileid"),
    "users": ("id",),
    "harvester_workers": ("harvesterid", "workerid"),
    "harvester_instances": ("harvester_id",),
    "harvester_worker_stats": ("harvester_id", "computingsite", "resourcetype", "status", "jobtype"),
    "worker_node": ("site", "host_name", "cpu_model"),
    "worker_node_queue": ("site", "host_name", "panda_queue"),
    "jedi_taskparams": ("jeditaskid",),
    "jedi_events": ("jeditaskid", "pandaid", "fileid", "job_processid"),
    "task_attempts": ("jeditaskid", "attemptnr"),
    "tasks_statuslog": ("jeditaskid", "modificationtime", "status"),
}
"""Columns that find a row again; pandaid where nothing stands here."""

DEFINITIONS = frozenset({"jedi_work_queue", "resource_types", "error_descriptions", "schedconfig_json"})
"""Tables of what an installation has but once: rows that were imported before stay."""

CHANGING = {
    "filestable4": ("modificationtime", "status", "fsize", "checksum"),
    "jobparamstable": ("modificationtime",),
    "task_attempts": ("endtime", "endstatus"),
    "metatable": ("modificationtime",),
    "jedi_events": ("status", "error_code", "error_diag"),
    "harvester_instances": ("lastupdate",),
    "harvester_worker_stats": ("n_workers", "lastupdate"),
    "worker_node": ("last_seen",),
    "worker_node_queue": ("last_seen",),
    "jedi_dataset_contents": (
        "status", "proc_status", "pandaid", "attemptnr", "failedattempt", "lastattempttime", "fsize",
        "checksum",
    ),
}  # fmt: skip
"""Columns that change while a row stays in its table; all but the key where nothing stands here."""


@dataclass(frozen=True)
class Statements:
    """For one table. Tuples of values come in the order of the statement's placeholders."""

    model: type[models.Model]
    connection: BaseDatabaseWrapper

    @property
    def table(self) -> str:
        return self.model._meta.db_table.rpartition(".")[2]

    @property
    def place(self) -> str:
        return self.connection.ops.quote_name(self.model._meta.db_table)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.column for field in self.model._meta.concrete_fields if field.column)

    @cached_property
    def key(self) -> tuple[str, ...]:
        return KEYS.get(self.table, ("pandaid",))

    @cached_property
    def changing(self) -> tuple[str, ...]:
        fixed = tuple(column for column in self.columns if column not in self.key)
        return CHANGING.get(self.table, fixed)

    @cached_property
    def insert(self) -> str:
        marks = ", ".join(["%s"] * len(self.columns))
        begin, end = self._where_it_stays
        return f"{begin} {self.place} ({self._names(self.columns)}) VALUES ({marks}) {end}"

    @cached_property
    def _where_it_stays(self) -> tuple[str, str]:
        """Begin and end of an insert, which leaves rows of definitions as somebody else told them."""
        ops, known = self.connection.ops, OnConflict.IGNORE if self.table in DEFINITIONS else None
        return ops.insert_statement(known), ops.on_conflict_suffix_sql([], known, [], [])

    @cached_property
    def update(self) -> str:
        settings = ", ".join(f"{self._quoted(column)} = %s" for column in self.changing)
        return f"UPDATE {self.place} SET {settings} WHERE {self._found}"  # noqa: S608

    @cached_property
    def delete(self) -> str:
        return f"DELETE FROM {self.place} WHERE {self._found}"  # noqa: S608

    def inserted(self, row: Row) -> list[Any]:
        return self._bound(row, self.columns, self._times)

    def updated(self, row: Row) -> list[Any]:
        return self._bound(row, self._changing_and_key, self._changing_times)

    def deleted(self, row: Row) -> list[Any]:
        return [row[column] for column in self.key]

    @cached_property
    def _changing_and_key(self) -> tuple[str, ...]:
        return (*self.changing, *self.key)

    @cached_property
    def _times(self) -> tuple[int, ...]:
        return self._places_of_times(self.columns)

    @cached_property
    def _changing_times(self) -> tuple[int, ...]:
        return self._places_of_times(self._changing_and_key)

    def _places_of_times(self, columns: Sequence[str]) -> tuple[int, ...]:
        """SQLite alone wants times as text, in the form in which Django writes them."""
        if self.connection.vendor != "sqlite":
            return ()
        times = {f.column for f in self.model._meta.concrete_fields if isinstance(f, models.DateTimeField)}
        return tuple(place for place, column in enumerate(columns) if column in times)

    @staticmethod
    def _bound(row: Row, columns: Sequence[str], times: Sequence[int]) -> list[Any]:
        values = list(map(row.get, columns))
        for place in times:
            if values[place] is not None:
                values[place] = str(values[place])
        return values

    @property
    def _found(self) -> str:
        return " AND ".join(f"{self._quoted(column)} = %s" for column in self.key)

    def _quoted(self, column: str) -> str:
        return self.connection.ops.quote_name(column)

    def _names(self, columns: Sequence[str]) -> str:
        return ", ".join(map(self._quoted, columns))


def statements(connection: BaseDatabaseWrapper, absent: Iterable[str] = ()) -> dict[str, Statements]:
    """By the bare name of the table, for the PanDA tables that we know, without those of absent families.

    Raises Problem if there is no such family.
    """
    lacking = {model for family in absent for model in family_tables(family)}
    found: Iterable[type[models.Model]] = apps.get_app_config(PANDA_LABEL).get_models()
    all_of_them = (Statements(model, connection) for model in found if model not in lacking)
    return {each.table: each for each in all_of_them}


def family_tables(name: str) -> tuple[type[models.Model], ...]:
    if name not in FAMILIES:
        raise Problem(f"No family of tables is called {name!r}.", remedy=f"There are {', '.join(FAMILIES)}.")
    return FAMILIES[name]
