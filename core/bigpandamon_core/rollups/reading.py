"""What payloads ask of rollups: numbers of bins under a condition, and since when they are all there."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import add
from typing import Any

from django.db.models import QuerySet

from bigpandamon_core.domain.conditions import EVERYTHING, Condition, Op, Test, leaves
from bigpandamon_core.domain.error_rules import ErrorRule
from bigpandamon_core.domain.states import FINE_GRAINED
from bigpandamon_core.queries.own.batches import status
from bigpandamon_core.queries.where import MOST_BOUND, text_columns, where
from bigpandamon_core.rollups.contributions import Counted
from bigpandamon_core.rollups.declared import BY_NUMBER, COUNTS, FLOWS, OF_FAILURES, SUBSTATE, Rollup, Values
from bigpandamon_core.rollups.hours import bin_of, hour_of, moment_of
from bigpandamon_core.state.follow import FollowStatus
from bigpandamon_core.state.rollups import (
    Bin,
    RollupBin,
    RollupKey,
    RollupSample,
    RollupSampled,
    RollupStatus,
)

FEW_OF = 5
"""Bins of one key of so many, or fewer, are found by key; else all of a period are looked through."""
_TEXTS = text_columns(RollupKey)


@dataclass(frozen=True)
class Sums:
    """One bin's numbers for some values of the dimensions asked for. counted: the measures."""

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
    found = (rollup for rollup in flows if asked <= {*rollup.dimensions} and _counts_jobs(rollup, asked))
    missing = sorted(asked - {name for rollup in flows for name in rollup.dimensions})
    are = "is not kept in rollups" if missing else "are not kept together in rollups"
    return next(found, f"{' and '.join(missing or sorted(asked))} {are}")


def _counts_jobs(rollup: Rollup, asked: Collection[str]) -> bool:
    """Whether it counts each job once, as far as failures are not asked for."""
    return not OF_FAILURES.intersection(rollup.dimensions).difference(asked)


def _is_kept(leaf: Test) -> bool:
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return leaf.op in (Op.EQUAL, Op.ONE_OF) and set(values) <= set(FINE_GRAINED)


def reach(rollup: Rollup) -> Reach | None:
    """How far a flow's bins are complete; None where nobody follows, or everything is just told anew."""
    follower = status()
    since = complete_since(follower).get(rollup.name) if follower else None
    return Reach(since, follower.as_of) if since and follower and follower.as_of else None


def is_made_by(rollup: Rollup, rules: Iterable[ErrorRule]) -> bool:
    """Whether a flow's bins tell failures by these rules."""
    return RollupStatus.objects.filter(rollup=rollup.number, version=rollup.version(rules)).exists()


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
    rollup: Rollup,
    hours: int,
    period: tuple[datetime, datetime],
    condition: Condition,
    by: Collection[str] = (),
    measures: tuple[str, ...] = COUNTS,
) -> list[Sums]:
    """Bins that overlap a period, in time, one for each combination of values of `by` that occurs.

    hours: a length of bins that the rollup has. period: begin and end, which is outside. measures: some of
    those it has.
    """
    keys = _keys(rollup, condition, by)
    sums: dict[tuple[int, Values], list[int]] = {}
    rows, nothing = _rows(RollupBin, rollup, hours, period, keys), [0] * len(measures)
    for hour, key, *numbers in rows.values_list("hour", "key_id", *measures):
        values = keys.get(key)
        if values is not None:
            sums[hour, values] = list(map(add, numbers, sums.get((hour, values), nothing)))
    return [Sums(moment_of(hour), values, tuple(found)) for (hour, values), found in sorted(sums.items())]


def how_many_keys(rollup: Rollup, condition: Condition) -> int:
    """Combinations of values that fulfil a condition: a bin has at most so many rows of it."""
    return _of_condition(rollup, condition).count()


def _keys(rollup: Rollup, condition: Condition, by: Collection[str] = ()) -> Mapping[int, Values]:
    """Those combinations by number, with the values asked for: a database may take two of them for one."""
    rows = _of_condition(rollup, condition).values_list("id", *by)
    return {number: tuple(values) for number, *values in rows}


def _of_condition(rollup: Rollup, condition: Condition) -> QuerySet[RollupKey]:
    return RollupKey.objects.filter(where(condition, _TEXTS), rollup=rollup.number)


def _rows(
    model: type[Bin], rollup: Rollup, hours: int, period: tuple[datetime, datetime], keys: Collection[int]
) -> QuerySet[Any, Any]:
    """The rows of bins that overlap a period: of few keys by key, else all by time."""
    begin, end = bin_of(hour_of(period[0]), hours), _end(period[1])
    rows = model._default_manager.filter(hours=hours, hour__gte=begin, hour__lt=end)
    if len(keys) > MOST_BOUND or FEW_OF * len(keys) > how_many_keys(rollup, EVERYTHING):
        return rows.filter(rollup=rollup.number)
    return rows.filter(key_id__in=list(keys))


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
    keys = _keys(rollup, condition)
    sums: dict[int, tuple[int, int]] = {}
    rows = _rows(RollupSample, rollup, hours, (begin, end), keys)
    for hour, key, total, most in rows.values_list("hour", "key_id", "total", "most"):
        if key in keys:
            before = sums.get(hour, (0, 0))
            sums[hour] = before[0] + total, before[1] + most
    taken = RollupSampled.objects.filter(
        rollup=rollup.number, hours=hours, hour__gte=bin_of(hour_of(begin), hours), hour__lt=_end(end)
    )
    return [
        Sampled(moment_of(hour), count, sums.get(hour, (0, 0))[0] / count, sums.get(hour, (0, 0))[1])
        for hour, count in taken.order_by("hour").values_list("hour", "samples")
    ]
