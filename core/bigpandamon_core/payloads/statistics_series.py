"""Job statistics over time: numbers of each bin and value, or all up to there."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads.call import Table
from bigpandamon_core.payloads.statistics import Statistics
from bigpandamon_core.payloads.statistics_rows import envelope_of
from bigpandamon_core.payloads.statistics_sum import COLUMNS, Sum
from bigpandamon_core.summaries.made import Made

BIN_COLUMNS = ("from", "to", *COLUMNS)
Bin = tuple[datetime, Sum]


def bins(statistics: Statistics, usual: str) -> Iterator[Bin]:
    """By time, then as values are ordered in sums. Where a value has no jobs in a bin nothing is told, unless
    all up to it is added up."""
    order = [one.value for one in statistics.of_level(usual)]
    if statistics.integrates:
        return _integrated(statistics, order)
    return ((begin, sums[value]) for begin, sums in _by_time(statistics) for value in order if value in sums)


def _by_time(statistics: Statistics) -> Iterator[tuple[datetime, dict[str, Sum]]]:
    """The sums of each bin in which any job ended, by value."""
    for begin, rows in groupby(statistics.told, key=lambda one: one.begin):
        sums = Made[str, Sum](Sum)
        for one in rows:
            value, *states = one.values
            sums[value].count(states, one.counted)
        yield begin, sums


def _integrated(statistics: Statistics, order: list[str]) -> Iterator[Bin]:
    period = statistics.bins
    if period is None or statistics.period is None:
        return
    sums = {value: Sum(value) for value in order}
    found, begin = dict(_by_time(statistics)), period[0]
    while begin < period[1]:
        for value, one in found.get(begin, {}).items():
            if value in sums:
                sums[value].join(one)
        yield from ((begin, sums[value].copied()) for value in order)
        begin += timedelta(hours=statistics.period.level.hours)


def data(statistics: Statistics) -> dict[str, Any]:
    """Each value with its bins."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for begin, one in bins(statistics, "summary"):
        found[one.value].append(_told(statistics, begin, one, with_value=False))
    leading = statistics.of_level("summary")
    values = [{"value": one.value or None, "bins": found[one.value]} for one in leading]
    return envelope_of(statistics, values, "summary", integrated=statistics.integrates)


def rows(statistics: Statistics) -> Table:
    """Every bin of every value, as they are made."""
    made = (_told(statistics, *one) for one in bins(statistics, "all"))
    return Table(BIN_COLUMNS, made, statistics.why_not)


def _told(statistics: Statistics, begin: datetime, one: Sum, with_value: bool = True) -> dict[str, Any]:
    """A bin; where all up to it is added up it begins where the first one does."""
    period = statistics.period
    length = timedelta(hours=period.level.hours if period else 0)
    first = statistics.bins[0] if statistics.integrates and statistics.bins else begin
    numbers = statistics.sum_told(one, first, begin + length)
    if not with_value:
        del numbers["value"]
    return {"from": iso(first), "to": iso(begin + length), **numbers}
