"""`/workersfortask/`: the harvester workers that took the jobs of a task."""

from dataclasses import replace
from typing import Any

from bigpandamon_core.domain.parameters import clean
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import workers as queries
from bigpandamon_core.queries.task_jobs import JOBS, jobs_of
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries.workers import days_run, events

Row = dict[str, Any]
_OF_JOBS = ("pandaid", "jeditaskid", "eventservice", "nevents")
_OF_WORKERS = ("harvesterid", "workerid", "batchid", "starttime", "endtime", "ncore", "njobs")


class TaskWorkers(Unselected):
    """Those whose rows are still there, in the order of harvester and number. truncated: what was cut, in
    words.

    Raises:
        Problem: no task is named (400).
    """

    def __init__(self, call: Call):
        super().__init__(call)
        tasks = clean(call.parameters).get("jeditaskid")
        if not tasks:
            raise Problem(
                "No jeditaskid provided",
                parameter="jeditaskid",
                code="missing-parameter",
                remedy="Give jeditaskid=<number>, or several with | between them.",
            )
        asked = (("jeditaskid", tasks.replace(",", "|")), ("mode", "nodrop"))
        jobs = Jobs(replace(call, parameters=asked, strict=False))
        with snapshot():
            rows, is_cut = jobs_of(jobs.selection, _OF_JOBS, call.now)
            counts = events(rows, queries.of_jobs(row["pandaid"] for row in rows))
            inside = scope.condition(call, "workers")
            workers = queries.some(counts, _OF_WORKERS, inside)
            self.rows = [_told(row, counts[row["harvesterid"], row["workerid"]], call) for row in workers]
        self.truncated = f"workers of {JOBS.cap:,} jobs are told, there are more" if is_cut else ""


def _told(row: Row, sumevents: int, call: Call) -> Row:
    """A worker in the shape that programs know; walltime in days."""
    told = {
        "harvesterid": row["harvesterid"],
        "workerid": row["workerid"],
        "sumevents": sumevents,
        "batchid": row["batchid"] or "",
        "walltime": days_run(row["starttime"], row["endtime"], call.now),
        "ncore": row["ncore"],
        "njobs": row["njobs"],
    }
    return call.privacy.row(told)


def compatible(found: TaskWorkers) -> list[Row]:
    return sorted(found.rows, key=lambda row: (row["harvesterid"], row["workerid"]))
