"""Reading what happened to a job: its states, its other attempts, its workers, its task."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from bigpandamon_core.panda.statuslog import JobsStatusLog
from bigpandamon_core.panda.tasks import JediJobRetryHistory, JediTasks
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers
from bigpandamon_core.queries.jobs import at_once
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
    merged from or into these. A chain is known by its first job; one that was recorded without it is followed
    from job to job."""
    rows: set[tuple[int, int, str, int | None]] = set()
    asked, border = set[int](), {pandaid}
    for _step in range(_LONGEST_CHAIN):
        rows |= _related(jeditaskid, border)
        asked |= border
        attempts = _chain(pandaid, [(old, new) for old, new, kind, _ in rows if kind not in MERGES])
        without_first = {number for old, new, _, first in rows if not first for number in (old, new)}
        border = (attempts & without_first) - asked
        if not border:
            break
    return sorted({(old, new, kind) for old, new, kind, _ in rows if old in attempts or new in attempts})


def _chain(pandaid: int, pairs: Iterable[tuple[int, int]]) -> set[int]:
    """The jobs that pairs connect with one."""
    near = defaultdict[int, set[int]](set)
    for old, new in pairs:
        near[old].add(new)
        near[new].add(old)
    found, border = {pandaid}, {pandaid}
    while border:
        border = set[int]().union(*(near[number] for number in border)) - found
        found |= border
    return found


def _related(jeditaskid: int, pandaids: Collection[int]) -> set[tuple[int, int, str, int | None]]:
    """The rows of some jobs, and those of the chains that these stand in; where these are too many, their own
    first. Some databases have 0 for a first job that was not recorded."""
    of_task = JediJobRetryHistory.objects.using(ALIAS).filter(jeditaskid=jeditaskid)
    numbers = sorted(pandaids)
    near = of_task.filter(listed("oldpandaid", numbers) | listed("newpandaid", numbers))
    whole = of_task.filter(originpandaid__in=near.filter(originpandaid__gt=0).values("originpandaid"))
    rows = at_once((near, whole), ("oldpandaid", "newpandaid", "relationtype", "originpandaid"))
    found = tuples(RELATIONS, rows.order_by("_place", "oldpandaid", "newpandaid")[: RELATIONS.cap])
    return {(old, new, kind or "retry", first) for _, old, new, kind, first in found}


def workers_of(pandaid: int) -> list[dict[str, Any]]:
    """The harvester workers that ran a job, newest first."""
    took = HarvesterRelJobsWorkers.objects.using(ALIAS).filter(pandaid=pandaid).order_by("-workerid")
    found = took.values_list(*(f"worker__{column}" for column in WORKER_COLUMNS))[: WORKERS.cap]
    return [dict(zip(WORKER_COLUMNS, row, strict=True)) for row in tuples(WORKERS, found)]


def task(jeditaskid: int) -> dict[str, Any] | None:
    rows = dicts(TASK, JediTasks.objects.using(ALIAS).filter(jeditaskid=jeditaskid), TASK_COLUMNS)
    return rows[0] if rows else None
