"""Reading the files of tasks: rows of dataset contents, and the names of datasets."""

from typing import Any

from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from bigpandamon_core.queries.where import listed
from bigpandamon_core.sources.reading import ALIAS, declare, dicts, tuples

OF_JOBS = declare(
    "datasets.contents_of_jobs", "The task's files of several jobs.", binds=("jeditaskids", "pandaids")
)
NAMES = declare("datasets.names", "Names of datasets.", binds=("jeditaskids", "datasetids"))
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
