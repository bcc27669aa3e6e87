"""From the parts of a page to its figures: the filters templates ask (`figures` and `curves` compute).

Parts are mappings or objects, whatever the payload is made of.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bigpandamon_core.web import curves, figures

STANDOUTS = 6
TABLE_ROWS = 60
PLOT_BINS = 400
GROUP_TITLES = {
    "waiting": "Waiting", "launch": "Starting", "running": "Running", "post": "Finishing",
    "good": "Finished", "bad": "Failed", "ended": "Ended otherwise",
}  # fmt: skip
_OPTION = re.compile(r"(?<=\s)(?=--?[A-Za-z])")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part of the page with its place in a figure."""

    item: Any
    x: float
    width: float
    failed: float = 0


@dataclass(frozen=True, slots=True)
class Standout:
    """A value whose jobs fail far more than the rest, with the attribute it belongs to."""

    attribute: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart; `number` (1-8) is its colour."""

    series: Any
    number: int
    path: str
    highest: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Series of one unit on common axes, with the same numbers as columns of a table."""

    title: str
    unit: str
    chart: curves.Chart
    lines: tuple[Line, ...]
    limit: float | None
    dated: bool


def read(part: Any, name: str, absent: Any = None) -> Any:
    """The value of that name, as templates find it: by key, else by attribute."""
    if isinstance(part, Mapping):
        return part.get(name, absent)
    return getattr(part, name, absent)


def _drawn(parts: Sequence[Any], segments: Iterable[figures.Segment]) -> list[Drawn]:
    return [Drawn(part, at.x, at.width) for part, at in zip(parts, segments, strict=True) if at.width]


def strip(states: Sequence[Any] | None) -> list[Drawn]:
    """States with their counts as parts of one bar, those without jobs left out."""
    parts = list(states or ())
    return _drawn(parts, figures.strip([read(part, "count") or 0 for part in parts]))


def band(spans: Sequence[Any] | None) -> list[Drawn]:
    """The states a job went through as parts of one bar, by time spent."""
    parts = list(spans or ())
    return _drawn(parts, figures.strip([max(int(read(part, "seconds") or 0), 1) for part in parts]))


@dataclass(frozen=True, slots=True)
class Column:
    """A bar that stands: its pieces from below, each with y and height in percent of the highest bar.
    failing: the share that failed in percent; ran: the mean time a job ran, in percent of the longest."""

    item: Any
    x: float
    width: float
    pieces: tuple[tuple[str, float, float], ...]
    failing: float
    ran: float


def columns(bars_over_time: Sequence[Any] | None) -> list[Column]:
    """Bars over time beside each other, 1000 wide: failed at the bottom, where the eye compares best."""
    parts = list(bars_over_time or ())
    highest = max((read(part, "count") or 0 for part in parts), default=0)
    longest = max((read(part, "mean_minutes") or 0 for part in parts), default=0)
    width = 1000 / len(parts) if parts else 0
    return [
        Column(
            part,
            round(place * width, 2),
            round(width * 0.86, 2),
            _pieces(part, highest),
            round(read(part, "rate") or 0, 2),
            figures.share(read(part, "mean_minutes") or 0, longest),
        )
        for place, part in enumerate(parts)
    ]


def layers(drawn: Iterable[Column]) -> list[tuple[str, str]]:
    """The pieces of all bars by group, each group one path: a page of many bars stays small."""
    paths: dict[str, list[str]] = {}
    for column in drawn:
        for group, y, height in column.pieces:
            rectangle = f"M{column.x} {y}h{column.width}v{height}h-{column.width}z"
            paths.setdefault(group, []).append(rectangle)
    return [(group, "".join(rectangles)) for group, rectangles in paths.items()]


def _pieces(part: Any, highest: int) -> tuple[tuple[str, float, float], ...]:
    found, below = [], 0.0
    for name, group in (("failed", "bad"), ("finished", "good"), ("other", "waiting")):
        height = figures.share(read(part, name) or 0, highest)
        if height:
            found.append((group, round(100 - below - height, 2), height))
        below += height
    return tuple(found)


def bars(values: Sequence[Any] | None) -> list[Drawn]:
    """Values of an attribute, each with a bar for its jobs (the largest: 100) and the failed part of it."""
    parts = list(values or ())
    largest = max((read(part, "count") or 0 for part in parts), default=0)
    return [
        Drawn(
            part,
            x=0,
            width=figures.share(read(part, "count") or 0, largest),
            failed=figures.share(read(part, "failed") or 0, largest),
        )
        for part in parts
    ]


def standouts(attributes: Sequence[Any] | None) -> list[Standout]:
    """The telling values, most failed jobs first, two of an attribute at most; states explain nothing."""
    found = [
        Standout(attribute, value)
        for attribute in attributes or ()
        for value in _worst(read(attribute, "values") or ())[:2]
    ]
    return sorted(found, key=lambda one: -(read(one.value, "failed") or 0))[:STANDOUTS]


def _worst(values: Sequence[Any]) -> list[Any]:
    telling = [value for value in values if read(value, "telling") and not read(value, "group")]
    return sorted(telling, key=lambda value: -(read(value, "failed") or 0))


def groups(states: Sequence[Any] | None) -> list[dict[str, Any]]:
    """States gathered by group, in the order they come, with the sum of their jobs."""
    gathered: dict[str, dict[str, Any]] = {}
    for part in states or ():
        name = read(part, "group")
        title = GROUP_TITLES.get(name, name)
        group = gathered.setdefault(name, {"group": name, "title": title, "count": 0, "states": []})
        group["count"] += read(part, "count") or 0
        group["states"].append(part)
    return list(gathered.values())


def gantt(spans: Sequence[Any] | None) -> list[Drawn]:
    """The states a job went through on a common axis of time."""
    parts = list(spans or ())
    ends = [(read(part, "begin"), read(part, "end") or read(part, "begin")) for part in parts]
    return _drawn(parts, figures.gantt(ends))


def gantt_ticks(spans: Sequence[Any] | None) -> tuple[curves.Tick, ...]:
    """The axis of `gantt`."""
    moments = [read(part, name) for part in spans or () for name in ("begin", "end")]
    known = [_seconds(moment) for moment in moments if moment is not None]
    return curves.time_ticks(min(known), max(known), dated=True, at_most=5) if known else ()


def _seconds(moment: datetime | float) -> float:
    return (moment - curves.EPOCH).total_seconds() if isinstance(moment, datetime) else float(moment)


def _points(series: Any) -> list[curves.Point]:
    return [(_seconds(moment), value) for moment, value in read(series, "points") or ()]


def panels(resources: Any) -> list[Panel]:
    """One chart per group and unit, in the order of the series; the limit is of the first."""
    gathered: dict[tuple[str, str], list[Any]] = {}
    for series in read(resources, "series") or ():
        gathered.setdefault((read(series, "group") or "", read(series, "unit") or ""), []).append(series)
    limits = [read(resources, "limit"), *[None] * len(gathered)]
    drawn = (_panel(*key, many, limit) for (key, many), limit in zip(gathered.items(), limits, strict=False))
    return [panel for panel in drawn if panel]


def _panel(group: str, unit: str, many: list[Any], limit: float | None) -> Panel | None:
    points = [_points(series) for series in many]
    first = next((moment for series in many for moment, _ in read(series, "points") or ()), 0)
    dated = isinstance(first, datetime)
    chart = curves.chart(points, limit, dated)
    if chart is None:
        return None
    lines = tuple(
        Line(series, place % 8 + 1, path, _highest(line))
        for place, (series, path, line) in enumerate(zip(many, chart.paths, points, strict=True))
    )
    title = group or ", ".join(read(series, "label") for series in many)
    return Panel(title, unit, chart, lines, limit, dated)


def _highest(points: Sequence[curves.Point]) -> str:
    values = [value for _, value in points if value is not None]
    return curves.compact(max(values)) if values else ""


def panel_rows(panel: Panel) -> list[tuple[Any, list[float | None]]]:
    """The highest value of each series in at most TABLE_ROWS equal pieces of time: (begin, values)."""
    lines = [_points(line.series) for line in panel.lines]
    moments = sorted({moment for line in lines for moment, _ in line})
    edges = _edges(moments[0], moments[-1], min(len(moments), TABLE_ROWS))
    return [
        (_moment(start, panel.dated), [_peak(line, start, end) for line in lines])
        for start, end in pairwise(edges)
    ]


def _edges(begin: float, end: float, pieces: int) -> list[float]:
    length = (end - begin) / pieces
    return [begin + length * place for place in range(pieces)] + [end + 1]


def _peak(line: Sequence[curves.Point], start: float, end: float) -> float | None:
    return max((value for at, value in line if start <= at < end and value is not None), default=None)


def _moment(seconds: float, dated: bool) -> Any:
    return curves.EPOCH + timedelta(seconds=seconds) if dated else round(seconds)


def plot_data(panel: Panel) -> dict[str, Any]:
    """What `plot.js` draws: one axis of seconds, a value or null per series at each of them."""
    lines = [dict(curves.thinned(_points(line.series), PLOT_BINS)) for line in panel.lines]
    moments = sorted({moment for line in lines for moment in line})
    return {
        "dated": panel.dated,
        "limit": panel.limit,
        "unit": panel.unit,
        "labels": [read(line.series, "label") for line in panel.lines],
        "data": [moments, *([line.get(moment) for moment in moments] for line in lines)],
    }


def options(parameters: str | None) -> list[str]:
    """Command line text cut before each option; joined again it is the same text."""
    return _OPTION.split(parameters or "")


FILTERS = (
    strip, band, columns, layers, bars, standouts, groups, gantt, gantt_ticks, panels, panel_rows, plot_data,
    options, figures.spark,
)  # fmt: skip
