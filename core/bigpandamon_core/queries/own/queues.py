"""The recorded history of queues."""

from datetime import datetime
from itertools import islice

from django.db.models import Max

from bigpandamon_core.state.queues import APPEARED, VANISHED, QueueChange

STATUS = "status"
MOST_READ = 500


def changes_of(queue: str, begin: datetime | None = None, end: datetime | None = None) -> list[QueueChange]:
    """What happened to one queue, in order; noticed from `begin` on and before `end`."""
    rows = QueueChange.objects.filter(queue=queue).order_by("seen_at", "id")
    if begin is not None:
        rows = rows.filter(seen_at__gte=begin)
    if end is not None:
        rows = rows.filter(seen_at__lt=end)
    # A database may take names that differ in case for one.
    return [row for row in rows if row.queue == queue]


def status_changes(begin: datetime, limit: int) -> list[QueueChange]:
    """The last changes noticed from `begin` on by which a queue got another status, or vanished; the latest
    first."""
    rows = QueueChange.objects.filter(seen_at__gte=begin).exclude(kind=APPEARED)
    latest = rows.order_by("-seen_at", "-id")[:MOST_READ]
    found = (row for row in latest if row.kind == VANISHED or STATUS in row.changes)
    return list(islice(found, limit))


def last_changes() -> dict[str, datetime]:
    """When each queue was seen to change last, of those that did."""
    rows = QueueChange.objects.exclude(kind=APPEARED).order_by().values_list("queue")
    return dict(rows.annotate(seen=Max("seen_at")))
