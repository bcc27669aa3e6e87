"""Reading how many workers harvester services have, as they told last."""

from datetime import datetime, timedelta

from django.db.models import Sum

from bigpandamon_core.domain.conditions import EVERYTHING, Condition
from bigpandamon_core.domain.harvester import COUNT_HOURS
from bigpandamon_core.panda.harvester import HarvesterWorkerStats
from bigpandamon_core.queries.where import text_columns, where
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

RUNNING = declare(
    "workers.running", "Running workers by queue, as told lately.", binds=("moment",), cap=10_000
)
TOLD = declare(
    "workers.told", "Workers by service, queue and state, as told lately.", binds=("moment",), cap=50_000
)
LATELY = timedelta(hours=COUNT_HOURS)
"""Reports of services that tell nothing more stay: older ones do not count."""


def running(now: datetime) -> dict[str, int]:
    """By queue."""
    rows = HarvesterWorkerStats.objects.using(ALIAS).filter(status="running", lastupdate__gte=now - LATELY)
    counts = rows.order_by().values("computingsite").annotate(workers=Sum("nworkers"))
    found = tuples(RUNNING, counts.values_list("computingsite", "workers")[: RUNNING.cap])
    return {queue: int(workers or 0) for queue, workers in found}


def told(
    now: datetime, columns: tuple[str, ...], condition: Condition = EVERYTHING
) -> dict[tuple[str, ...], int]:
    """How many workers there are by these columns. condition: on the counts, lookups resolved."""
    rows = HarvesterWorkerStats.objects.using(ALIAS).filter(lastupdate__gte=now - LATELY)
    if condition != EVERYTHING:
        rows = rows.filter(where(condition, text_columns(HarvesterWorkerStats)))
    counts = rows.order_by().values(*columns).annotate(workers=Sum("nworkers"))
    found = tuples(TOLD, counts.values_list(*columns, "workers")[: TOLD.cap])
    return {tuple(names): int(workers or 0) for *names, workers in found}
