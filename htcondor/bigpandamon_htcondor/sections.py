"""What the plugin shows, and where."""

from dataclasses import replace

from bigpandamon_core.plugin import Access, Action, NavItem, Parameter, Resource, Section, at_v1
from bigpandamon_htcondor import dag, dags, held, job, jobs, one_job, pools
from bigpandamon_htcondor import submissions as acts
from bigpandamon_htcondor.asking import OLD_PARAMETERS, PARAMETERS
from bigpandamon_htcondor.states import NODES

OBJECT, ARRAY = {"type": "object"}, {"type": "array", "items": {"type": "object"}}
LIMIT = Parameter("limit", "Most rows.", "integer")
PAGED = (*PARAMETERS, LIMIT, Parameter("after", "Place after which to go on, of `next`."))
NODE_STATE = Parameter("state", "State of the nodes to list.", words=tuple(NODES))
BY_ID = (Parameter("globaljobid", "Its GlobalJobId, `#` as %23.", where="path"),)

JOBS = Resource(
    name="htcondor-jobs",
    path="htcondor/jobs/",
    also_at=("htcondorjobs/",),
    help="Batch jobs of a selection: in which state, where, whose.",
    access=Access.READ,
    build=jobs.Jobs,
    formats={
        "html": jobs.page,
        "json": jobs.plain,
        "csv": jobs.every_row,
        "ndjson": jobs.every_row,
        "text": jobs.rows,
    },
    template="htcondor/jobs.html",
    point="htcondor-jobs",
    parameters=(*PAGED, *OLD_PARAMETERS),
    answer=OBJECT,
)
JOB = Resource(
    name="htcondor-job",
    path="htcondor/job/<path:globaljobid>/",
    also_at=("htcondorjobs/<path:globaljobid>/",),
    help="One batch job: its states, events, use, and why it is held.",
    access=Access.READ,
    build=one_job.Job,
    formats={"html": job.page, "json": job.plain, "text": job.lines},
    template="htcondor/record.html",
    point="htcondor-jobs",
    parameters=BY_ID,
    answer=OBJECT,
)
WHOLE = Resource(
    name="htcondor-classad",
    path="htcondor/job/<path:globaljobid>/classad/",
    help="All of a batch job's ClassAd, environment and arguments too.",
    access=Access.PERSONAL,
    build=one_job.Job,
    formats={"json": job.whole},
    parameters=BY_ID,
    answer=OBJECT,
)
HELD = Resource(
    name="htcondor-held",
    path="htcondor/held/",
    help="Held jobs by reason: what it means, since when, who else.",
    access=Access.READ,
    build=held.Held,
    formats={"html": held.page, "json": held.plain, "csv": held.rows, "ndjson": held.rows, "text": held.rows},
    template="htcondor/record.html",
    point="htcondor-jobs",
    parameters=(*PARAMETERS, LIMIT),
    answer=OBJECT,
)
POOLS = Resource(
    name="htcondor-pools",
    path="htcondor/pools/",
    help="Schedulers and submit hosts: jobs by state, efficiency, core time that evictions lost.",
    access=Access.READ,
    build=pools.Pools,
    formats={
        "html": pools.page,
        "json": pools.plain,
        "csv": pools.rows,
        "ndjson": pools.rows,
        "text": pools.rows,
    },
    template="htcondor/record.html",
    point="htcondor-jobs",
    parameters=PARAMETERS,
    answer=OBJECT,
)
DAGS = Resource(
    name="htcondor-dags",
    path="htcondor/dags/",
    help="DAGs with their nodes by state.",
    access=Access.READ,
    build=dags.Dags,
    formats={"html": dags.page, "json": dags.plain, "csv": dags.table_of, "ndjson": dags.table_of},
    template="htcondor/record.html",
    point="htcondor-jobs",
    parameters=(LIMIT,),
    answer=OBJECT,
)
DAG = Resource(
    name="htcondor-dag",
    path="htcondor/dag/<path:name>/",
    help="One DAG: its nodes, their states and retries, the critical path.",
    access=Access.READ,
    build=dag.OneDag,
    formats={"html": dag.page, "json": dag.plain},
    template="htcondor/record.html",
    point="htcondor-jobs",
    parameters=(Parameter("name", "Its file without folder and ending.", where="path"), NODE_STATE),
    answer=OBJECT,
)


V1_DAGS = (
    at_v1(DAGS),
    at_v1(DAG, "htcondor/dags/<path:name>"),
)
V1 = (
    at_v1(
        JOBS,
        parameters=PAGED,
        formats={"json": jobs.v1, "csv": jobs.every_row, "ndjson": jobs.every_row},
        actions={"POST": acts.PUSH},
    ),
    at_v1(JOB, "htcondor/jobs/<path:globaljobid>"),
    at_v1(HELD),
    at_v1(POOLS),
)
OF_2014 = replace(
    JOBS,
    name="htcondor-jobs-2014",
    path="htcondor/htcondorapi/jobs/",
    also_at=("api/htcondorapi/jobs/", "api-auth/htcondorapi/jobs/"),
    help="Batch jobs as the HTCondor API of 2014 has them.",
    build=jobs.Unremoved,
    formats={"json": jobs.of_2014},
    template="",
    point="",
    answer=ARRAY,
    actions={"POST": acts.ADD, "PUT": acts.UPDATE, "DELETE": acts.REMOVE},
)


def _one_act(name: str, action: Action) -> Resource:
    """An address of the same API that does one thing, by POST."""
    return replace(
        OF_2014,
        name=f"htcondor-{name}-2014",
        path=f"htcondor/htcondorapi/{name}/",
        also_at=(f"api-auth/htcondorapi/{name}/",),
        actions={"POST": action},
    )


REST = replace(
    OF_2014,
    name="htcondor-rest-jobs",
    path="htcondor/rest/jobs/",
    also_at=(),
    help="Batch jobs as the REST successor of that API has them.",
    build=jobs.Jobs,
    formats={"json": jobs.of_rest},
    actions={
        "POST": acts.REST_ADD,
        "PUT": acts.REST_UPDATE,
        "PATCH": acts.REST_UPDATE,
        "DELETE": acts.REST_DELETE,
    },
)
REST_JOB = replace(
    JOB,
    name="htcondor-rest-job",
    path="htcondor/rest/jobs/<path:globaljobid>/",
    also_at=(),
    help="One batch job as the REST successor has it.",
    formats={"json": job.of_rest},
    template="",
)
ACTS = tuple(
    _one_act(*one) for one in (("addjob", acts.ADD), ("updatejob", acts.UPDATE), ("removejob", acts.REMOVE))
)
SECTIONS = (
    Section(
        "htcondor",
        "HTCondor",
        (JOBS, WHOLE, JOB, HELD, POOLS, *V1, OF_2014, *ACTS, REST, REST_JOB),
        nav=(
            NavItem("Jobs", JOBS.name),
            NavItem("Held", HELD.name),
            NavItem("Schedulers, efficiency", POOLS.name),
        ),
    ),
    Section("htcondor-dags", "DAGs of HTCondor", (DAGS, DAG, *V1_DAGS), nav=(NavItem("DAGs", DAGS.name),)),
)
