"""Errors of two periods of equal length compared: what is new, what grows, what is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bigpandamon_core.summaries.jobs import Key

FEWEST = 5
"""Fewer jobs come and go by chance."""
DEVIATIONS = 3
"""A difference of two counts has the square root of the sum of their variances as its standard deviation; the
variance of a count is that count, of a multiple of one the square of the multiplier times it (Poisson)."""


class Change(StrEnum):
    NEW = "new"
    GROWING = "growing"
    GONE = "gone"


@dataclass(frozen=True)
class Changed:
    """An error, how many jobs had it in the period, and in the one before."""

    key: Key
    change: Change
    now: int
    before: int


def changed(now: Mapping[Key, int], before: Mapping[Key, int], growth: float = 1) -> list[Changed]:
    """What differs by more than chance, the largest difference first.

    New: not met before. Gone: not met any more. Growing: at least twice as often among the jobs that ended.
    growth: how many times as many jobs ended now.
    """
    found = []
    for key in now.keys() | before.keys():
        change = _change(now.get(key, 0), before.get(key, 0), growth)
        if change:
            found.append(Changed(key, change, now.get(key, 0), before.get(key, 0)))
    return sorted(found, key=lambda one: (-abs(one.now - one.before), one.key[0], str(one.key[1])))


def _change(now: int, before: int, growth: float) -> Change | None:
    expected = before * growth
    if not before:
        return Change.NEW if now >= FEWEST else None
    if not now:
        return Change.GONE if expected >= FEWEST else None
    grows = now >= 2 * expected and now - expected > DEVIATIONS * (now + expected * growth) ** 0.5
    return Change.GROWING if grows else None
