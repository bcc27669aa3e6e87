"""Harvester: the services that submit workers, and what they say and count."""

from dataclasses import replace

from bigpandamon_core.domain.harvester import HEARTBEATS
from bigpandamon_core.payloads import (
    harvester,
    harvester_instance,
    harvester_instance_page,
    harvester_instances,
    records_page,
    records_table,
    records_v1,
    worker_stats,
)
from bigpandamon_core.payloads.diagnostics import Diagnostics
from bigpandamon_core.payloads.worker_stats import WorkerStats
from bigpandamon_core.sections import schemas, workers
from bigpandamon_core.sections.listing import ON_PAGES, STEERING, v1_alike, v1_of
from bigpandamon_core.sections.types import Access, NavItem, Parameter, Resource, Section

_INSTANCE = Parameter("harvesterid", "Harvester, with * any that fits.")
_WINDOW = (Parameter("hours", "Length of the window in hours.", "integer"),
           Parameter("days", "The same in days.", "integer"))  # fmt: skip
INSTANCES = Resource(
    name="instances",
    path="harvester/instances/",
    help="Services that submit workers, and when each was heard last.",
    access=Access.READ,
    build=harvester_instances.Instances,
    formats={
        "html": harvester_instances.page,
        "json": harvester_instances.compatible,
        "text": harvester_instances.lines,
    },
    template="bigpandamon/record.html",
    point="workers",
    parameters=(
        _INSTANCE,
        *_WINDOW,
        Parameter("heartbeat", "How lately they were heard.", words=tuple(HEARTBEATS)),
    ),
    answer=schemas.mapping(instances=schemas.array(schemas.OBJECT)),
    needs=("harvesterservices",),
)
V1_INSTANCES = v1_alike(INSTANCES, harvester_instances.data, "instances", answer=schemas.V1_RECORDS)
_NAME = Parameter("harvesterid", "Name of the service.", where="path")
INSTANCE = Resource(
    name="instance",
    path="harvester/instance/<str:harvesterid>/",
    help="One service: whether it is heard, how the workers it submitted fare, what it said.",
    access=Access.READ,
    build=harvester_instance.OneInstance,
    formats={"html": harvester_instance_page.shape, "json": harvester_instance.data},
    template="bigpandamon/record.html",
    point="workers",
    noun="workers",
    parameters=(_NAME,),
    answer=schemas.V1_RECORD,
    needs=("harvester",),
)
V1_INSTANCE = v1_alike(INSTANCE, harvester_instance.data, "instances/<str:harvesterid>")
WORKER_STATS = replace(
    INSTANCES,
    name="get-worker-stats",
    path="harvester/getworkerstats/",
    help="How many workers services report by queue, resource, state and activity.",
    build=harvester.Asked,
    formats={"json": harvester.worker_stats},
    template="",
    parameters=(
        _INSTANCE,
        *(
            Parameter(name, f"Column {name}, with * any that fits.")
            for name in ("computingsite", "resourcetype", "status", "jobtype")
        ),
        Parameter("lastupdate_from", "Reported at this moment or later, UTC."),
        Parameter("lastupdate_to", "Reported at this moment or before, UTC."),
    ),
    answer=schemas.array(schemas.OBJECT),
)
_LIMITED = (Parameter("instance", "As harvesterid."), Parameter("limit", "Most rows.", "integer"), *_WINDOW)
MESSAGES = replace(
    WORKER_STATS,
    name="get-diagnostics",
    path="harvester/getdiagnostics/",
    help="What services said, newest first.",
    formats={"json": harvester.messages},
    parameters=(
        _INSTANCE,
        Parameter("modulename", "Part of the service that spoke."),
        Parameter("messagelevel", "How grave it is."),
        *_LIMITED,
    ),
)
TAKEN = replace(
    WORKER_STATS,
    name="get-harvester-jobs",
    path="harvester/getjobs/",
    help="Which worker took which job, newest first.",
    formats={"json": harvester.jobs},
    parameters=(
        _INSTANCE,
        Parameter("workerid", "Numbers of workers.", "integers"),
        Parameter("pandaid", "Numbers of jobs.", "integers"),
        *_LIMITED,
    ),
    needs=("harvester",),
)
_ROWS = {"csv": records_table.shape, "ndjson": records_table.shape, "text": records_table.short}
DIAGNOSTICS = Resource(
    name="diagnostics",
    path="harvester/diagnostics/",
    help="What services said: how grave, by service and part of it, newest first.",
    access=Access.READ,
    build=Diagnostics,
    formats={"html": records_page.shape, "json": records_v1.shape, **_ROWS},
    template="bigpandamon/records.html",
    point="workers",
    noun="diagnostics",
    parameters=ON_PAGES,
    answer=schemas.V1_RECORDS,
    needs=("harvesterservices",),
)
STATS = replace(
    DIAGNOSTICS,
    name="worker-stats",
    path="harvester/stats/",
    help="How many workers services told lately: by service, queue, resource, activity and state.",
    build=WorkerStats,
    formats={"html": worker_stats.shape, "json": records_v1.shape, **_ROWS},
    template="bigpandamon/record.html",
    noun="workerstats",
    parameters=STEERING,
)
SECTION = Section(
    "harvester",
    "Harvester",
    (
        *workers.RESOURCES,
        INSTANCES,
        WORKER_STATS,
        MESSAGES,
        TAKEN,
        V1_INSTANCES,
        INSTANCE,
        V1_INSTANCE,
        DIAGNOSTICS,
        STATS,
        v1_of(DIAGNOSTICS, records_v1.shape),
        v1_of(STATS, records_v1.shape),
    ),
    nav=(NavItem("Harvester", "workers"),),
)
