"""Reading event ranges of a task or a job, counted by what they are."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, Count, F, Max, Min, QuerySet, Sum

from bigpandamon_core.panda.events import JediEvents
from bigpandamon_core.queries.where import listed
from bigpandamon_core.sources.reading import ALIAS, declare, dicts

RANGES = declare("events.ranges", "Event ranges of a task, counted.", binds=("jeditaskid",), cap=50_000)
OF_JOB = declare(
    "events.of_job", "Event ranges of a job, counted.", binds=("jeditaskid", "pandaids"), cap=5_000
)
COUNTED = ("pandaid", "fileid", "status", "error_code", "error_diag")
_TOLD = (*COUNTED, "ranges", "events", "first", "last", "tries")
Row = dict[str, Any]


def ranges_of(jeditaskid: int) -> tuple[list[Row], bool]:
    """By job, file, state and error how many ranges with how many events, the first and the last of these and
    the fewest tries that are left; and whether there are more rows than are read."""
    rows = dicts(RANGES, _counted(_of_task(jeditaskid))[: RANGES.cap + 1], _TOLD)
    return rows[: RANGES.cap], len(rows) > RANGES.cap


def ranges_of_job(jeditaskid: int, pandaids: Sequence[int]) -> list[Row]:
    """The same of a job. pandaids: its own, and the number of its job set, which ranges have until they are
    sent to a job."""
    rows = _of_task(jeditaskid).filter(listed("pandaid", tuple(pandaids)))
    return dicts(OF_JOB, _counted(rows)[: OF_JOB.cap], _TOLD)


def _of_task(jeditaskid: int) -> QuerySet[JediEvents]:
    return JediEvents.objects.using(ALIAS).filter(jeditaskid=jeditaskid)


def _counted(rows: QuerySet[JediEvents]) -> QuerySet[Any, Any]:
    """A range is from its first event to its last, both inside. Without an error there is no message, so that
    good ranges are few rows."""
    counts = {
        "ranges": Count("job_processid"),
        "events": Sum(F("def_max_eventid") - F("def_min_eventid") + 1, output_field=BigIntegerField()),
        "first": Min("def_min_eventid"),
        "last": Max("def_max_eventid"),
        "tries": Min("attemptnr"),
    }
    found: QuerySet[Any, Any] = rows.values(*COUNTED).annotate(**counts).order_by(*COUNTED[:-1])
    return found
