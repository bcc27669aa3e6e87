"""Families of PanDA tables, and which of them an installation has and lets us read."""

from collections.abc import Mapping
from contextlib import nullcontext
from enum import StrEnum
from types import MappingProxyType

from django.db import DatabaseError, connections, models, transaction

from bigpandamon_core.panda.added import Families, added
from bigpandamon_core.panda.errors import ErrorDescriptions
from bigpandamon_core.panda.events import JediEvents
from bigpandamon_core.panda.files import (
    FilesTable4,
    FilesTableArch,
    JobParamsTable,
    JobParamsTableArch,
    MetaTable,
    MetaTableArch,
)
from bigpandamon_core.panda.harvester import HarvesterDialogs, HarvesterInstances, HarvesterWorkerStats
from bigpandamon_core.panda.jobs import JobsActive4, JobsArchived, JobsArchived4, JobsDefined4
from bigpandamon_core.panda.locality import JediDatasetLocality
from bigpandamon_core.panda.nodes import WorkerNode, WorkerNodeQueue
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.panda.router import PANDA_ALIAS
from bigpandamon_core.panda.statuslog import JobsStatusLog
from bigpandamon_core.panda.task_history import JediTaskparams, TaskAttempts, TasksStatuslog
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets, JediJobRetryHistory, JediTasks
from bigpandamon_core.panda.users import Users
from bigpandamon_core.panda.work_queues import JediWorkQueue, ResourceTypes
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers, HarvesterWorkers

FAMILIES: Mapping[str, tuple[type[models.Model], ...]] = MappingProxyType(
    {
        "jobs": (JobsDefined4, JobsActive4, JobsArchived4),
        "archive": (JobsArchived, FilesTableArch, JobParamsTableArch, MetaTableArch),
        "files": (FilesTable4,),
        "params": (JobParamsTable,),
        "metadata": (MetaTable,),
        "statuslog": (JobsStatusLog,),
        "jedi": (JediTasks, JediDatasets, JediDatasetContents, JediJobRetryHistory),
        "events": (JediEvents,),
        "queues": (SchedconfigJson,),
        "taskparams": (JediTaskparams,),
        "taskhistory": (TaskAttempts, TasksStatuslog),
        "locality": (JediDatasetLocality,),
        "workqueues": (JediWorkQueue,),
        "resourcetypes": (ResourceTypes,),
        "harvester": (HarvesterWorkers, HarvesterRelJobsWorkers),
        "harvesterservices": (HarvesterInstances, HarvesterDialogs, HarvesterWorkerStats),
        "nodes": (WorkerNode, WorkerNodeQueue),
        "errors": (ErrorDescriptions,),
        "users": (Users,),
    }
)


def known() -> Families:
    """Our families and those of active plugins."""
    return {**FAMILIES, **added()}


class Presence(StrEnum):
    """Whether a table, or every table of a family, can be read."""

    PRESENT = "present"
    ABSENT = "absent"
    FORBIDDEN = "forbidden"


ABSENT_CODES: Mapping[str, frozenset[str | int]] = {
    "mysql": frozenset({1049, 1146}),  # no such database, no such table
    "postgresql": frozenset({"3F000", "42P01"}),  # no such schema, no such table
    "oracle": frozenset({942}),  # no such table, or no right to know of it: Oracle does not tell
}
FORBIDDEN_CODES: Mapping[str, frozenset[str | int]] = {
    "mysql": frozenset({1044, 1142, 1143}),  # no right on the database, the table, a column
    "postgresql": frozenset({"42501"}),
    "oracle": frozenset({1031}),
}


def presence(alias: str = PANDA_ALIAS) -> Mapping[str, Presence]:
    """The state of each family: that of its worst table. One statement a table, none of which reads a row.

    Raises Django's DatabaseError when a table cannot be asked for another reason (the database is down).
    """
    return MappingProxyType({family: family_presence(family, alias) for family in known()})


def family_presence(family: str, alias: str = PANDA_ALIAS) -> Presence:
    """The state of one family. Raises as `presence` does."""
    return _worst(known()[family], alias)


def _worst(tables: tuple[type[models.Model], ...], alias: str) -> Presence:
    found = {table_presence(table, alias) for table in tables}
    return next(each for each in (Presence.ABSENT, Presence.FORBIDDEN, Presence.PRESENT) if each in found)


def table_presence(table: type[models.Model], alias: str = PANDA_ALIAS) -> Presence:
    """The state of one table, found by asking for none of its rows. PostgreSQL would break off a transaction
    around a statement that fails."""
    connection = connections[alias]
    name = connection.ops.quote_name(table._meta.db_table)
    breaks_off = connection.vendor == "postgresql" and connection.in_atomic_block
    try:
        with transaction.atomic(using=alias) if breaks_off else nullcontext(), connection.cursor() as cursor:
            cursor.execute(f"/* families.presence */ SELECT 1 FROM {name} WHERE 1 = 0")  # noqa: S608  # our own names
    except DatabaseError as error:
        return _explained(error, connection.vendor)
    return Presence.PRESENT


def _explained(error: DatabaseError, vendor: str) -> Presence:
    code = _code(error)
    if code in ABSENT_CODES.get(vendor, ()) or (vendor == "sqlite" and "no such table" in str(error)):
        return Presence.ABSENT
    if code in FORBIDDEN_CODES.get(vendor, ()):
        return Presence.FORBIDDEN
    raise error


def _code(error: DatabaseError) -> str | int | None:
    """SQLSTATE on PostgreSQL, else the server's number."""
    cause = error.__cause__
    first = cause.args[0] if cause is not None and cause.args else None
    code: str | int | None = getattr(cause, "sqlstate", None) or getattr(first, "code", None)
    return code if code is not None or not isinstance(first, int) else first
