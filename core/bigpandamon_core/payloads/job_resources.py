"""What a job used over time, where its metadata holds the series of the process monitor."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bigpandamon_core.payloads.job import OneJob
from bigpandamon_core.payloads.tables import fact
from bigpandamon_core.summaries.resources import Series, growth, of_metadata, settled, unit_of

KB_PER_GB = 1024 * 1024
LEAST_SECONDS = 3600
"""Shorter jobs are still loading in the part where a leak would show."""
_MEMORY = (("pss", "PSS"), ("rss", "RSS"), ("swap", "swap"))
_CPU = (("utime", "user"), ("stime", "system"))
_IO = (
    ("rchar", "read"),
    ("wchar", "written"),
    ("read_bytes", "read from disk"),
    ("write_bytes", "written to disk"),
)
_GROUPS = (
    ("Memory", "GB", _MEMORY, 1 / KB_PER_GB),
    ("CPU", "CPU s", _CPU, 1.0),
    ("I/O", "GB of I/O", _IO, 1e-9),
)
"""What is drawn together: title, unit, quantities, and the factor from what is measured to the unit."""


def resources(job: OneJob) -> dict[str, Any] | None:
    """Series in GB, CPU seconds and GB, the memory limit, the growth of memory; None without measurements."""
    summary = of_metadata(job.metadata)
    if job.series is None and not summary:
        return None
    drawn = _series(job.series) if job.series else []
    limit = job.row["minramcount"]
    return {
        "series": drawn,
        "limit": limit / 1000 if limit and drawn else None,
        "leak": _leak(job.series) if job.series and "pss" in job.series.values else None,
        "summary": [fact(name, f"{value:,.0f} {unit_of(name)}".rstrip()) for name, value in summary.items()],
    }


def _series(series: Series) -> list[dict[str, Any]]:
    start = datetime.fromtimestamp(series.begin, UTC).replace(tzinfo=None)
    moments = [start + timedelta(seconds=second) for second in series.seconds]
    return [
        {"group": group, "name": name, "label": label, "unit": unit, "points": points}
        for group, unit, names, scale in _GROUPS
        for name, label in names
        if name in series.values
        for points in [_points(moments, series.values[name], scale)]
    ]


def _points(
    moments: Sequence[datetime], values: Sequence[float], scale: float
) -> list[tuple[datetime, float]]:
    return [(moment, value * scale) for moment, value in zip(moments, values, strict=True)]


def _leak(series: Series) -> dict[str, str] | None:
    """How memory grew once the payload had settled; a verdict only where that could be watched for long."""
    fitted = growth(*settled(series.seconds, series.values["pss"]))
    if fitted is None:
        return None
    per_hour = 3600 / KB_PER_GB
    slope, error = fitted.slope * per_hour, fitted.error * per_hour
    told = f"grows: {slope:+.2f} GB/h" if fitted.is_certain else "no certain growth"
    line = f"straight line through the last {fitted.points} points: {slope:+.3f} ± {error:.3f} GB/h"
    return {"slope_text": told if series.seconds[-1] >= LEAST_SECONDS else "", "uncertainty_text": line}
