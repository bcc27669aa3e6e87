"""Job statistics from rollups."""

from bigpandamon_core.payloads import statistics_page
from bigpandamon_core.payloads.statistics import BY, Statistics
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.types import Access, Family, NavItem, Parameter, Resource, Section

_PARAMETERS = (Parameter("by", f"What the jobs are told by, one of {', '.join(BY)}."),)
STATISTICS = Resource(
    name="statistics",
    path="statistics/",
    help="Jobs that ended, summed up over days, months and years: how many, how well, for how long.",
    access=Access.READ,
    build=Statistics,
    formats={
        "html": statistics_page.shape,
        "json": statistics_page.data,
        "csv": statistics_page.rows,
        "ndjson": statistics_page.rows,
        "text": statistics_page.rows,
    },
    template="bigpandamon/record.html",
    point="statistics",
    noun="jobs",
    parameters=_PARAMETERS,
    answer=schemas.V1_RECORDS,
)
V1_STATISTICS = Resource(
    name="v1-statistics",
    path="api/v1/statistics",
    help="Jobs that ended, summed up over days, months and years.",
    access=Access.READ,
    build=Statistics,
    formats={name: STATISTICS.formats[name] for name in ("json", "csv", "ndjson", "text")},
    point="statistics",
    noun="jobs",
    parameters=_PARAMETERS,
    family=Family.V1,
    answer=schemas.V1_RECORDS,
)
SECTION = Section(
    "statistics", "Statistics", (STATISTICS, V1_STATISTICS), nav=(NavItem("Statistics", "statistics"),)
)
