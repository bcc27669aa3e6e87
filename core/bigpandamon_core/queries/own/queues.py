"""The recorded history of queues."""

from datetime import datetime

from django.db.models import Max

from bigpandamon_core.state.queues import QueueChange

APPEARED = "appeared"


def changes_of(queue: str, begin: datetime | None = None, end: datetime | None = None) -> list[QueueChange]:
    """What happened to one queue, in order; noticed from `begin` on and before `end`."""
    rows = QueueChange.objects.filter(queue=queue).order_by("seen_at", "id")
    if begin is not None:
        rows = rows.filter(seen_at__gte=begin)
    if end is not None:
        rows = rows.filter(seen_at__lt=end)
    # A database may take names that differ in case for one.
    return [row for row in rows if row.queue == queue]


def last_changes() -> dict[str, datetime]:
    """When each queue was seen to change last, of those that did."""
    rows = QueueChange.objects.exclude(kind=APPEARED).order_by().values_list("queue")
    return dict(rows.annotate(seen=Max("seen_at")))
