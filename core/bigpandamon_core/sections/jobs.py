"""Jobs: what can be asked about them, and what answers."""

from bigpandamon_core.domain import job_requests
from bigpandamon_core.payloads import (
    job_compat,
    job_page,
    job_v1,
    jobs_compat,
    jobs_page,
    jobs_table,
    jobs_v1,
)
from bigpandamon_core.payloads.job import OneJob
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_attributes import ORDERS
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import VIEW
from bigpandamon_core.sections.types import Access, Family, NavItem, Parameter, Resource, Section

_STEERING = (
    Parameter("limit", "Most rows in the list; summaries always count all.", "integer"),
    Parameter("sortby", f"Order, one of {', '.join(job_requests.SORTS)}."),
    Parameter("sort", "Order by a column, with - before it for descending."),
    Parameter("fields", "Comma list of keys each job keeps; an answer without it has them all."),
)
_SELECTING = (
    Parameter(
        "mode",
        "nodrop: superseded attempts are kept, which drop, as usual, leaves out where one task is asked for.",
    ),
    Parameter("noarchjobs", "1: leaves out the long-term archive; 0: does not.", "integer"),
    Parameter("origin", "Jobs that an imported file told about, by its name."),
)
_COMPATIBLE = (
    *_STEERING,
    *_SELECTING,
    Parameter(
        "outputs",
        f"For JSON: comma list of the sections that are filled, of {', '.join(jobs_compat.SECTIONS)}.",
        words=jobs_compat.SECTIONS,
    ),
    Parameter("datasets", "For JSON, whatever its value: adds its files to each job."),
    Parameter(
        "order", f"On the page: order of the values of attributes, {', '.join(ORDERS)}.", words=tuple(ORDERS)
    ),
    VIEW,
)
_PAGING = (Parameter("after", "Continue after this place, from the link of the page before."),)

JOBS = Resource(
    name="jobs",
    path="jobs/",
    help="Jobs of a selection: counts by attribute, errors, rows.",
    access=Access.READ,
    build=Jobs,
    formats={
        "html": jobs_page.shape,
        "json": jobs_compat.shape,
        "csv": jobs_table.shape,
        "ndjson": jobs_table.shape,
        "text": jobs_table.short,
    },
    template="bigpandamon/jobs.html",
    point="jobs",
    noun="jobs",
    parameters=_COMPATIBLE,
    answer=schemas.JOBS,
    needs=("jobs",),
    methods=("GET", "HEAD", "POST"),
)
JOB = Resource(
    name="job",
    path="job/<path:pandaid>/",
    help="One job and everything that belongs to it.",
    access=Access.READ,
    build=OneJob,
    formats={"html": job_page.shape, "json": job_compat.shape, "text": job_page.lines},
    template="bigpandamon/job.html",
    point="job",
    parameters=(Parameter("pandaid", "Number of the job, or its name.", where="path"),),
    answer=schemas.JOB,
    needs=("jobs",),
    methods=("GET", "HEAD", "POST"),
    beside="jobs",
)
JOB_BY_PARAMETER = Resource(
    name="job-by-parameter",
    path="job/",
    also_at=("job",),
    help="One job by its number, name, batch id or an output file.",
    access=Access.READ,
    build=OneJob,
    formats=JOB.formats,
    template=JOB.template,
    point="job",
    parameters=(
        Parameter("pandaid", "Number of the job.", "integer"),
        Parameter("jobname", "Its name."),
        Parameter("batchid", "Its number in the batch system."),
        Parameter("creator", "Logical name of a file it wrote."),
    ),
    answer=schemas.JOB,
    needs=("jobs",),
    methods=("GET", "HEAD", "POST"),
    asks="pandaid or jobname or batchid or creator",
    beside="jobs",
)
V1_JOBS = Resource(
    name="v1-jobs",
    path="api/v1/jobs",
    help="Jobs of a selection, a page at a time.",
    access=Access.READ,
    build=Jobs,
    formats={
        "json": jobs_v1.shape,
        "csv": jobs_table.shape,
        "ndjson": jobs_table.shape,
        "text": jobs_table.short,
    },
    point="jobs",
    noun="jobs",
    parameters=(*_STEERING, *_SELECTING, *_PAGING),
    family=Family.V1,
    answer=schemas.V1_JOBS,
    needs=("jobs",),
)
V1_SUMMARY = Resource(
    name="v1-jobs-summary",
    path="api/v1/jobs/summary",
    help="Jobs of a selection counted by attribute, state and error.",
    access=Access.READ,
    build=Jobs,
    formats={"json": jobs_v1.summary},
    point="jobs",
    noun="jobs",
    parameters=_SELECTING,
    family=Family.V1,
    answer=schemas.V1_SUMMARY,
    needs=("jobs",),
)
V1_TREND = Resource(
    name="v1-jobs-trend",
    path="api/v1/jobs/trend",
    help="Jobs of a selection over time: how many ended, how, and how long they ran.",
    access=Access.READ,
    build=Jobs,
    formats={"json": jobs_v1.over_time},
    point="jobs",
    noun="jobs",
    parameters=_SELECTING,
    family=Family.V1,
    answer=schemas.V1_TREND,
    needs=("jobs",),
)
V1_JOB = Resource(
    name="v1-job",
    path="api/v1/jobs/<str:pandaid>",
    help="One job with its files, states, attempts and errors.",
    access=Access.READ,
    build=OneJob,
    formats={"json": job_v1.shape},
    point="job",
    parameters=(Parameter("pandaid", "Number of the job.", "integer", "path"),),
    family=Family.V1,
    answer=schemas.V1_JOB,
    needs=("jobs",),
)
SECTION = Section(
    "jobs",
    "Jobs",
    (JOBS, JOB, JOB_BY_PARAMETER, V1_SUMMARY, V1_TREND, V1_JOBS, V1_JOB),
    nav=(NavItem("Jobs", "jobs"),),
)
