"""Bars of stacked series, one beside the other: the filters that templates ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bigpandamon_core.web import curves, figures

WIDTH, SERIES = 1000, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """item: of the payload. x, width: in a box 1000 wide."""

    item: Mapping[str, Any]
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Stack:
    """paths: by the number of a series' colour, in a box of 1000 x 100. highest: of a whole bar.
    mark: place of a mark in percent from the left, None without one."""

    bars: tuple[Bar, ...]
    paths: tuple[tuple[int, str], ...]
    highest: str
    mark: float | None


def colour(place: int) -> int:
    """The number of a series' colour."""
    return place % SERIES + 1


def stack(figure: Mapping[str, Any]) -> Stack:
    """figure: bars, each with its amounts by series, and maybe a mark, its place in bars from the left."""
    given = figure["bars"]
    width = WIDTH / max(len(given), 1)
    bars = tuple(Bar(one, round(place * width, 2), round(width * 0.9, 2)) for place, one in enumerate(given))
    highest = max((sum(one["amounts"]) for one in given), default=0)
    mark = figure.get("mark")
    series = range(len(given[0]["amounts"]) if given else 0)
    paths = tuple((colour(place), _path(bars, place, highest)) for place in series)
    return Stack(
        bars, paths, curves.compact(highest), None if mark is None else figures.share(mark, len(given))
    )


def _path(bars: tuple[Bar, ...], series: int, highest: float) -> str:
    """The rectangles of one series as one path: a page of many bars stays small."""
    return "".join(_rectangle(bar, series, highest) for bar in bars if bar.item["amounts"][series])


def _rectangle(bar: Bar, series: int, highest: float) -> str:
    amounts = bar.item["amounts"]
    below, height = (figures.share(part, highest) for part in (sum(amounts[:series]), amounts[series]))
    return f"M{bar.x} {round(100 - below, 2)}v-{height}h{bar.width}v{height}z"


FILTERS = (stack, colour)
