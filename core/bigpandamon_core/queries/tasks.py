"""Reading tasks: their rows, the files of their datasets summed up, their datasets."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from bigpandamon_core.domain.conditions import EVERYTHING, All, Condition, equal
from bigpandamon_core.domain.tasks import INPUTS
from bigpandamon_core.panda.tasks import JediDatasets, JediTasks
from bigpandamon_core.queries.listing import listed as listing_of
from bigpandamon_core.queries.where import in_chunks, listed, where
from bigpandamon_core.sources.reading import ALIAS, declare, dicts, tuples

TASKS = listing_of("tasks", JediTasks, ("jeditaskid",), "Tasks")
OF_REQUEST = declare("tasks.of_request", "Whether a request has tasks.", binds=("reqid",), cap=1)
BY_STATUS = declare("tasks.by_status", "Tasks by state.", binds=("since",))
NAMED = declare("tasks.named", "The newest task of a name.", binds=("taskname",), cap=1)
SOME = declare("tasks.some", "Tasks by number.", binds=("jeditaskids",))
PROGRESS = declare("tasks.progress", "Files and events of the inputs of tasks.", binds=("jeditaskids",))
DATASETS = declare("tasks.datasets", "The datasets of tasks.", binds=("jeditaskids",))
OUTPUTS = ("output",)
REMOVED = "removed"
SUMMED = ("nfiles", "nfilesfinished", "nfilesfailed", "nfilesmissing", "nevents", "neventsused")
DATASET_COLUMNS = tuple(column.attname for column in JediDatasets._meta.concrete_fields)


def by_status(since: datetime) -> dict[str, int]:
    """How many tasks that changed since then are in each state."""
    rows = JediTasks.objects.using(ALIAS).filter(modificationtime__gte=since)
    counted = rows.order_by().values("status").annotate(tasks=Count("jeditaskid"))
    return {
        status or "": tasks for status, tasks in tuples(BY_STATUS, counted.values_list("status", "tasks"))
    }


def is_primary(dataset: Mapping[str, Any]) -> bool:
    """Whether its files count for the progress of its task."""
    return dataset["type"] in INPUTS and dataset["masterid"] is None and dataset["status"] != REMOVED


def some(jeditaskids: Iterable[int], columns: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    """Tasks by number."""
    found: dict[int, dict[str, Any]] = {}
    for numbers in in_chunks(jeditaskids):
        rows = JediTasks.objects.using(ALIAS).filter(listed("jeditaskid", numbers))
        found |= {row["jeditaskid"]: row for row in dicts(SOME, rows, ("jeditaskid", *columns))}
    return found


def progress(jeditaskids: Iterable[int]) -> dict[int, dict[str, int]]:
    """By task, sums over its primary inputs that were not removed: `SUMMED`, 0 for what is not told. Tasks
    without such inputs are absent."""
    found: dict[int, dict[str, int]] = {}
    for numbers in in_chunks(jeditaskids):
        rows = (
            JediDatasets.objects.using(ALIAS)
            .filter(listed("jeditaskid", numbers), Q(status__isnull=True) | ~Q(status=REMOVED))
            .filter(type__in=INPUTS, masterid__isnull=True)
            .order_by()
            .values("jeditaskid")
            .annotate(**{f"sum_{name}": Coalesce(Sum(name), 0) for name in SUMMED})
        )
        columns = ("jeditaskid", *(f"sum_{name}" for name in SUMMED))
        for row in dicts(PROGRESS, rows, columns):
            found[row["jeditaskid"]] = {name: int(row[f"sum_{name}"]) for name in SUMMED}
    return found


def datasets(
    jeditaskids: Iterable[int], types: Collection[str] = (*INPUTS, *OUTPUTS)
) -> dict[int, list[dict[str, Any]]]:
    """By task, its datasets of these types by number, all without any."""
    found: dict[int, list[dict[str, Any]]] = {}
    for numbers in in_chunks(jeditaskids):
        rows = JediDatasets.objects.using(ALIAS).filter(listed("jeditaskid", numbers))
        rows = rows.filter(type__in=types) if types else rows
        for row in dicts(DATASETS, rows.order_by("jeditaskid", "datasetid"), DATASET_COLUMNS):
            found.setdefault(row["jeditaskid"], []).append(row)
    return found


def datasets_of(jeditaskid: int) -> list[dict[str, Any]]:
    """All datasets of one task, by number."""
    return datasets([jeditaskid], ()).get(jeditaskid, [])


def number_of(taskname: str, inside: Condition = EVERYTHING) -> int | None:
    """The highest number of the tasks so named, to the letter. inside: what they fulfil, too."""
    wanted = where(All((equal("taskname", taskname), inside)), TASKS.order.texts)
    rows = JediTasks.objects.using(ALIAS).filter(wanted).order_by("-jeditaskid").values_list("jeditaskid")
    return next((row[0] for row in tuples(NAMED, rows[:1])), None)


def has_request(reqid: int, inside: Condition = EVERYTHING) -> bool:
    """Whether there is a task of this request. inside: what it fulfils, too."""
    wanted = where(All((equal("reqid", reqid), inside)), TASKS.order.texts)
    rows = JediTasks.objects.using(ALIAS).filter(wanted).values_list("jeditaskid")[:1]
    return any(tuples(OF_REQUEST, rows))
