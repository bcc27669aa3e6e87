"""Errors of two periods of equal length compared: what is new, what grows, what is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bigpandamon_core.summaries.errors import Key

FEWEST = 5
"""Fewer jobs come and go by chance."""
DEVIATIONS = 3
"""A difference of two counts has the square root of their sum as its standard deviation (Poisson)."""


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


def changed(now: Mapping[Key, int], before: Mapping[Key, int]) -> list[Changed]:
    """What differs by more than chance, the largest difference first.

    New: not met before. Gone: not met any more. Growing: at least twice as often.
    """
    found = []
    for key in now.keys() | before.keys():
        change = _change(now.get(key, 0), before.get(key, 0))
        if change:
            found.append(Changed(key, change, now.get(key, 0), before.get(key, 0)))
    return sorted(found, key=lambda one: (-abs(one.now - one.before), one.key[0], str(one.key[1])))


def _change(now: int, before: int) -> Change | None:
    if not before:
        return Change.NEW if now >= FEWEST else None
    if not now:
        return Change.GONE if before >= FEWEST else None
    grows = now >= 2 * before and now - before > DEVIATIONS * (now + before) ** 0.5
    return Change.GROWING if grows else None
