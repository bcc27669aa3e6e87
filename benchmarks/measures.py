"""What a part of the bench hands over: a figure, and what it is held against."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

PAIRS = 7
"""So often what is compared is measured in turn, at least."""


@dataclass(frozen=True)
class Measured:
    """name: `what.how`. reference: the figure of another way, against: which. ratio: ours to the other's, the
    median of pairs; None where they were not measured in turn. floor: what cannot be beaten, measured in the
    same run. refused: why the ratio does not count."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    against: str = ""
    ratio: float | None = None
    floor: float | None = None
    refused: str = ""


@dataclass(frozen=True)
class Pairs:
    """Medians, in milliseconds, of two ways that took turns. ratio: how many times as long as ours theirs
    took, the median of the pairs."""

    ours: float
    theirs: float
    ratio: float


def in_turn(ours: Callable[[], Any], theirs: Callable[[], Any], times: int = PAIRS) -> Pairs:
    """Both so many times, now this first and now that."""
    taken = []
    for turn in range(times):
        pair = {each: milliseconds(each) for each in ((ours, theirs), (theirs, ours))[turn % 2]}
        taken.append((pair[ours], pair[theirs]))
    return Pairs(
        median(mine for mine, _ in taken),
        median(others for _, others in taken),
        median(others / mine for mine, others in taken),
    )


def milliseconds(function: Callable[[], Any]) -> float:
    began = perf_counter()
    function()
    return 1000 * (perf_counter() - began)


def too_slow(rate: float, least: float, what: str) -> str:
    """Why a ratio to a reference does not count: the reference itself is slower than any sound one."""
    return "" if rate >= least else f"{what} reached {rate:,.0f}/s, {least:,.0f}/s at least are wanted"
