"""Reading what a task was submitted with and what happened to it: parameters, attempts, states, relatives."""

from typing import Any

from django.db.models import Q

from bigpandamon_core.panda.locality import JediDatasetLocality
from bigpandamon_core.panda.task_history import JediTaskparams, TaskAttempts, TasksStatuslog
from bigpandamon_core.panda.tasks import JediTasks
from bigpandamon_core.queries.tasks import TASKS
from bigpandamon_core.sources.reading import ALIAS, declare, dicts, tuples

PARAMETERS = declare("tasks.parameters", "The submission of a task.", binds=("jeditaskid",))
ATTEMPTS = declare("tasks.attempts", "The attempts of a task.", binds=("jeditaskid",), cap=1_000)
STATES = declare("tasks.states", "The state changes of a task.", binds=("jeditaskid",), cap=5_000)
RELATIVES = declare("tasks.relatives", "A task's parent and children.", binds=("jeditaskids",), cap=1_000)
STORAGE = declare("tasks.storage", "Which storage has a task's inputs.", binds=("jeditaskid",), cap=5_000)
STATE_COLUMNS = ("jeditaskid", "modificationtime", "status", "modificationhost", "attemptnr", "reason")
ATTEMPT_COLUMNS = ("jeditaskid", "attemptnr", "starttime", "endtime", "startstatus", "endstatus")


def parameters_of(jeditaskid: int) -> str:
    rows = JediTaskparams.objects.using(ALIAS).filter(jeditaskid=jeditaskid).values_list("taskparams")
    return next((str(text) for (text,) in tuples(PARAMETERS, rows) if text), "")


def attempts_of(jeditaskid: int) -> list[dict[str, Any]]:
    """Oldest first."""
    rows = TaskAttempts.objects.using(ALIAS).filter(jeditaskid=jeditaskid).order_by("attemptnr")
    return dicts(ATTEMPTS, rows[: ATTEMPTS.cap], ATTEMPT_COLUMNS)


def states_of(jeditaskid: int) -> list[dict[str, Any]]:
    """State changes, oldest first."""
    rows = TasksStatuslog.objects.using(ALIAS).filter(jeditaskid=jeditaskid).order_by("modificationtime")
    return dicts(STATES, rows[: STATES.cap], STATE_COLUMNS)


def relatives_of(jeditaskid: int, parent: int | None) -> list[dict[str, Any]]:
    """The parent, then the children by number; a task without a parent names itself as one."""
    wanted = Q(parent_tid=jeditaskid) | (Q(jeditaskid=parent) if parent else Q(pk__in=[]))
    rows = JediTasks.objects.using(ALIAS).filter(wanted).exclude(jeditaskid=jeditaskid)
    found = dicts(RELATIVES, rows.order_by("jeditaskid")[: RELATIVES.cap], TASKS.columns)
    return sorted(found, key=lambda row: (row["jeditaskid"] != parent, row["jeditaskid"]))


def storage_of(jeditaskid: int) -> dict[int, list[str]]:
    """Storage elements by datasetid."""
    rows = JediDatasetLocality.objects.using(ALIAS).filter(jeditaskid=jeditaskid).order_by("datasetid", "rse")
    found: dict[int, list[str]] = {}
    for datasetid, rse in tuples(STORAGE, rows.values_list("datasetid", "rse")[: STORAGE.cap]):
        found.setdefault(datasetid, []).append(rse)
    return found
