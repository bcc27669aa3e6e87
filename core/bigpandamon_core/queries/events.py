"""Reading event ranges: of a task or a job, counted by what they are, and those that failed."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, Count, F, Min, QuerySet, Sum

from bigpandamon_core.domain.events import BAD
from bigpandamon_core.panda.events import JediEvents
from bigpandamon_core.queries.where import listed
from bigpandamon_core.sources.reading import ALIAS, declare, dicts

RANGES = declare("events.ranges", "Event ranges of a task, counted.", binds=("jeditaskid",), cap=50_000)
OF_JOB = declare(
    "events.of_job", "Event ranges of a job, counted.", binds=("jeditaskid", "pandaids"), cap=5_000
)
FAILED = declare("events.failed", "Event ranges of a task that failed.", binds=("jeditaskid",), cap=200)
COUNTED = ("pandaid", "fileid", "status", "error_code")
FAILED_COLUMNS = tuple(
    """pandaid fileid job_processid datasetid status def_min_eventid def_max_eventid attemptnr error_code
    error_diag""".split()
)
_TOLD = (*COUNTED, "ranges", "events", "first")


def ranges_of(jeditaskid: int) -> tuple[list[dict[str, Any]], bool]:
    """By job, file, state and error how many ranges with how many events, and whether there are more rows
    than are read."""
    rows = dicts(RANGES, _counted(_of_task(jeditaskid))[: RANGES.cap + 1], _TOLD)
    return rows[: RANGES.cap], len(rows) > RANGES.cap


def ranges_of_job(jeditaskid: int, pandaids: Sequence[int]) -> list[dict[str, Any]]:
    """The same of a job. pandaids: its own, and the number of its job set, which ranges have until they are
    sent to a job."""
    rows = _of_task(jeditaskid).filter(listed("pandaid", tuple(pandaids)))
    return dicts(OF_JOB, _counted(rows)[: OF_JOB.cap], _TOLD)


def failed_of(jeditaskid: int) -> list[dict[str, Any]]:
    """The first of those that failed, by job and file."""
    rows = _of_task(jeditaskid).filter(status__in=sorted(BAD))
    rows = rows.order_by("pandaid", "fileid", "job_processid")
    return dicts(FAILED, rows[: FAILED.cap], FAILED_COLUMNS)


def _of_task(jeditaskid: int) -> QuerySet[JediEvents]:
    return JediEvents.objects.using(ALIAS).filter(jeditaskid=jeditaskid)


def _counted(rows: QuerySet[JediEvents]) -> QuerySet[Any, Any]:
    """A range is from its first event to its last, both inside."""
    length = Sum(F("def_max_eventid") - F("def_min_eventid") + 1, output_field=BigIntegerField())
    counts = {"ranges": Count("job_processid"), "events": length, "first": Min("def_min_eventid")}
    found: QuerySet[Any, Any] = rows.values(*COUNTED).annotate(**counts).order_by(*COUNTED)
    return found
