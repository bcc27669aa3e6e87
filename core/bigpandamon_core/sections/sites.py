"""Queues: what can be asked about them, and what answers."""

from dataclasses import replace

from bigpandamon_core.payloads import queue_names, records_table, records_v1, site, site_page, sites
from bigpandamon_core.payloads import status_summary as summary
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import ON_PAGES, v1_alike, v1_of
from bigpandamon_core.sections.types import Access, NavItem, Parameter, Resource, Section

SITES = Resource(
    name="sites",
    path="sites/",
    help="Queues by the properties of their configuration: any of them is a parameter.",
    access=Access.READ,
    build=sites.Sites,
    formats={
        "html": sites.page,
        "json": sites.compatible,
        "csv": sites.lines,
        "ndjson": records_table.shape,
        "text": records_table.short,
    },
    template="bigpandamon/records.html",
    point="sites",
    noun="sites",
    parameters=ON_PAGES,
    answer=schemas.array(schemas.OBJECT),
    needs=("queues",),
)
SITE = Resource(
    name="site",
    path="site/<str:queue>/",
    help="One queue: its configuration and the recorded history of that, its jobs of the last hours.",
    access=Access.READ,
    build=site.OneSite,
    formats={"html": site_page.shape, "json": site.compatible, "text": site.lines},
    template="bigpandamon/record.html",
    point="sites",
    parameters=(Parameter("queue", "Its name.", where="path"),),
    answer=schemas.array(schemas.mapping(param=schemas.TEXT, value={})),
    needs=("queues", "jobs"),
)
SITE_BY_PARAMETER = replace(
    SITE,
    name="site-by-parameter",
    path="site/",
    help="The same, of the queue that a parameter names.",
    parameters=(Parameter("site", "Name of the queue."),),
    asks="site",
)
V1_SITE = v1_alike(
    SITE,
    site.v1,
    "sites/<str:queue>",
    help="One queue: its configuration and the recorded history of that.",
    needs=("queues",),
)
_SUMMARY = (
    Parameter("nhours", "Length of the window in hours.", "count"),
    Parameter("starttime", "Begin of the window, UTC.", "moment"),
    Parameter("endtime", "End of the window, UTC.", "moment"),
    *(
        Parameter(
            name, f"{what}: a comma list, with * for anything, - before what is not wanted, NULL for none."
        )
        for name, what in summary.ASKED_BY.items()
    ),
    Parameter("jobtype", "production, analysis or test, or a comma list of them."),
)
STATUS_SUMMARY = Resource(
    name="status-summary",
    path="status_summary/",
    help="Jobs of a window by queue and state.",
    access=Access.READ,
    build=summary.StatusSummary,
    formats={"html": summary.page, "json": summary.compatible},
    template="bigpandamon/record.html",
    point="statussummary",
    parameters=_SUMMARY,
    answer=schemas.mapping(
        timestamp=schemas.TEXT,
        errors=schemas.OBJECT,
        warnings=schemas.OBJECT,
        query=schemas.OBJECT,
        GET_parameters=schemas.OBJECT,
        nrecords=schemas.COUNT,
        data=schemas.array(schemas.OBJECT),
    ),
    needs=("jobs", "queues"),
    json_by_content_type=True,
)
STATUS_SUMMARY_API = replace(
    STATUS_SUMMARY,
    name="status-summary-api",
    path="status_summary/api/",
    formats={"json": summary.compatible},
    template="",
    json_by_content_type=False,
)
NAMES = Resource(
    name="queue-names",
    path="api/get_sites/",
    help="Names of queues, for a field that completes them.",
    access=Access.READ,
    build=queue_names.QueueNames,
    formats={"json": queue_names.compatible},
    parameters=(Parameter("term", "Part of the name, whatever its case."),),
    answer=schemas.array(schemas.TEXT),
    needs=("queues",),
    must_send={"X-Requested-With": "XMLHttpRequest"},
)
SECTION = Section(
    "sites",
    "Queues",
    (
        SITES,
        SITE,
        SITE_BY_PARAMETER,
        STATUS_SUMMARY,
        STATUS_SUMMARY_API,
        NAMES,
        v1_of(SITES, records_v1.shape),
        V1_SITE,
    ),
    nav=(NavItem("Queues", "sites"),),
)
