"""Jobs that the long-term archive has beside another table: some days a job is in both archives, and a row
may be left over in a live table.

Of a live row that changed within the last days the archive knows nothing newer, for jobsarchived4 would have
it, too. An older one is compared: the later observation wins, the archive's of two of one moment. Windows in
which the archive has no part do without.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from bigpandamon_core.domain.window import RECENT_DAYS
from bigpandamon_core.panda.fields import PandaTime
from bigpandamon_core.panda.jobs import Job, JobsArchived, JobsArchived4
from bigpandamon_core.panda.periods import LIVE
from bigpandamon_core.sources.reading import ALIAS

_NEVER = datetime(1970, 1, 1)


def recently(now: datetime) -> datetime:
    """What changed since then has left no newer row in the long-term archive alone."""
    return now - timedelta(days=RECENT_DAYS)


def may_be_left_over(row: Mapping[str, Any], table: type[Job], now: datetime) -> bool:
    """Whether the archive must be asked for something newer than this row."""
    changed = row["statechangetime"]
    return table in LIVE and (changed is None or changed < recently(now))


def newest(now: datetime) -> Mapping[type[Job], Q]:
    """By table, which of its rows are not older than the archive's, or of the archive than theirs."""
    lately = Q(statechangetime__gte=recently(now))
    archived = _same_job(JobsArchived).filter(Q(GreaterThanOrEqual(_changed(F), _changed(OuterRef))))
    nowhere = ~Q(Exists(_same_job(JobsArchived4)))
    for table in LIVE:
        kept = _same_job(table).filter(lately | Q(GreaterThan(_changed(F), _changed(OuterRef))))
        nowhere &= ~Q(Exists(kept))
    return {JobsArchived: nowhere} | {table: lately | ~Q(Exists(archived)) for table in LIVE}


def _same_job(table: type[Job]) -> QuerySet[Job]:
    return table._default_manager.using(ALIAS).filter(pandaid=OuterRef("pandaid"))


def _changed(column: Any) -> Coalesce:
    """When a row was observed. column: F for the row itself, OuterRef for the one it is compared with."""
    return Coalesce(
        column("statechangetime"),
        column("modificationtime"),
        Value(_NEVER, output_field=PandaTime()),
        output_field=PandaTime(),
    )
