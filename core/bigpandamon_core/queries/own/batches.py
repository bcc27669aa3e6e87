"""What the follower has told, in its order, and how far it is."""

from datetime import datetime

from django.db.models import Min

from bigpandamon_core.state.follow import FacetBatch, FollowStatus

JOBS = "jobs"
MOST = 200
"""So many batches are handed out at once, or all those that belong to one read."""


def status() -> FollowStatus | None:
    """How following goes, None if nobody ever did."""
    return FollowStatus.objects.filter(name=JOBS).first()


def earliest() -> int | None:
    """The number of the first batch that is still kept."""
    first: int | None = FacetBatch.objects.aggregate(first=Min("id"))["first"]
    return first


def after(number: int) -> list[FacetBatch]:
    """The next batches up to one after which everything is of one moment; none if there is no such."""
    next_ones = (
        FacetBatch.objects.filter(id__gt=number, whole=True).order_by("id").values_list("id", flat=True)
    )
    ends = list(next_ones[:MOST])
    if not ends:
        return []
    last = max((end for end in ends if end <= number + MOST), default=ends[0])
    return list(FacetBatch.objects.filter(id__gt=number, id__lte=last).order_by("id"))


def want_refill(moment: datetime | None) -> None:
    """Ask the follower to tell everything again. moment: as_of of what it told when this was found out, so
    that what was asked for once is not asked for twice."""
    FollowStatus.objects.filter(name=JOBS, as_of=moment).update(refill_wanted=True)
