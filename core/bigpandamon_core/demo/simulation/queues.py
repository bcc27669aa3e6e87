"""Configuration records: of the queues, as schedconfig_json holds them, of work queues and resource types."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bigpandamon_core.demo.simulation.records import Row
from bigpandamon_core.demo.simulation.sites import Queue
from bigpandamon_core.demo.simulation.world import World

ANALYSIS_ONLY, PRODUCTION_ONLY = "analysis", "production"
WORK_QUEUES = {"": (1, "default", 0), "managed": (2, "production", 60), "user": (3, "analysis", 35),
               "test": (5, "tests", 5)}  # fmt: skip
"""By label of the jobs: number, name and share of a queue of tasks."""
RESOURCES: Mapping[str, tuple[int, int | None, int, int | None]] = {
    "SCORE": (1, 1, 0, 2000),
    "SCORE_HIMEM": (1, 1, 2001, None),
    "MCORE": (2, None, 0, 2000),
    "MCORE_HIMEM": (2, None, 2001, None),
}
"""Cores from and to, memory per core in MB from and to."""
STATUS_OF_KIND = {"test": "test"}


def configurations(world: World) -> Iterator[Row]:
    for queue in world.sites.queues:
        text = json.dumps(_document(world, queue), sort_keys=True)
        yield {"panda_queue": queue.name, "data": text, "last_update": world.moment}


def work_queue(label: str) -> int:
    """The number of the queue of tasks that jobs of a label come from."""
    return WORK_QUEUES.get(label, WORK_QUEUES[""])[0]


def work_queues(world: World) -> Iterator[Row]:
    for order, (label, (number, name, share)) in enumerate(WORK_QUEUES.items()):
        yield {
            "queue_id": number,
            "queue_name": name,
            "queue_type": label or "any",
            "vo": world.profile.vo[:16],
            "status": "active",
            "stretchable": 1,
            "queue_share": share,
            "queue_order": order,
            "criteria": f"prodSourceLabel = '{label}'" if label else None,
        }


def resource_types(world: World) -> Iterator[Row]:
    """Of all kinds of queues; those without bounds are told by name alone."""
    taken = dict.fromkeys(name for kind in world.profile.queues for name in kind.takes)
    for name in (*RESOURCES, *(each for each in taken if each not in RESOURCES)):
        bounds = RESOURCES.get(name, (None, None, None, None))
        columns = ("mincore", "maxcore", "minrampercore", "maxrampercore")
        yield {"resource_name": name} | dict(zip(columns, bounds, strict=True))


def _document(world: World, queue: Queue) -> dict[str, Any]:
    return _names(world, queue) | _limits(queue) | _access(world, queue)


def _names(world: World, queue: Queue) -> dict[str, Any]:
    site = queue.site
    return {
        "panda_resource": queue.name,
        "siteid": queue.name,
        "nickname": queue.name,
        "name": queue.name,
        "site": site.name,
        "gocname": site.name.upper(),
        "atlas_site": site.name,
        "rc_site": site.name,
        "cloud": site.region,
        "region": site.region,
        "country": f"{site.region} Country",
        "vo_name": world.profile.vo,
        "tier": "T1" if site.weight > 5 else "T2",
        "tier_level": 1 if site.weight > 5 else 2,
        "type": "unified",
        "resource_type": queue.kind.resource_type,
        "status": STATUS_OF_KIND.get(queue.kind.name, "online"),
        "state": "ACTIVE",
        "comment": "no exclusion in force",
    }


def _limits(queue: Queue) -> dict[str, Any]:
    kind = queue.kind
    return {
        "capability": kind.capability,
        "workflow": kind.workflow,
        "corecount": kind.cores,
        "corepower": queue.site.corepower,
        "maxrss": kind.maxrss,
        "minrss": 0,
        "maxtime": kind.maxtime,
        "mintime": 0,
        "maxwdir": 160000,
        "maxinputsize": 100000,
        "timefloor": 0,
        "pledgedcpu": int(queue.site.weight * 1000),
        "nodes": len(queue.nodes),
    }


def _access(world: World, queue: Queue) -> dict[str, Any]:
    domain, place = world.profile.domain, queue.site.name.lower()
    gpu = "GPU" in queue.kind.takes
    return {
        "harvester": f"{queue.kind.instance}_A",
        "container_type": "apptainer:pilot",
        "copytools": {"rucio": {"setup": ""}},
        "astorages": {"read_lan": [queue.storage], "write_lan": [queue.storage], "pr": [queue.storage]},
        "ddm": queue.storage,
        "processor_type": "GPU" if gpu else "CPU",
        "queues": [
            {
                "ce_endpoint": f"ce{number:02d}.{place}.{domain}:9619",
                "ce_flavour": queue.kind.batch.upper(),
                "ce_name": f"ce{number:02d}.{place}.{domain}",
                "ce_queue_name": queue.kind.name,
                "ce_state": "ACTIVE",
                "ce_status": "Production",
            }
            for number in (1, 2)
        ],
    }
