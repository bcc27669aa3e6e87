"""Job statistics from rollups."""

from bigpandamon_core.payloads import statistics_page, statistics_rows, statistics_series
from bigpandamon_core.payloads.statistics import BY, LEVELS, Statistics
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.types import Access, Family, NavItem, Parameter, Resource, Section

_MANY = ", ".join(f"{name} ({most or 'every one'})" for name, most in LEVELS.items())
_PARAMETERS = (
    Parameter("by", f"What the jobs are told by, one of {', '.join(BY)}."),
    Parameter("level", f"Of how many values something is told: {_MANY}."),
)
_INTEGRATE = Parameter("integrate", "1: of each bin all up to it is told.", "flag")
_OFFSET = Parameter("offset", "How many values the page leaves out before those it shows.", "integer")
STATISTICS = Resource(
    name="statistics",
    path="statistics/",
    help="Jobs that ended, summed up over days, months and years: how many, how well, for how long.",
    access=Access.READ,
    build=Statistics,
    formats={
        "html": statistics_page.shape,
        "json": statistics_rows.data,
        "csv": statistics_rows.rows,
        "ndjson": statistics_rows.rows,
        "text": statistics_rows.rows,
    },
    template="bigpandamon/statistics.html",
    point="statistics",
    noun="jobs",
    parameters=(*_PARAMETERS, _INTEGRATE, _OFFSET),
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
V1_SERIES = Resource(
    name="v1-statistics-series",
    path="api/v1/statistics/series",
    help="Jobs that ended, in each bin of time: of the values with most jobs, as rows of every value.",
    access=Access.READ,
    build=Statistics,
    formats={
        "json": statistics_series.data,
        "csv": statistics_series.rows,
        "ndjson": statistics_series.rows,
        "text": statistics_series.rows,
    },
    point="statistics",
    noun="jobs",
    parameters=(*_PARAMETERS, _INTEGRATE),
    family=Family.V1,
    answer=schemas.V1_RECORDS,
)
SECTION = Section(
    "statistics",
    "Statistics",
    (STATISTICS, V1_STATISTICS, V1_SERIES),
    nav=(NavItem("Statistics", "statistics"),),
)
