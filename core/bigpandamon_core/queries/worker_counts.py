"""Reading how many workers harvester services have, as they told last."""

from datetime import datetime, timedelta

from django.db.models import Sum

from bigpandamon_core.panda.harvester import HarvesterWorkerStats
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

RUNNING = declare(
    "workers.running", "Running workers by queue, as told lately.", binds=("moment",), cap=10_000
)
LATELY = timedelta(hours=1)
"""Reports of services that tell nothing more stay: older ones do not count."""


def running(now: datetime) -> dict[str, int]:
    """By queue."""
    rows = HarvesterWorkerStats.objects.using(ALIAS).filter(status="running", lastupdate__gte=now - LATELY)
    counts = rows.order_by().values("computingsite").annotate(workers=Sum("nworkers"))
    found = tuples(RUNNING, counts.values_list("computingsite", "workers")[: RUNNING.cap])
    return {queue: int(workers or 0) for queue, workers in found}
