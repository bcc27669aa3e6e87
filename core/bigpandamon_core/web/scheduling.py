"""What other processes do, as /health and /metrics tell it: periodic tasks, leases, following.

It is read from the own database when it is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import Error
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bigpandamon_core.domain.window import iso, now
from bigpandamon_core.queries.own.batches import status
from bigpandamon_core.queries.own.periodic import states
from bigpandamon_core.rollups.reading import complete_since
from bigpandamon_core.sources.failures import failure
from bigpandamon_core.state.follow import FollowStatus
from bigpandamon_core.state.hosts import HostRow, fingerprint, hosts
from bigpandamon_core.state.leases import ALIAS, Lease, holders
from bigpandamon_core.state.periodic import PeriodicState
from bigpandamon_core.web import following
from bigpandamon_core.web.aside import Aside, refuse_to_make

PATIENCE_SECONDS = 2.0
IN_A_ROW = "bigpandamon_periodic_consecutive_failures"
TIMES = {
    "last_start": "When a periodic task last began.",
    "last_end": "When a periodic task last ended.",
    "last_success": "When a periodic task last went well.",
    "last_failure": "When a periodic task last failed.",
    "next_run": "When a periodic task runs next.",
}


@dataclass(frozen=True)
class Scheduling:
    """What the own database says of them; nothing while it does not answer."""

    tasks: Mapping[str, PeriodicState]
    leases: Iterable[Lease]
    following: FollowStatus | None = None
    rollups: Mapping[str, datetime] = field(default_factory=dict)
    hosts: Iterable[HostRow] = ()


NOTHING = Scheduling({}, ())


@cache
def _aside() -> Aside[Scheduling]:
    return Aside("scheduling", ALIAS, _read, NOTHING)


def _read() -> Scheduling:
    try:
        refuse_to_make(ALIAS)
        follower = status()
        since = complete_since(follower) if follower else {}
        return Scheduling(states(), holders(), follower, since, hosts())
    except Error as error:
        failure(ALIAS, error)
        return NOTHING


def scheduling() -> Scheduling:
    """As it is now."""
    _aside().ask()
    return _aside().told(PATIENCE_SECONDS) or NOTHING


def told(found: Scheduling) -> dict[str, Any]:
    """For /health. Why a task failed is not for everybody: `bigpandamon schedule list` tells it."""
    return {
        "leases": {lease.name: _lease(lease) for lease in found.leases},
        "tasks": {name: _task(state) for name, state in found.tasks.items()},
    }


def told_hosts(found: Scheduling) -> list[dict[str, Any]]:
    """For /health: the hosts of the instance, and whether each signs with this host's key."""
    ours = fingerprint(settings.SECRET_KEY)
    return [
        {
            "name": host.name,
            "version": host.version,
            "seen": iso(host.seen),
            "same_key": host.fingerprint == ours,
        }
        for host in found.hosts
    ]


def _lease(lease: Lease) -> dict[str, Any]:
    return {
        "holder": lease.holder,
        "since": iso(lease.since),
        "until": iso(lease.until),
        "fence": lease.fence,
    }


def _task(state: PeriodicState) -> dict[str, Any]:
    times = {column: iso(getattr(state, column)) for column in TIMES}
    return times | {"failures": state.failures}


class _Gauges(Collector):
    """Samples made at the moment they are asked for."""

    def collect(self) -> Iterator[Metric]:
        found = scheduling()
        for column, text in TIMES.items():
            name = f"bigpandamon_periodic_{column}_timestamp_seconds"
            times = {task: getattr(state, column) for task, state in found.tasks.items()}
            yield _gauge(name, text, "task", {task: _seconds(at) for task, at in times.items() if at})
        failures = {task: state.failures for task, state in found.tasks.items()}
        yield _gauge(IN_A_ROW, "Failures of a periodic task in a row.", "task", failures)
        fences = {lease.name: lease.fence for lease in found.leases}
        yield _gauge("bigpandamon_lease_fence", "The tenure of each lease that is held.", "lease", fences)
        yield from following.samples(found.following, now())
        since = {name: _seconds(moment) for name, moment in found.rollups.items()}
        text = "Since when all bins of a rollup are complete."
        yield _gauge("bigpandamon_rollup_complete_since_timestamp_seconds", text, "rollup", since)
        sampled = found.following and found.following.sampled_at
        times = {"live": _seconds(sampled)} if sampled else {}
        text = "The end of the last hour at which live jobs were counted."
        yield _gauge("bigpandamon_rollup_sampled_timestamp_seconds", text, "rollup", times)


def _gauge(name: str, text: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, text, labels=(label,))
    for key, value in values.items():
        gauge.add_metric((key,), value)
    return gauge


def _seconds(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp()


GAUGES = CollectorRegistry()
GAUGES.register(_Gauges())
