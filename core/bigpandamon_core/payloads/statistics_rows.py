"""Job statistics as data and as rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import envelope
from bigpandamon_core.payloads.call import Table
from bigpandamon_core.payloads.statistics import Statistics
from bigpandamon_core.payloads.statistics_sum import COLUMNS


def data(statistics: Statistics) -> dict[str, Any]:
    """The envelope of `/api/v1`, also at the page's own address: no program knew another shape."""
    values = [statistics.sum_told(one) | {"value": one.value or None} for one in statistics.of_level("all")]
    return envelope_of(statistics, values, "all")


def envelope_of(
    statistics: Statistics, values: list[dict[str, Any]], usual: str, **more: Any
) -> dict[str, Any]:
    """What is told of values. usual: the level where none is asked for."""
    bins: Mapping[str, datetime] = dict(zip(("from", "to"), statistics.bins or (), strict=False))
    total, period = len(statistics.sums), statistics.period
    statistics.truncated = cut(len(values), total)
    return {
        "data": values,
        "meta": envelope.meta(
            statistics,
            source="rollups",
            as_of=iso(statistics.as_of),
            total=total,
            by=statistics.by,
            level=statistics.level(usual),
            bins={name: iso(moment) for name, moment in bins.items()} or None,
            bin_hours=period.level.hours if period else None,
            complete_since=iso(statistics.complete_since),
            why_not=statistics.why_not or None,
            **more,
        ),
        "links": {"self": f"{statistics.call.url}?{statistics.selection.query()}"},
    }


def cut(shown: int, total: int) -> str:
    """That not all values are told, "" where they are."""
    return f"the {shown:,} values with most jobs of {total:,}" if shown < total else ""


def rows(statistics: Statistics) -> Table:
    return Table(COLUMNS, map(statistics.sum_told, statistics.of_level("all")), statistics.why_not)
