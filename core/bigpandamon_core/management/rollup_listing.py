"""Rollups as a table for a terminal."""

from collections.abc import Iterator

from django.db.models import Count, Max, Min

from bigpandamon_core.domain.window import iso
from bigpandamon_core.queries.own.batches import status
from bigpandamon_core.rollups.declared import BY_NUMBER, Rollup
from bigpandamon_core.rollups.hours import moment_of
from bigpandamon_core.rollups.reading import complete_since
from bigpandamon_core.state.rollups import RollupBin, RollupRebuild, RollupSample

HEADINGS = ("rollup", "bins", "complete since", "rows", "from", "to")
NEVER = "-"


def listed() -> Iterator[str]:
    """How far it all is, then a line for each length of bins of each rollup."""
    follower = status()
    yield f"As of {iso(follower.as_of) or 'never'}." if follower else "Nobody has followed PanDA yet."
    since = {
        name: iso(moment) or NEVER for name, moment in (complete_since(follower) if follower else {}).items()
    }
    rows = [
        HEADINGS,
        *(row for rollup in BY_NUMBER.values() for row in _rows(rollup, since.get(rollup.name, NEVER))),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    for planned in RollupRebuild.objects.order_by("-end"):
        yield f"To be rebuilt from {iso(planned.begin)} to {iso(planned.end)}: bigpandamon rollups --rebuild"


def _rows(rollup: Rollup, since: str) -> Iterator[tuple[str, ...]]:
    model = RollupSample if rollup.is_gauge else RollupBin
    for hours in rollup.lengths:
        rows = model.objects.filter(rollup=rollup.number, hours=hours)
        found = rows.aggregate(rows=Count("hour"), first=Min("hour"), last=Max("hour"))
        ends = [NEVER if found[end] is None else str(iso(moment_of(found[end]))) for end in ("first", "last")]
        yield (rollup.name, f"{hours} h", since, f"{found['rows']:,}", *ends)
