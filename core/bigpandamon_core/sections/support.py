"""Small answers for programs."""

from collections.abc import Callable
from typing import Any

from bigpandamon_core.payloads import support, user_dash
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.types import Access, Parameter, Resource, Section


def _answer(
    name: str, path: str, help_text: str, shape: Callable[[Any], Any], needs: tuple[str, ...], **more: Any
) -> Resource:
    return Resource(
        name=name,
        path=path,
        help=help_text,
        access=Access.READ,
        build=support.Support,
        formats={"json": shape},
        needs=needs,
        **more,
    )


_PANDAID = (Parameter("pandaid", "Number of the job.", "integer", "path"),)
_TASK = (Parameter("jeditaskid", "Number of the task.", "integer", "path"),)
_STATES = schemas.array(schemas.mapping(duration=schemas.TEXT, modiftime_str=schemas.TEXT))
_DESCRIPTIONS = schemas.mapping(error_descriptions=schemas.array(schemas.OBJECT))
JOB_STATES = _answer(
    "job-status-log",
    "jobstatuslog/<str:pandaid>/",
    "State changes of a job, and how long each state lasted.",
    support.job_states,
    ("jobs", "statuslog"),
    parameters=_PANDAID,
    answer=_STATES,
)
TASK_STATES = _answer(
    "task-status-log",
    "taskstatuslog/<str:jeditaskid>/",
    "State changes of a task, and how long each state lasted.",
    support.task_states,
    ("jedi", "taskhistory"),
    parameters=_TASK,
    answer=_STATES,
)
DESCRIPTIONS = _answer(
    "error-descriptions",
    "api/joberrordescriptions/",
    "What error codes of jobs mean.",
    support.error_descriptions,
    ("errors",),
    answer=_DESCRIPTIONS,
)
LAST_JOB = _answer(
    "last-job",
    "api/support/maxpandaid/",
    "The highest number of a job.",
    support.last_job,
    ("jobs",),
    answer=schemas.mapping(maxpandaid=schemas.COUNT),
)
DECOMMISSIONED = _answer(
    "decommissioned",
    "incidents/",
    "Pages that are no more: 410.",
    support.decommissioned,
    (),
    also_at=("logger/", "ttc/", "workingGroups/", "dash/objectstore/"),
    refusal=schemas.mapping(message=schemas.TEXT),
    refused_with="410",
)
USER_DASH = Resource(
    name="user-dash",
    path="api/user_dash/<str:agg>/",
    help="Tasks or jobs of every user by state.",
    access=Access.READ,
    build=user_dash.UserDash,
    formats={"json": user_dash.compatible},
    parameters=(Parameter("agg", "tasks or jobs.", where="path"),),
    answer=schemas.mapping(msg=schemas.TEXT, data=schemas.OBJECT),
    needs=("jobs", "jedi"),
)
SECTION = Section(
    "support",
    "For programs",
    (JOB_STATES, TASK_STATES, DESCRIPTIONS, LAST_JOB, DECOMMISSIONED, USER_DASH),
)
