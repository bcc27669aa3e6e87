"""What payloads ask of rollups: numbers of bins under a condition, and since when they are all there."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bigpandamon_core.domain.conditions import Condition, Op, Test, leaves
from bigpandamon_core.domain.states import FINE_GRAINED
from bigpandamon_core.queries.own.batches import status
from bigpandamon_core.queries.where import in_chunks, text_columns, where
from bigpandamon_core.rollups.bins import MEASURES
from bigpandamon_core.rollups.contributions import Counted
from bigpandamon_core.rollups.declared import BY_NUMBER, FAILURE, FLOWS, SUBSTATE, Rollup, Values
from bigpandamon_core.rollups.hours import bin_of, hour_of, moment_of
from bigpandamon_core.state.follow import FollowStatus
from bigpandamon_core.state.rollups import RollupBin, RollupKey, RollupSample, RollupSampled, RollupStatus

FEW_KEYS = 2_000
"""Bins of so many keys are looked up by key; for more all bins of the period are read."""
_TEXTS = text_columns(RollupKey)


@dataclass(frozen=True)
class Sums:
    """One bin's numbers for some values of the dimensions asked for. counted: as in MEASURES."""

    begin: datetime
    values: Values
    counted: Counted


@dataclass(frozen=True)
class Reach:
    """complete_since: every bin that begins at or after it is complete up to as_of, naive UTC."""

    complete_since: datetime
    as_of: datetime


def answering(
    condition: Condition, by: Collection[str] = (), flows: Iterable[Rollup] = FLOWS
) -> Rollup | str:
    """The coarsest flow that tells a condition's jobs by these dimensions, or why there is none. Look-ups are
    resolved before."""
    asked = set(by)
    for leaf in leaves(condition):
        if not isinstance(leaf, Test):
            return "what is asked for is not a dimension of any rollup"
        if leaf.column == SUBSTATE and not _is_kept(leaf):
            return "details of states are not kept in rollups"
        asked.add(leaf.column)
    found = (rollup for rollup in flows if asked <= {*rollup.dimensions} and FAILURE not in rollup.dimensions)
    missing = sorted(asked - {name for rollup in flows for name in rollup.dimensions})
    return next(found, f"{' and '.join(missing or sorted(asked))} is not kept in rollups")


def _is_kept(leaf: Test) -> bool:
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return leaf.op in (Op.EQUAL, Op.ONE_OF) and set(values) <= set(FINE_GRAINED)


def reach(rollup: Rollup) -> Reach | None:
    """How far a flow's bins are complete; None where nobody follows, or everything is just told anew."""
    follower = status()
    since = complete_since(follower).get(rollup.name) if follower else None
    return Reach(since, follower.as_of) if since and follower and follower.as_of else None


def complete_since(follower: FollowStatus) -> dict[str, datetime]:
    """Of each flow, by name; none while everything is told anew."""
    known, closed = follower.complete_since, follower.closed_before
    if follower.as_of is None or known is None or closed is None:
        return {}
    return {
        BY_NUMBER[one.rollup].name: one.complete_since if known <= closed else known
        for one in RollupStatus.objects.exclude(complete_since=None).order_by("rollup")
        if one.rollup in BY_NUMBER and one.complete_since
    }


def series(
    rollup: Rollup, hours: int, begin: datetime, end: datetime, condition: Condition, by: Collection[str] = ()
) -> list[Sums]:
    """Bins that overlap [begin, end), in time, one for each combination of values of `by` that occurs.

    hours: a length of bins that the rollup has.
    """
    keys = _keys(rollup, condition, by)
    sums: dict[tuple[int, Values], list[int]] = {}
    for hour, key, *numbers in _rows(rollup, hours, begin, end, keys):
        found = sums.setdefault((hour, keys[key]), [0] * len(MEASURES))
        for place, number in enumerate(numbers):
            found[place] += number
    return [Sums(moment_of(hour), values, tuple(found)) for (hour, values), found in sorted(sums.items())]


def _keys(rollup: Rollup, condition: Condition, by: Collection[str]) -> Mapping[int, Values]:
    """The keys of a condition, with the values asked for."""
    rows = RollupKey.objects.filter(where(condition, _TEXTS), rollup=rollup.number)
    return {number: tuple(values) for number, *values in rows.values_list("id", *by)}


def _rows(
    rollup: Rollup, hours: int, begin: datetime, end: datetime, keys: Mapping[int, Values]
) -> Iterator[tuple[Any, ...]]:
    first = bin_of(hour_of(begin), hours)
    rows = RollupBin.objects.filter(rollup=rollup.number, hours=hours, hour__gte=first, hour__lt=_end(end))
    yield from _of_keys(rows, ("hour", "key_id", *MEASURES), keys)


def _of_keys(
    rows: QuerySet[Any, Any], columns: tuple[str, ...], keys: Mapping[int, Values]
) -> Iterator[tuple[Any, ...]]:
    if len(keys) > FEW_KEYS:
        yield from (row for row in rows.values_list(*columns).iterator(20_000) if row[1] in keys)
        return
    for some in in_chunks(keys):
        yield from rows.filter(key_id__in=some).values_list(*columns)


def _end(moment: datetime) -> int:
    """The first hour that begins at or after a moment."""
    hour = hour_of(moment)
    return hour if moment_of(hour) == moment else hour + 1


@dataclass(frozen=True)
class Sampled:
    """A bin of a gauge. mean, most: live jobs at the ends of its hours, of which `samples` were looked at."""

    begin: datetime
    samples: int
    mean: float
    most: int


def samples(
    rollup: Rollup, hours: int, begin: datetime, end: datetime, condition: Condition
) -> list[Sampled]:
    """The bins of a gauge that overlap [begin, end) and are known, in time. most: where a bin has several
    samples, and the condition several keys, at most so many."""
    period = {"rollup": rollup.number, "hours": hours, "hour__gte": bin_of(hour_of(begin), hours)}
    rows = RollupSample.objects.filter(**period, hour__lt=_end(end))
    sums: dict[int, list[int]] = {}
    for hour, _, total, most in _of_keys(
        rows, ("hour", "key_id", "total", "most"), _keys(rollup, condition, ())
    ):
        found = sums.setdefault(hour, [0, 0])
        found[0] += total
        found[1] += most
    taken = RollupSampled.objects.filter(**period, hour__lt=_end(end)).order_by("hour")
    return [
        Sampled(moment_of(hour), count, sums.get(hour, [0, 0])[0] / count, sums.get(hour, [0, 0])[1])
        for hour, count in taken.values_list("hour", "samples")
    ]
