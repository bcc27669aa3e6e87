"""Values that a factory gives to what a test does not care about. All names are invented."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from bigpandamon_core.domain.window import now
from bigpandamon_core.panda.fields import PandaTimestamp

ENDED = ("jobsarchived4", "jobsarchived")
STATUS = {"jobsdefined4": "defined", "jobsactive4": "running"}
JOB: dict[str, Any] = {
    "attemptnr": 1,
    "maxattempt": 3,
    "assignedpriority": 500,
    "currentpriority": 500,
    "computingsite": "QUEUE_ONE",
    "prodsourcelabel": "managed",
    "produsername": "Ada Example",
    "processingtype": "simul",
    "transformation": "run_payload.py",
    "jobname": "job.example",
    "jeditaskid": 7000,
    "reqid": 70,
    "corecount": 1,
    "minramcount": 2000,
    "gshare": "Share One",
    "resourcetype": "SCORE",
    "cloud": "WORLD",
    "vo": "demo",
}
FILE: dict[str, Any] = {"lfn": "data.0001.root", "type": "input", "status": "ready", "scope": "demo"}


def required(model: type[models.Model]) -> dict[str, Any]:
    """Zeros and empty texts for columns that must have a value, the present for times."""
    present = moment()
    return {field.name: _zero(field, present) for field in model._meta.concrete_fields if not field.null}


def moment() -> datetime:
    """The present by the program's clock, whole seconds as most of PanDA's databases keep."""
    return now().replace(microsecond=0)


def _zero(field: "models.Field[Any, Any]", present: datetime) -> Any:
    if isinstance(field, PandaTimestamp):
        return present
    if isinstance(field, models.DecimalField):
        return Decimal(0)
    return 0 if isinstance(field, models.IntegerField) else ""


def job(table: str, columns: dict[str, Any]) -> dict[str, Any]:
    """A job of that table: its status, and times that follow from modificationtime where none are given."""
    modified = columns.get("modificationtime") or moment()
    times = {
        "modificationtime": modified,
        "statechangetime": modified,
        "creationtime": modified - timedelta(hours=2),
    }
    if table != "jobsdefined4":
        times["starttime"] = modified - timedelta(hours=1)
    if table in ENDED:
        times["endtime"] = modified
    return JOB | times | {"jobstatus": STATUS.get(table, "finished")} | columns
