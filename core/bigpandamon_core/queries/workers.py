"""Reading harvester workers: their rows, and the jobs that each took."""

from typing import Any

from bigpandamon_core.domain.conditions import All, equal
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers, HarvesterWorkers
from bigpandamon_core.queries.listing import listed
from bigpandamon_core.queries.where import text_columns, where
from bigpandamon_core.sources.reading import ALIAS, declare, dicts, tuples

WORKERS = listed("workers", HarvesterWorkers, ("workerid", "harvesterid"), "Workers")
ONE = declare("workers.one", "A worker by its number.", binds=("harvesterid", "workerid"), cap=1)
JOBS = declare("workers.jobs", "The jobs a worker took.", binds=("harvesterid", "workerid"), cap=1_000)


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
