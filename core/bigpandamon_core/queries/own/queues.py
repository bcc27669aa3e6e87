"""The recorded history of queues."""

from datetime import datetime

from bigpandamon_core.state.queues import QueueChange


def changes_of(queue: str, begin: datetime | None = None, end: datetime | None = None) -> list[QueueChange]:
    """What happened to one queue, in order; noticed from `begin` on and before `end`."""
    rows = QueueChange.objects.filter(queue=queue).order_by("seen_at", "id")
    if begin is not None:
        rows = rows.filter(seen_at__gte=begin)
    if end is not None:
        rows = rows.filter(seen_at__lt=end)
    # A database may take names that differ in case for one.
    return [row for row in rows if row.queue == queue]
