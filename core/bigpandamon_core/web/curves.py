"""Geometry of lines over time and of their axes: numbers in, paths and ticks out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from bigpandamon_core.summaries.histograms import round_step

Point = tuple[float, float | None]
"""Seconds (since any origin) and a value; None interrupts the line."""

EPOCH = datetime(1970, 1, 1)
MINUTE, HOUR, DAY = 60, 3600, 86400
STEPS = (
    1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
    DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY,
)  # fmt: skip
"""Distances between ticks of a time axis, in seconds."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place in percent of the axis (from the left, or from the top), and its label."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines as SVG path data in a box of 1000 x 200, axes in percent, the limit's place (None: no limit)."""

    paths: tuple[str, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    limit: float | None


WIDTH, HEIGHT = 1000, 200
LEAST = 1e-12
"""Of values that are drawn as more than zero."""


def chart(
    lines: Sequence[Sequence[Point]], limit: float | None = None, dated: bool = False, bins: int = 250
) -> Chart | None:
    """Lines on common axes from zero up, a limit always in view. None: nothing to draw.

    dated: the seconds are counted from 1970, so that the axis tells times of day, not time passed.
    bins: a line with more points keeps the lowest and the highest of each bin.
    """
    moments = [moment for line in lines for moment, _ in line]
    values = [value for line in lines for _, value in line if value is not None]
    if not values:
        return None
    begin, end = min(moments), max(moments)
    scale = value_scale(max(*values, limit or 0, 0))
    top = scale[-1]
    return Chart(
        tuple(_path(thinned(line, bins), begin, end, top) for line in lines),
        time_ticks(begin, end, dated),
        tuple(Tick(round(100 - 100 * value / top, 2), compact(value)) for value in scale),
        None if limit is None else round(100 - 100 * limit / top, 2),
    )


def thinned(points: Sequence[Point], bins: int) -> list[Point]:
    """At most two points per bin of equal time, its lowest and its highest: a spike of one point survives."""
    if len(points) <= 2 * bins:
        return list(points)
    begin, end = points[0][0], points[-1][0]
    length = (end - begin) / bins or 1.0
    filled: dict[int, list[Point]] = {}
    for point in points:
        filled.setdefault(min(int((point[0] - begin) / length), bins - 1), []).append(point)
    return [point for members in filled.values() for point in _extremes(members)]


def _extremes(members: list[Point]) -> Iterable[Point]:
    known = [(value, moment) for moment, value in members if value is not None]
    if not known:
        return members[:1]
    return sorted({(moment, value) for value, moment in (min(known), max(known))})


def _path(points: Sequence[Point], begin: float, end: float, top: float) -> str:
    pieces, move = [], True
    x_scale = WIDTH / (end - begin) if end > begin else 0
    for moment, value in points:
        if value is not None:
            x, y = (moment - begin) * x_scale, HEIGHT - value / top * HEIGHT
            pieces.append(f"{'M' if move else 'L'}{x:.1f} {y:.1f}")
        move = value is None
    return "".join(pieces)


def value_scale(highest: float, at_most: int = 6) -> tuple[float, ...]:
    """Round numbers from 0 up to the first that is not below the highest value."""
    if highest < LEAST:
        return (0.0, 1.0)
    step = round_step(highest / (at_most - 1))
    return tuple(step * place for place in range(ceil(highest / step - 1e-9) + 1))


def compact(value: float) -> str:
    """A number short enough for an axis: 0, 2.5, 750, 1.2 k, 30 M."""
    for factor, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= factor:
            return f"{value / factor:.3g} {unit}"
    return f"{value:.3g}"


def time_ticks(begin: float, end: float, dated: bool = False, at_most: int = 6) -> tuple[Tick, ...]:
    """Ticks at round moments strictly inside the axis, so that no label hangs over its ends."""
    length = end - begin
    if length <= 0:
        return ()
    step = next((step for step in STEPS if length / step <= at_most), STEPS[-1])
    origin = 0 if dated else begin
    first = ceil((begin - origin) / step) * step + origin
    moments = (first + place * step for place in range(int(length // step) + 1))
    label = _dated if dated else _passed
    return tuple(
        Tick(round(100 * (moment - begin) / length, 2), label(moment - origin, step))
        for moment in moments
        if 0.02 < (moment - begin) / length < 0.98
    )


def _dated(moment: float, step: int) -> str:
    time = EPOCH + timedelta(seconds=moment)
    if step >= 365 * DAY:
        return f"{time:%Y}"
    if step >= DAY or not moment % DAY:
        return f"{time.day} {time:%b}"
    return f"{time:%H:%M:%S}" if step < MINUTE else f"{time:%H:%M}"


def _passed(seconds: float, step: int) -> str:
    hours, rest = divmod(round(seconds), HOUR)
    minutes, seconds = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02}:{seconds:02}" if step < MINUTE else f"{hours}:{minutes:02}"
