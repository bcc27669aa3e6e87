"""Errors: why jobs fail."""

from bigpandamon_core.domain.job_requests import UNFINISHED
from bigpandamon_core.payloads import errors_compat, errors_page, errors_v1
from bigpandamon_core.payloads.errors import Errors
from bigpandamon_core.payloads.errors_page import PLACES
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import v1_alike
from bigpandamon_core.sections.types import Access, NavItem, Parameter, Resource, Section

_SELECTING = (
    Parameter("mode", "nodrop: superseded attempts of one task are kept, which are else left out."),
    Parameter(
        "extra",
        "unfinishedfiles: of one task, only errors of jobs whose input is not finished.",
        words=(UNFINISHED,),
    ),
)
ERRORS = Resource(
    name="errors",
    path="errors/",
    help="Why jobs fail: errors by code, message, queue, node, user and task, and what is to blame.",
    access=Access.READ,
    build=Errors,
    formats={"html": errors_page.shape, "json": errors_compat.shape},
    template="bigpandamon/errors.html",
    point="errors",
    noun="jobs",
    parameters=(
        *_SELECTING,
        Parameter("fields", f"Comma list of sections, of {', '.join(errors_compat.SECTIONS)}."),
        Parameter("sortby", "count or alpha: the order of errors and places.", words=("count", "alpha")),
        Parameter("view", "On the page: all places of this kind, not only the worst.", words=tuple(PLACES)),
        Parameter("limit", "Has no effect: all jobs are counted.", "integer"),
    ),
    answer=schemas.ERRORS,
    needs=("jobs",),
)
V1_ERRORS = v1_alike(
    ERRORS,
    errors_v1.shape,
    "errors",
    help="Why jobs fail, with what is to blame, what is new and what the jobs said.",
    parameters=_SELECTING,
)
SECTION = Section("errors", "Errors", (ERRORS, V1_ERRORS), nav=(NavItem("Errors", "errors"),))
