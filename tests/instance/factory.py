"""Rows for tests in the PanDA database, written over the demo connection and gone after the test."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from django.db import connections, models, transaction

from bigpandamon_core.demo import connection as demo
from bigpandamon_core.panda.families import FAMILIES
from bigpandamon_core.panda.files import FilesTable4, JobParamsTable, MetaTable
from bigpandamon_core.panda.jobs import Job, JobsActive4, JobsArchived, JobsArchived4, JobsDefined4
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.panda.statuslog import JobsStatusLog
from bigpandamon_core.panda.tasks import JediJobRetryHistory, JediTasks
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers, HarvesterWorkers
from tests.instance import defaults

JOB_TABLES: Mapping[str, type[Job]] = {
    "jobsdefined4": JobsDefined4,
    "jobsactive4": JobsActive4,
    "jobsarchived4": JobsArchived4,
    "jobsarchived": JobsArchived,
}
HARVESTER = "harvester_one"


def _insertion(model: type[models.Model], names: Iterable[str], quote: Callable[[str], str]) -> str:
    by_name = {field.name: str(field.column) for field in model._meta.concrete_fields}
    columns = [quote(by_name[name]) for name in names]
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) VALUES ({marks})"


class Panda:
    """Factories: whatever is not given is invented (see defaults.py). Columns go by their attribute names."""

    def __init__(self) -> None:
        self.alias = demo.writing().alias
        self.numbers = count(1001)
        self.origins: dict[int, int] = {}

    def job(self, table: str = "jobsarchived4", **columns: Any) -> int:
        """A job in one of the four job tables; its pandaid."""
        pandaid: int = columns.pop("pandaid", None) or next(self.numbers)
        self.row(JOB_TABLES[table], pandaid=pandaid, **defaults.job(table, columns))
        return pandaid

    def jobs(self, rows: Iterable[Mapping[str, Any]], table: str = "jobsarchived4") -> None:
        """Many jobs of one table at once; of each only what differs from the defaults is given."""
        numbered = ({"pandaid": next(self.numbers)} | defaults.job(table, dict(row)) for row in rows)
        self.rows(JOB_TABLES[table], numbered)

    def file(self, pandaid: int, model: type[models.Model] = FilesTable4, **columns: Any) -> int:
        """A file of a job; its row_id."""
        row_id: int = columns.pop("row_id", None) or next(self.numbers)
        self.row(model, row_id=row_id, pandaid=pandaid, **(defaults.FILE | columns))
        return row_id

    def parameters(self, pandaid: int, text: str, model: type[models.Model] = JobParamsTable) -> None:
        self.row(model, pandaid=pandaid, jobparameters=text)

    def metadata(self, pandaid: int, text: str, model: type[models.Model] = MetaTable) -> None:
        self.row(model, pandaid=pandaid, metadata=text)

    def status(self, pandaid: int, jobstatus: str, at: datetime) -> None:
        """A line of the status log."""
        times = {"modificationtime": at.replace(microsecond=0), "modiftime_extended": at}
        self.row(JobsStatusLog, pandaid=pandaid, jobstatus=jobstatus, **times)

    def retry(self, old: int, new: int, jeditaskid: int = 7000, relationtype: str = "retry") -> None:
        """The job new replaces the job old."""
        first = self.origins.get(old, old)
        if relationtype == "retry":
            self.origins[new] = first
        ids = {"jeditaskid": jeditaskid, "oldpandaid": old, "newpandaid": new, "originpandaid": first}
        self.row(JediJobRetryHistory, relationtype=relationtype, **ids)

    def task(self, **columns: Any) -> int:
        """A task; its jeditaskid."""
        jeditaskid: int = columns.pop("jeditaskid", None) or next(self.numbers)
        named = {"taskname": "task.example", "status": "running", "username": "Ada Example"}
        self.row(JediTasks, jeditaskid=jeditaskid, **(named | columns))
        return jeditaskid

    def queue(self, name: str, **document: Any) -> None:
        """A queue with its configuration, e.g. queue("QUEUE_ONE", cloud="WORLD", status="online")."""
        self.row(SchedconfigJson, panda_queue=name, data={"panda_resource": name} | document)

    def worker(self, pandaid: int, **columns: Any) -> int:
        """A harvester worker that took the job; its workerid."""
        workerid: int = columns.pop("workerid", None) or next(self.numbers)
        names = {"harvesterid": columns.pop("harvesterid", HARVESTER), "workerid": workerid}
        self.row(HarvesterWorkers, **names, **({"status": "running"} | columns))
        self.row(HarvesterRelJobsWorkers, **names, pandaid=pandaid)
        return workerid

    def row(self, model: type[models.Model], **columns: Any) -> None:
        """One row of any table."""
        self.rows(model, [columns])

    def rows(self, model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
        """Many rows of one table at once, without an object of a hundred and more columns for each."""
        given, connection = defaults.required(model), connections[self.alias]
        fields = {field.name: field for field in model._meta.concrete_fields}
        alike: dict[tuple[str, ...], list[list[Any]]] = {}
        for row in rows:
            whole = given | dict(row)
            bound = [fields[name].get_db_prep_save(value, connection) for name, value in whole.items()]
            alike.setdefault(tuple(whole), []).append(bound)
        with connection.cursor() as cursor:
            for names, some in alike.items():
                cursor.executemany(_insertion(model, names, connection.ops.quote_name), some)

    def clear(self) -> None:
        """Empty all PanDA tables, also of what an importer or a simulator has written."""
        with transaction.atomic(using=self.alias), connections[self.alias].cursor() as cursor:
            for model in (table for tables in FAMILIES.values() for table in tables):
                cursor.execute(f"DELETE FROM {connections[self.alias].ops.quote_name(model._meta.db_table)}")
