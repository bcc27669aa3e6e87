"""Harvester workers, and what answers about them."""

from dataclasses import replace

from bigpandamon_core.payloads import (
    records_page,
    records_table,
    records_v1,
    task_workers,
    worker,
    workers_compat,
)
from bigpandamon_core.payloads.workers import Workers
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import ON_PAGES, v1_alike, v1_of
from bigpandamon_core.sections.types import Access, Parameter, Resource

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
    parameters=(*ON_PAGES, Parameter("pandaid", "Workers that took these jobs.", "integers")),
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
    asks="harvesterid and workerid",
    beside="workers",
)
V1_WORKER = v1_alike(WORKER, worker.v1, "worker")
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
    asks="dt",
)
OF_TASK = replace(
    GET_WORKERS,
    name="workers-for-task",
    path="workersfortask/",
    help="Workers that took jobs of a task: the events of these jobs, and how long each ran, in days.",
    build=task_workers.TaskWorkers,
    formats={"json": task_workers.compatible},
    noun="",
    parameters=(Parameter("jeditaskid", "Number of the task, or several.", "integers"),),
    needs=("jobs", "harvester"),
    asks="jeditaskid",
)
RESOURCES = (WORKERS, WORKER, GET_WORKERS, OF_TASK, V1_WORKERS, V1_WORKER)
