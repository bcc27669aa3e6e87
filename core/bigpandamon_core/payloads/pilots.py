"""Recent pilots: the jobs that they took, by version, queue, region, service and gateway, and what waits."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.conditions import EVERYTHING, All, Condition
from bigpandamon_core.domain.harvester import heartbeat, of_workers
from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.nouns import Asked
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import envelope, jobs_trend
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.harvester import told_of_service
from bigpandamon_core.payloads.harvester_instances import Depth, depths
from bigpandamon_core.payloads.translated_jobs import TranslatedJobs
from bigpandamon_core.queries import harvester as service_queries
from bigpandamon_core.queries import worker_counts
from bigpandamon_core.queries.lookups import resolve
from bigpandamon_core.summaries.pilots import Group, States, by
from bigpandamon_core.summaries.regions import failing_of

Row = dict[str, Any]
_GROUPED = named("pilotversion", "computingsite", "harvesterinstance", "computingelement", "jobstatus")
PILOT = "pilotid"
WITH_PILOT = (PILOT, "*")
"""What asks for jobs that a pilot took."""
POINT_OF_VIEW = "this point of view"


class Pilots(TranslatedJobs):
    """The jobs of a selection that pilots took."""

    def __init__(self, call: Call):
        names = {name.lower() for name, _ in call.parameters}
        more = () if names & {PILOT, PILOT + SHOWN} else (WITH_PILOT,)
        super().__init__(call, (*call.parameters, *more))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        found = self.grouped(_GROUPED).items()
        return tuple(
            Group(str(version), str(queue), str(instance), str(gateway), str(state), jobs)
            for (version, queue, instance, gateway, state), jobs in found
        )

    @cached_property
    def states(self) -> States:
        return sum(self.by_version.values(), States())

    @cached_property
    def by_version(self) -> Mapping[str, States]:
        return by(self.groups, lambda group: group.version)

    @cached_property
    def by_queue(self) -> Mapping[str, States]:
        return by(self.groups, lambda group: group.queue)

    @cached_property
    def by_region(self) -> Mapping[str, States]:
        return by(self.groups, lambda group: self.region_of(group.queue))

    @cached_property
    def by_gateway(self) -> Mapping[str, States]:
        return by(self.groups, lambda group: group.gateway)

    @cached_property
    def by_instance(self) -> Mapping[str, States]:
        return by(self.groups, lambda group: group.instance)

    @cached_property
    def services(self) -> Mapping[str, Row]:
        """Harvester services by name."""
        found = self.optional("services", service_queries.instances, list[Row]())
        return {row["harvesterid"]: told_of_service(self.call, row) for row in found}

    @cached_property
    def workers(self) -> Mapping[tuple[str, ...], int]:
        """By service, queue and state, as services told lately; nothing where these cannot tell."""
        nothing: dict[tuple[str, ...], int] = {}
        return nothing if self.untold else self.optional("worker statistics", self._told_lately, nothing)

    def _told_lately(self) -> dict[tuple[str, ...], int]:
        columns = ("harvesterid", "computingsite", "status")
        narrowing = (one for one in self._of_workers.values() if one is not None and one != EVERYTHING)
        return worker_counts.told(self.call.until, columns, All(tuple(narrowing)))

    @cached_property
    def _of_workers(self) -> Mapping[str, Condition | None]:
        """What the request says of workers, by parameter; None where services tell nothing of it."""
        asked = {one.parameter: one.condition for one in self.selection.asked if _narrows(one)}
        inside = All(self.selection.extra)
        return {name: of_workers(one, resolve) for name, one in (asked | {POINT_OF_VIEW: inside}).items()}

    @property
    def untold(self) -> str:
        """Why workers are not told, "" where they are."""
        lost = (name.removesuffix(SHOWN) for name, one in self._of_workers.items() if one is None)
        by = ", ".join(lost)
        return f"Workers are not told: services tell them by queue and harvester, not by {by}." if by else ""

    @property
    def narrows_workers(self) -> bool:
        """Whether but some of all workers are told."""
        return any(one != EVERYTHING for one in self._of_workers.values())

    def depth_of_queue(self, name: str) -> Depth | None:
        """Its workers; None where they are not told."""
        return None if self.untold else self._by_queue.get(name, Depth())

    def depth_of_service(self, name: str) -> Depth | None:
        return None if self.untold else self._by_service.get(name, Depth())

    @cached_property
    def depth(self) -> Depth | None:
        """All workers."""
        found = depths((("", state), count) for (*_, state), count in self.workers.items())
        return None if self.untold else found.get("", Depth())

    @cached_property
    def _by_queue(self) -> Mapping[str, Depth]:
        return depths(((queue, state), count) for (_, queue, state), count in self.workers.items())

    @cached_property
    def _by_service(self) -> Mapping[str, Depth]:
        return depths(((name, state), count) for (name, _, state), count in self.workers.items())


def _narrows(asked: Asked) -> bool:
    return (asked.parameter, asked.text) != WITH_PILOT


def data(pilots: Pilots) -> Row:
    """The envelope of `/api/v1`."""
    now = pilots.call.now
    told = {
        "versions": _told("version", pilots.by_version),
        "regions": _told("region", pilots.by_region),
        "queues": _queues(pilots),
        "instances": _instances(pilots),
        "gateways": _told("computingelement", pilots.by_gateway),
        "services": [
            {
                "harvesterid": name,
                "lastupdate": iso(row["lastupdate"]),
                "heartbeat": heartbeat(row["lastupdate"], now),
            }
            for name, row in pilots.services.items()
        ],
        "trend": _over_time(pilots),
    }
    return {
        "data": told,
        "meta": envelope.meta(
            pilots,
            as_of=iso(pilots.source.as_of),
            source=pilots.source.name,
            total=pilots.states.total(),
            workers_why_not=pilots.untold or None,
        ),
        "links": {"self": pilots.own_url},
    }


def _told(name: str, found: Mapping[str, States]) -> list[Row]:
    return [
        {
            name: value,
            "jobs": states.total(),
            "states": dict(states),
            "failing_percent": failing_of(states),
        }
        for value, states in found.items()
    ]


def _queues(pilots: Pilots) -> list[Row]:
    return [
        _with_depth(one, pilots.depth_of_queue(one["queue"])) | {"region": pilots.region_of(one["queue"])}
        for one in _told("queue", pilots.by_queue)
    ]


def _instances(pilots: Pilots) -> list[Row]:
    return [
        _with_depth(one, pilots.depth_of_service(one["harvesterid"]))
        for one in _told("harvesterid", pilots.by_instance)
    ]


def _with_depth(one: Row, depth: Depth | None) -> Row:
    told = (depth.queued, depth.running) if depth else (None, None)
    return one | dict(zip(("workers_queued", "workers_running"), told, strict=True))


def _over_time(pilots: Pilots) -> list[Row]:
    """When the jobs that pilots took ended; nothing where neither facets nor rollups tell."""
    trend = jobs_trend.told(jobs_trend.ended(pilots))
    return [
        {"from": iso(piece.begin), "to": iso(piece.end)} | jobs_trend.numbers(piece)
        for piece in (trend.pieces if trend else ())
    ]
