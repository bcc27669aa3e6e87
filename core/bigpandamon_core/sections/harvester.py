"""Harvester: its workers, and what answers about them."""

from dataclasses import replace

from bigpandamon_core.payloads import (
    harvester,
    records_page,
    records_table,
    records_v1,
    worker,
    workers_compat,
)
from bigpandamon_core.payloads.workers import Workers
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import STEERING, v1_of
from bigpandamon_core.sections.types import Access, Family, NavItem, Parameter, Resource, Section

WORKERS = Resource(
    name="workers",
    path="harvester/workers/",
    also_at=("harvesters/",),
    help="Workers of a selection: how many in which state, by queue, gateway and instance.",
    access=Access.READ,
    build=Workers,
    formats={
        "html": records_page.shape,
        "json": workers_compat.shape,
        "csv": records_table.shape,
        "ndjson": records_table.shape,
        "text": records_table.short,
    },
    template="bigpandamon/records.html",
    point="workers",
    noun="workers",
    parameters=(*STEERING, Parameter("pandaid", "Workers that took these jobs.", "integers")),
    answer=schemas.mapping(summary=schemas.OBJECT, workers=schemas.array(schemas.OBJECT)),
    needs=("harvester",),
)
V1_WORKERS = v1_of(WORKERS, records_v1.shape, (Parameter("pandaid", "As of the page.", "integers"),))
WORKER = Resource(
    name="worker",
    path="harvester/worker/",
    help="One worker and the jobs it took.",
    access=Access.READ,
    build=worker.OneWorker,
    formats={"html": worker.page, "json": worker.compatible, "text": worker.lines},
    template="bigpandamon/record.html",
    point="workers",
    parameters=(
        Parameter("harvesterid", "Harvester that submitted it."),
        Parameter("workerid", "Its number there.", "integer"),
    ),
    answer=schemas.mapping(corrJobs=schemas.array(schemas.COUNT), jobsStatuses=schemas.OBJECT),
    needs=("harvester",),
)
V1_WORKER = replace(
    WORKER,
    name="v1-worker",
    path="api/v1/worker",
    formats={"json": worker.v1},
    template="",
    family=Family.V1,
    answer=schemas.V1_RECORD,
)
GET_WORKERS = replace(
    WORKERS,
    name="get-workers",
    path="harvester/getworkers/",
    also_at=(),
    help="Workers as an array, for programs.",
    formats={"json": workers_compat.array},
    template="",
    parameters=(
        *WORKERS.parameters,
        Parameter("dt", "Must be there.", "flag"),
        Parameter("display_limit_workers", "Most workers.", "integer"),
    ),
    answer=schemas.array(schemas.OBJECT),
)
_INSTANCE = Parameter("harvesterid", "Harvester, with * any that fits.")
_WINDOW = (Parameter("hours", "Length of the window in hours.", "integer"),
           Parameter("days", "The same in days.", "integer"))  # fmt: skip
INSTANCES = Resource(
    name="instances",
    path="harvester/instances/",
    help="Services that submit workers, and when each was heard last.",
    access=Access.READ,
    build=harvester.Instances,
    formats={
        "html": harvester.instances_page,
        "json": harvester.instances,
        "text": harvester.instances_lines,
    },
    template="bigpandamon/record.html",
    point="workers",
    parameters=(_INSTANCE, *_WINDOW),
    answer=schemas.mapping(instances=schemas.array(schemas.OBJECT)),
    needs=("harvesterservices",),
)
V1_INSTANCES = replace(
    INSTANCES,
    name="v1-instances",
    path="api/v1/instances",
    formats={"json": harvester.instances_v1},
    template="",
    family=Family.V1,
    answer=schemas.V1_RECORDS,
)
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
SECTION = Section(
    "harvester",
    "Harvester",
    (
        WORKERS,
        WORKER,
        GET_WORKERS,
        INSTANCES,
        WORKER_STATS,
        MESSAGES,
        TAKEN,
        V1_WORKERS,
        V1_WORKER,
        V1_INSTANCES,
    ),
    nav=(NavItem("Harvester", "workers"),),
)
