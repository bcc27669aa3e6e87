"""Reading what happened to a job: its states, its other attempts, its workers, its task."""

from typing import Any

from bigpandamon_core.panda.statuslog import JobsStatusLog
from bigpandamon_core.panda.tasks import JediJobRetryHistory, JediTasks
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers
from bigpandamon_core.queries.where import MERGES, listed
from bigpandamon_core.sources.reading import ALIAS, declare, dicts, tuples

STATES = declare("history.states", "The state changes of a job.", binds=("pandaid",), cap=1_000)
RELATIONS = declare(
    "history.attempts", "Attempts before and after a job.", binds=("jeditaskid", "pandaids"), cap=1_000
)
WORKERS = declare("history.workers", "Workers that took a job.", binds=("pandaid",), cap=50)
TASK = declare("history.task", "The task of a job.", binds=("jeditaskid",))
STATE_COLUMNS = ("jobstatus", "modificationtime", "modiftime_extended", "computingsite", "modificationhost")
WORKER_COLUMNS = tuple(
    """harvesterid workerid lastupdate status batchid nodeid queuename computingsite submittime starttime
    endtime ncore errorcode stdout stderr batchlog resourcetype nativeexitcode nativestatus diagmessage
    computingelement njobs jobtype""".split()
)
TASK_COLUMNS = (
    "jeditaskid",
    "taskname",
    "status",
    "username",
    "splitrule",
    "walltime",
    "ramcount",
    "ramunit",
)
_LONGEST_CHAIN = 20


def states_of(pandaid: int) -> list[dict[str, Any]]:
    """State changes, oldest first; the extended time orders what one second holds."""
    found = JobsStatusLog.objects.using(ALIAS).filter(pandaid=pandaid).order_by("modificationtime")
    rows = dicts(STATES, found[: STATES.cap], STATE_COLUMNS)
    return sorted(rows, key=lambda row: row["modiftime_extended"] or row["modificationtime"])


def attempts_of(jeditaskid: int, pandaid: int) -> list[tuple[int, int, str]]:
    """(oldpandaid, newpandaid, relationtype) of the whole chain of attempts a job stands in, and of what was
    merged from or into these."""
    known: set[tuple[int, int, str]] = set()
    border = {pandaid}
    reached = {pandaid}
    for _step in range(_LONGEST_CHAIN):
        rows = JediJobRetryHistory.objects.using(ALIAS).filter(
            listed("oldpandaid", sorted(border)) | listed("newpandaid", sorted(border)), jeditaskid=jeditaskid
        )
        rows = rows.order_by("oldpandaid", "newpandaid")[: RELATIONS.cap]
        found = tuples(RELATIONS, rows.values_list("oldpandaid", "newpandaid", "relationtype"))
        known |= {(old, new, kind or "retry") for old, new, kind in found}
        border = {number for old, new, kind in known if kind not in MERGES for number in (old, new)} - reached
        reached |= border
        if not border:
            break
    return sorted(known)


def workers_of(pandaid: int) -> list[dict[str, Any]]:
    """The harvester workers that ran a job, newest first."""
    took = HarvesterRelJobsWorkers.objects.using(ALIAS).filter(pandaid=pandaid).order_by("-workerid")
    found = took.values_list(*(f"worker__{column}" for column in WORKER_COLUMNS))[: WORKERS.cap]
    return [dict(zip(WORKER_COLUMNS, row, strict=True)) for row in tuples(WORKERS, found)]


def task(jeditaskid: int) -> dict[str, Any] | None:
    rows = dicts(TASK, JediTasks.objects.using(ALIAS).filter(jeditaskid=jeditaskid), TASK_COLUMNS)
    return rows[0] if rows else None
