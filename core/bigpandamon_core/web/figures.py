"""Geometry of the bars that the server draws: numbers in, positions out. Lines and axes are in `curves`.

Positions are in the units of a drawing `width` wide, which the page stretches to whatever room there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a horizontal bar. A width of 0 means: draw nothing."""

    x: float
    width: float


def strip(
    counts: Sequence[int], width: float = 1000, gap: float = 1.5, least: float = 4
) -> tuple[Segment, ...]:
    """One bar divided in proportion to counts, with gaps between the parts.

    A count that is not zero is never narrower than `least` (or its equal share, where even that is too much),
    so that a handful among millions is still seen; the others give way.
    """
    shown = sum(1 for count in counts if count > 0)
    room = width - gap * max(shown - 1, 0)
    segments, x = [], 0.0
    for part in _widths(counts, room, min(least, room / shown) if shown else 0):
        segments.append(Segment(round(x, 2), round(part, 2)))
        x += part + gap if part else 0
    return tuple(segments)


def _widths(counts: Sequence[int], room: float, least: float) -> list[float]:
    small: set[int] = set()
    while True:
        total = sum(count for place, count in enumerate(counts) if count > 0 and place not in small)
        scale = (room - least * len(small)) / total if total else 0
        narrow = {i for i, count in enumerate(counts) if i not in small and 0 < count * scale < least}
        if not narrow:
            return [least if i in small else max(count, 0) * scale for i, count in enumerate(counts)]
        small |= narrow


def share(part: float, whole: float, width: float = 100) -> float:
    """Length of the bar for a part of the whole, never outside the track."""
    return round(min(max(part / whole, 0), 1) * width, 2) if whole > 0 else 0


def spark(counts: Sequence[int] | None, width: float = 100, height: float = 20) -> str:
    """Numbers over time as the bars of one path, the highest as high as the drawing; what is not zero is
    always seen."""
    parts, highest = list(counts or ()), max(counts or (0,))
    step, bars = width / max(len(parts), 1), []
    for place, count in enumerate(parts):
        if count > 0:
            tall = round(max(height * count / highest, 1), 2)
            bars.append(f"M{step * place:.2f} {height}v-{tall}h{step:.2f}v{tall}z")
    return "".join(bars)


def gantt(
    spans: Sequence[tuple[datetime, datetime]], width: float = 1000, least: float = 5
) -> tuple[Segment, ...]:
    """One bar per span of time on a common axis from the first begin to the last end.

    No bar is narrower than `least`; one at the very end is moved left so that it stays inside.
    """
    if not spans:
        return ()
    begin = min(span[0] for span in spans)
    seconds = (max(max(span) for span in spans) - begin).total_seconds()
    scale = width / seconds if seconds > 0 else 0
    segments = []
    for start, end in spans:
        length = max((end - start).total_seconds() * scale, least)
        x = min((start - begin).total_seconds() * scale, width - length)
        segments.append(Segment(round(max(x, 0), 2), round(min(length, width), 2)))
    return tuple(segments)
