"""The jobs of one task in one pass: their states, errors and use of resources are of one moment."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.window import iso
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries.task_jobs import JOBS, jobs_of
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries import task_jobs
from bigpandamon_core.summaries.jobs import Tally
from bigpandamon_core.summaries.task_jobs import TaskJobs

DAY = timedelta(days=1)
_STATES = named("jobstatus")
Row = Mapping[str, Any]


class JobsOfTask(Jobs):
    """created: when the task was: older ones are looked for as far back. mode: nodrop, where superseded
    attempts count, too. A task with more jobs than are read is counted as
    any selection; what its jobs used is told of those that were read."""

    def __init__(self, call: Call, jeditaskid: int, created: datetime | None, mode: str):
        usual = call.now - timedelta(days=call.option("jobs.lookback_days"))
        reach = {"date_from": iso(created - DAY) or ""} if created and created < usual else {}
        parameters = tuple(({"jeditaskid": str(jeditaskid), "mode": mode} | reach).items())
        super().__init__(replace(call, parameters=parameters, url=f"{call.root}jobs/", strict=False))

    @cached_property
    def _read(self) -> tuple[list[dict[str, Any]], bool]:
        self._note_absent()
        columns = (*task_jobs.COLUMNS, *Tally(_STATES).columns)
        with snapshot():
            return jobs_of(self.selection, columns, self.call.now)

    @cached_property
    def pandaids(self) -> frozenset[int]:
        """The numbers of those that were read."""
        return frozenset(row["pandaid"] for row in self._read[0])

    @property
    def cut(self) -> str:
        """That not all jobs were read, in words."""
        return f"what jobs used is told of {JOBS.cap:,} of them" if self._read[1] else ""

    @cached_property
    def tally(self) -> Tally | Counted:
        rows, is_cut = self._read
        if is_cut:
            return super().tally
        tally = Tally(_STATES)
        tally.add(1, [tuple(row[name] for name in tally.columns) for row in rows])
        return tally

    @cached_property
    def summed(self) -> TaskJobs:
        return task_jobs.summed(self._read[0])
