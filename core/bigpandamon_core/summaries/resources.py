"""What a job used over time: the series of the process monitor, and the growth of its memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

_NAMES = {"totpss": "pss", "totrss": "rss", "totvmem": "vmem", "totswap": "swap"}
FEWEST_POINTS = 5
LARGEST = 1e18
"""Of what is measured in bytes, kB or seconds; larger or negative numbers are no measurement."""
LATEST = 4_102_444_800
"""Epoch seconds at the end of the century; samples from later are none."""


@dataclass(frozen=True)
class Series:
    """seconds since the first sample, and the values by quantity: memory kB, CPU s, I/O as measured."""

    begin: int
    seconds: tuple[float, ...]
    values: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Growth:
    """A straight line through memory over time. slope: kB per second, error: its standard error."""

    slope: float
    error: float
    points: int

    @property
    def is_certain(self) -> bool:
        """Whether memory grows beyond doubt: the slope is more than three standard errors above zero."""
        return self.slope > 3 * self.error > 0


def read_series(text: str) -> Series | None:
    """The table a process monitor writes: a heading and one line a sample, `Time` in epoch seconds first.

    Lines that do not fit the heading, or hold what cannot have been measured, are left out; None if nothing
    is left.
    """
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if not lines or lines[0][0].lower() not in ("time", "wtime"):
        return None
    heading = [_NAMES.get(name.lower(), name.lower()) for name in lines[0]]
    samples = [numbers for line in lines[1:] if (numbers := _numbers(line, len(heading)))]
    if not samples:
        return None
    moments, *columns = zip(*samples, strict=True)
    values = dict(zip(heading[1:], columns, strict=True))
    return Series(int(moments[0]), tuple(moment - moments[0] for moment in moments), values)


def _numbers(words: list[str], count: int) -> list[float] | None:
    if len(words) != count:
        return None
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return None
    return numbers if all(map(_is_measured, numbers)) and numbers[0] <= LATEST else None


def _is_measured(value: object) -> TypeGuard[float]:
    """Comparisons with what is not a number are false, too."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LARGEST


def settled(seconds: Sequence[float], values: Sequence[float]) -> tuple[list[float], list[float]]:
    """The later half of a series: in the earlier one a payload loads what it needs, which is no leak."""
    half = seconds[-1] / 2 if seconds else 0
    pairs = [(moment, value) for moment, value in zip(seconds, values, strict=True) if moment >= half]
    return [moment for moment, _ in pairs], [value for _, value in pairs]


def growth(seconds: Sequence[float], values: Sequence[float]) -> Growth | None:
    """Least-squares line through (seconds, values) and the standard error of its slope, which is
    sqrt(residual sum of squares / (n - 2) / sum of squared deviations of time). None below five points."""
    count = len(seconds)
    if count < FEWEST_POINTS:
        return None
    mean_time, mean_value = sum(seconds) / count, sum(values) / count
    spread = sum((moment - mean_time) ** 2 for moment in seconds)
    if spread == 0:
        return None
    pairs = list(zip(seconds, values, strict=True))
    slope = sum((moment - mean_time) * (value - mean_value) for moment, value in pairs) / spread
    left = sum((value - mean_value - slope * (moment - mean_time)) ** 2 for moment, value in pairs)
    return Growth(slope, (left / (count - 2) / spread) ** 0.5, count)


def of_metadata(metadata: Any) -> dict[str, float]:
    """Maxima and averages that a pilot stored with the job: {"maxPSS": …} and the like, as they are named."""
    top = _object(metadata)
    below = _object(top.get("prmon"))
    return {
        f"{part.lower()} {name}": value
        for part in ("Max", "Avg")
        for name, value in _object(top.get(part) or below.get(part)).items()
        if _is_measured(value) and name.isprintable()
    }


def unit_of(name: str) -> str:
    """The unit of such a maximum or average, "" where it has none or none is known. Averages of what was read
    and written are rates."""
    part, _, quantity = name.lower().partition(" ")
    if quantity.endswith(("char", "bytes")):
        return "B/s" if part == "avg" else "B"
    units = (("kB", ("pss", "rss", "swap", "vmem", "fbmem")), ("s", ("time",)), ("%", ("pct",)))
    return next((unit for unit, ends in units if quantity.endswith(ends)), "")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
