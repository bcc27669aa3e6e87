"""How following goes and how old this host's facets are, as /health and /metrics tell it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from bigpandamon_core.domain.window import iso
from bigpandamon_core.facets.store.manifest import Manifest
from bigpandamon_core.payloads.job_facets import manifest_of
from bigpandamon_core.state.follow import FollowStatus

COUNTS = {
    "rows_read": "Rows of job tables that the follower has read.",
    "changes": "Changes of jobs that it has told.",
    "repairs": "Changes that only a sweep has found.",
    "bins": "Rows of bins of rollups that it has changed.",
    "failures": "Looks that failed.",
}


def told(status: FollowStatus | None, rollups: Mapping[str, datetime], moment: datetime) -> dict[str, Any]:
    """For /health. Why a look failed is in the follower's log."""
    facets = manifest_of(settings.BIGPANDAMON.get("facets.folder"))
    return {
        "follow": _status(status, moment) if status else None,
        "facets": _facets(facets, moment) if facets else None,
        "rollups": _rollups(status, rollups) if status else None,
    }


def _status(status: FollowStatus, moment: datetime) -> dict[str, Any]:
    return {
        "as_of": iso(status.as_of),
        "lag_seconds": _age(status.as_of, moment),
        "complete_since": iso(status.complete_since),
        "failed_at": iso(status.failed_at),
        **{name: getattr(status, name) for name in COUNTS},
    }


def _rollups(status: FollowStatus, rollups: Mapping[str, datetime]) -> dict[str, Any]:
    return {
        "complete_since": {name: iso(since) for name, since in rollups.items()},
        "closed_before": iso(status.closed_before),
        "sampled_at": iso(status.sampled_at),
    }


def _facets(facets: Manifest, moment: datetime) -> dict[str, Any]:
    return {
        "as_of": iso(facets.as_of),
        "lag_seconds": _age(facets.as_of, moment),
        "complete_since": iso(facets.complete_since),
        "batch": facets.batch,
    }


def _age(as_of: datetime | None, moment: datetime) -> float | None:
    return round((moment - as_of).total_seconds(), 1) if as_of else None


def samples(status: FollowStatus | None, moment: datetime) -> Iterator[Metric]:
    """For /metrics."""
    lags = {"follow": _age(status.as_of, moment) if status else None}
    facets = manifest_of(settings.BIGPANDAMON.get("facets.folder"))
    lags["facets"] = _age(facets.as_of, moment) if facets else None
    lag = GaugeMetricFamily("bigpandamon_lag_seconds", "How old what is known of PanDA is.", labels=("of",))
    for name, seconds in lags.items():
        if seconds is not None:
            lag.add_metric((name,), seconds)
    yield lag
    for name, text in COUNTS.items() if status else ():
        yield CounterMetricFamily(f"bigpandamon_follow_{name}", text, value=getattr(status, name))
