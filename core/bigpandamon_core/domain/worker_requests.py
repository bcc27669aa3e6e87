"""What requests about harvester workers may say. Rules from the BigPanDA JSON API."""

from collections.abc import Mapping

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.nouns import Asked, Noun, Sort, lookup
from bigpandamon_core.domain.request_window import WindowRules

HOURS = 12
SUMMARY = tuple("status computingsite computingelement resourcetype harvesterid nativestatus jobtype".split())
"""What the JSON answer counts."""
INTEGERS = tuple("workerid ncore errorcode nativeexitcode njobs minramcount".split())
TEXTS = tuple(
    """harvesterid status batchid nodeid queuename computingsite stdout stderr batchlog resourcetype
    nativestatus diagmessage computingelement submissionhost harvesterhost jdl jobtype pilotstatus""".split()
)
TIMES = tuple("submittime lastupdate starttime endtime pilotstarttime pilotendtime".split())
UNBOUNDED = frozenset({"workerid", "workerids", "pandaid"})
NEWEST = (Sort("submittime", descending=True),)
_COUNTED = frozenset({*SUMMARY, "submissionhost", "pilotstatus", "errorcode"})
_text = rules.exact_or("*!|")
FIELDS = (
    Field("instance", "Harvester that submitted it.", column="harvesterid", rule=_text),
    Field("workerids", "Numbers of workers.", Kind.INTEGER, column="workerid", rule=rules.identifiers),
    *(
        Field(name, f"Column {name} of the worker.", rule=_text, counted=name in _COUNTED)
        for name in TEXTS
    ),
    *(
        Field(name, f"Column {name} of the worker.", Kind.INTEGER, counted=name in _COUNTED)
        for name in INTEGERS
    ),
)  # fmt: skip


def noun(more_fields: tuple[Field, ...] = ()) -> Noun:
    """Workers, by when they were submitted."""
    return Noun(
        name="workers",
        fields=(*FIELDS, *more_fields),
        window=WindowRules(HOURS, unbounded_by=UNBOUNDED, time_columns=TIMES, column="submittime"),
        sorts={},
        default_sort=NEWEST,
        keys=("workerid", "harvesterid"),
        combined=_of_jobs,
    )


def _of_jobs(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Workers that took certain jobs: another table tells."""
    text = parameters.get("pandaid")
    if text is None:
        return [], set()
    rules.integers("pandaid", text)
    return [Asked("pandaid", text, lookup("workers_of_jobs", "workerid", pandaid=text))], {"pandaid"}
