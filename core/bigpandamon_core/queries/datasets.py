"""Reading data sets of tasks and their files: those that a request names, and rows of dataset contents."""

from typing import Any

from django.db.models import QuerySet

from bigpandamon_core.domain.conditions import Condition, equal
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from bigpandamon_core.queries.where import MOST_BOUND, listed, text_columns, where
from bigpandamon_core.sources.reading import ALIAS, declare, dicts, tuples

OF_JOBS = declare(
    "datasets.contents_of_jobs", "The task's files of several jobs.", binds=("jeditaskids", "pandaids")
)
NAMES = declare("datasets.names", "Names of datasets.", binds=("jeditaskids", "datasetids"))
ASKED_FOR = declare(
    "datasets.asked_for", "Data sets by number, name or container.", binds=("conditions",), cap=10_001
)
NEWEST = declare("datasets.newest", "The newest data set of a name.", binds=("conditions",), cap=1)
ALSO_USED = declare(
    "datasets.also_used", "A data set in other tasks.", binds=("datasetname", "datasetid"), cap=200
)
FOUND = declare("datasets.found_files", "Occurrences of a file.", binds=("conditions",), cap=MOST_BOUND)
DATASET_COLUMNS = tuple(column.attname for column in JediDatasets._meta.concrete_fields)
COLUMNS = tuple(
    """jeditaskid datasetid fileid creationdate lastattempttime lfn guid type status fsize checksum scope
    attemptnr maxattempt nevents keeptrack startevent endevent firstevent boundaryid pandaid jobsetid
    maxfailure failedattempt lumiblocknr procstatus ramcount""".split()
)


def contents_of_jobs(jobs: list[tuple[int, int]]) -> dict[int, list[dict[str, Any]]]:
    """The files that tasks gave to some hundred jobs, by pandaid, ordered by type. jobs: (task, pandaid)."""
    if not jobs:
        return {}
    tasks, pandaids = ({task for task, _ in jobs}, [pandaid for _, pandaid in jobs])
    rows = JediDatasetContents.objects.using(ALIAS).filter(
        listed("jeditaskid", sorted(tasks)), listed("pandaid", pandaids)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in dicts(OF_JOBS, rows.order_by("pandaid", "type", "fileid"), COLUMNS):
        found.setdefault(row["pandaid"], []).append(row)
    return found


def names(datasets: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Names by (jeditaskid, datasetid), for up to some hundred datasets."""
    if not datasets:
        return {}
    tasks, numbers = ({task for task, _ in datasets}, {number for _, number in datasets})
    rows = JediDatasets.objects.using(ALIAS).filter(
        listed("jeditaskid", sorted(tasks)), listed("datasetid", sorted(numbers))
    )
    found = tuples(NAMES, rows.values_list("jeditaskid", "datasetid", "datasetname"))
    return {(task, number): name for task, number, name in found}


def asked_for(condition: Condition, columns: tuple[str, ...], most: int = MOST_BOUND) -> list[dict[str, Any]]:
    """The data sets that fulfil a condition, those of the newest tasks first.

    Raises:
        Problem: more than `most`, which is what one statement binds.
    """
    found = dicts(ASKED_FOR, _newest(condition)[: most + 1], columns)
    if len(found) > most:
        raise Problem(
            f"More than {most:,} data sets are so named",
            code="too-many",
            remedy="Add the jeditaskid or the datasetid, or ask /datasets/ for the list.",
        )
    return found


def newest(condition: Condition) -> dict[str, Any] | None:
    """Of the data sets that fulfil a condition that of the newest task."""
    return next(iter(dicts(NEWEST, _newest(condition)[: NEWEST.cap], DATASET_COLUMNS)), None)


def _newest(condition: Condition) -> QuerySet[JediDatasets]:
    rows = JediDatasets.objects.using(ALIAS).filter(where(condition, text_columns(JediDatasets)))
    return rows.order_by("-jeditaskid", "-datasetid")


def also_used(datasetname: str, datasetid: int) -> list[dict[str, Any]]:
    """The data set as other tasks know it, under the same name, newest first."""
    rows = _newest(equal("datasetname", datasetname)).exclude(datasetid=datasetid)
    return dicts(ALSO_USED, rows[: ALSO_USED.cap], DATASET_COLUMNS)


def found_files(condition: Condition) -> list[dict[str, Any]]:
    """The rows of a file in data sets of tasks, the newest tasks first. An index must serve the condition."""
    rows = JediDatasetContents.objects.using(ALIAS).filter(
        where(condition, text_columns(JediDatasetContents))
    )
    return dicts(FOUND, rows.order_by("-jeditaskid", "-datasetid", "-fileid")[: FOUND.cap], COLUMNS)
