"""Reading harvester workers: their rows, and the jobs that each took."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from bigpandamon_core.domain.conditions import EVERYTHING, All, Condition, equal
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers, HarvesterWorkers
from bigpandamon_core.queries.listing import listed
from bigpandamon_core.queries.where import in_chunks, text_columns, where
from bigpandamon_core.queries.where import listed as among
from bigpandamon_core.sources.reading import ALIAS, declare, dicts, tuples

WORKERS = listed("workers", HarvesterWorkers, ("workerid", "harvesterid"), "Workers")
ONE = declare("workers.one", "A worker by its number.", binds=("harvesterid", "workerid"), cap=1)
JOBS = declare("workers.jobs", "The jobs a worker took.", binds=("harvesterid", "workerid"), cap=1_000)

TAKEN = declare("workers.of_jobs", "Which workers took jobs.", binds=("pandaids",), cap=100_000)
SOME = declare("workers.some", "Workers by number.", binds=("harvesterid", "workerids"))


def one(harvesterid: str, workerid: int) -> dict[str, Any] | None:
    rows = HarvesterWorkers.objects.using(ALIAS).filter(_of(HarvesterWorkers, harvesterid, workerid))
    return next(iter(dicts(ONE, rows[: ONE.cap], WORKERS.columns)), None)


def jobs_of(harvesterid: str, workerid: int) -> list[int]:
    """The numbers of the jobs a worker took, JOBS.cap of them, newest first."""
    rows = HarvesterRelJobsWorkers.objects.using(ALIAS)
    rows = rows.filter(_of(HarvesterRelJobsWorkers, harvesterid, workerid)).order_by("-pandaid")
    return [row[0] for row in tuples(JOBS, rows.values_list("pandaid")[: JOBS.cap])]


def _of(table: Any, harvesterid: str, workerid: int) -> Any:
    wanted = All((equal("harvesterid", harvesterid), equal("workerid", workerid)))
    return where(wanted, text_columns(table))


def of_jobs(pandaids: Iterable[int]) -> Iterator[tuple[str, int, int]]:
    """(harvesterid, workerid, pandaid) of every worker that took one of the jobs."""
    for numbers in in_chunks(pandaids):
        rows = HarvesterRelJobsWorkers.objects.using(ALIAS).filter(among("pandaid", numbers))
        yield from tuples(TAKEN, rows.values_list("harvesterid", "workerid", "pandaid")[: TAKEN.cap])


def some(
    keys: Iterable[tuple[str, int]], columns: tuple[str, ...], condition: Condition = EVERYTHING
) -> Iterator[dict[str, Any]]:
    """The columns of those workers, by harvester and number, that fulfil a condition without lookups."""
    by_harvester: dict[str, list[int]] = defaultdict(list)
    for harvesterid, workerid in keys:
        by_harvester[harvesterid].append(workerid)
    texts = text_columns(HarvesterWorkers)
    for harvesterid, workerids in sorted(by_harvester.items()):
        wanted = where(All((equal("harvesterid", harvesterid), condition)), texts)
        for numbers in in_chunks(workerids):
            rows = HarvesterWorkers.objects.using(ALIAS).filter(wanted & among("workerid", numbers))
            yield from dicts(SOME, rows, columns)
