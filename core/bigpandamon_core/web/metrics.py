"""What the service counts about itself, for Prometheus.

Each process counts for itself. With several processes behind one address PROMETHEUS_MULTIPROC_DIR names a
folder, empty at start, that they share; any of them then tells the sums.
"""

import os
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

from bigpandamon_core import __version__
from bigpandamon_core.caching.store import Event
from bigpandamon_core.web.scheduling import GAUGES

OWN = CollectorRegistry()
disable_created_metrics()  # type: ignore[no-untyped-call]  # prometheus_client's
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

REQUESTS = Counter(
    "bigpandamon_requests",
    "Requests answered.",
    ("resource", "format", "status"),
    registry=OWN,
)
REQUEST_SECONDS = Histogram(
    "bigpandamon_request_seconds",
    "Time until the last byte was handed over.",
    ("resource", "format"),
    buckets=SECONDS,
    registry=OWN,
)
STATEMENT_SECONDS = Histogram(
    "bigpandamon_statement_seconds",
    "Time until a statement of a named query gave its first rows.",
    ("query",),
    buckets=SECONDS,
    registry=OWN,
)
ANSWERS = Counter(
    "bigpandamon_cache_answers",
    "Answers of a caching point: hit, miss, updating, stale, or bypass where none may be kept.",
    ("point", "outcome"),
    registry=OWN,
)
ENTRIES = Counter(
    "bigpandamon_cache_entries",
    "Answers handed to the store: kept, large (in a file), too_large, failed; evicted ones and foreign bytes "
    "found there; made anew in the background: renewed, not_renewed, postponed.",
    ("event",),
    registry=OWN,
)
VERSION = Gauge(
    "bigpandamon_version_info",
    "The release that runs.",
    ("version",),
    registry=OWN,
    multiprocess_mode="max",
)
VERSION.labels(__version__).set(1)


def of_answer(point: str, outcome: str) -> None:
    """Count where an answer came from. point: its caching point, "" if it has none."""
    _child(ANSWERS, point or "none", outcome).inc()


def of_entry(event: Event) -> None:
    """Count what happens to kept answers."""
    ENTRIES.labels(event.value).inc()


def of_statements(executed: Iterable[tuple[str, float]]) -> None:
    """Count statements: (query name, seconds) each."""
    for query, seconds in executed:
        STATEMENT_SECONDS.labels(query).observe(seconds)


def of_request(resource: str, format_name: str, status: int, seconds: float) -> None:
    _child(REQUESTS, resource, format_name, str(status)).inc()
    _child(REQUEST_SECONDS, resource, format_name).observe(seconds)


@lru_cache(1000)
def _child(metric: Any, *labels: str) -> Any:
    """The metric with these labels: prometheus_client looks for it at length."""
    return metric.labels(*labels)


def metrics(_request: HttpRequest) -> HttpResponse:
    """Everything counted, and what the own database tells of other processes, in Prometheus' text form."""
    shared = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    registry = OWN
    if shared:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, shared)  # type: ignore[no-untyped-call]  # prometheus_client's
    told = generate_latest(registry) + generate_latest(GAUGES)
    response = HttpResponse(told, content_type=CONTENT_TYPE_PLAIN_0_0_4)
    response["Cache-Control"] = "no-store"
    return response
