"""Harvester: the services that submit workers, and what they say and count."""

from dataclasses import replace

from bigpandamon_core.payloads import harvester
from bigpandamon_core.sections import schemas, workers
from bigpandamon_core.sections.types import Access, Family, NavItem, Parameter, Resource, Section

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
        *workers.RESOURCES,
        INSTANCES,
        WORKER_STATS,
        MESSAGES,
        TAKEN,
        V1_INSTANCES,
    ),
    nav=(NavItem("Harvester", "workers"),),
)
