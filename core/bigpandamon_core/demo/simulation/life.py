"""Moves jobs from state to state and between the tables, and keeps with them all that belongs to them."""

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial

from bigpandamon_core.demo.simulation import (
    errors,
    faults,
    files,
    nodes,
    plans,
    ranges,
    reports,
    resources,
    workers,
)
from bigpandamon_core.demo.simulation.jobs import Job, Move
from bigpandamon_core.demo.simulation.world import World
from bigpandamon_core.domain.states import FINAL

BEFORE_ACTIVATION = frozenset({"pending", "defined", "waiting", "assigned"})
HEARTBEAT_SECONDS = 1800.0
KILLED = 100
REASSIGNED = 105


def begin(world: World, job: Job) -> None:
    files.attach(world, job)
    job.moves = deque(plans.before_running(world, job))
    _, state = job.moves.popleft()
    enter(world, job, state)
    follow(world, job)


def follow(world: World, job: Job) -> None:
    """Plan the next move of a job."""
    if job.moves:
        delay, state = job.moves.popleft()
        world.agenda.after(delay, partial(_arrive, world, job, state, job.turn))


def divert(world: World, job: Job, moves: Iterable[Move]) -> None:
    """Replace what was to happen to a job."""
    job.turn += 1
    job.moves = deque(moves)
    follow(world, job)


def _arrive(world: World, job: Job, state: str, turn: int) -> None:
    if turn != job.turn:
        return
    enter(world, job, state)
    if job.turn == turn:
        follow(world, job)


def enter(world: World, job: Job, state: str) -> None:
    """The job is in the state from now on: in its row, its table, the log, its files and its worker."""
    row = job.row
    row["jobstatus"] = state
    row["statechangetime"] = row["modificationtime"] = world.moment
    job.record.table = table_of(state)
    if state in ARRIVALS:
        ARRIVALS[state](world, job)
    files.follow(world, job)
    world.changes.touch(job.record)
    _log(world, job)
    if state in FINAL:
        _archive(world, job)
    elif state == "merging":
        ranges.end(world, job)
        job.told(job)


def table_of(state: str) -> str:
    if state in FINAL:
        return "jobsarchived4"
    return "jobsdefined4" if state in BEFORE_ACTIVATION else "jobsactive4"


def _log(world: World, job: Job) -> None:
    row = job.row
    world.changes.add(
        "jobs_statuslog",
        {
            "pandaid": row["pandaid"],
            "modificationtime": world.moment,
            "jobstatus": row["jobstatus"],
            "prodsourcelabel": row["prodsourcelabel"],
            "cloud": row["cloud"],
            "computingsite": row["computingsite"],
            "modificationhost": row.get("modificationhost") or "server",
            "modiftime_extended": world.agenda.exact,
        },
    )


def _activated(world: World, job: Job) -> None:
    workers.submit(world, job)
    stuck = plans.while_stuck(world, job)
    if stuck is not None:
        divert(world, job, stuck)


def _sent(world: World, job: Job) -> None:
    job.node = world.sites.node(world.random, job.queue)
    job.row.update(workers.take(world, job))
    nodes.seen(world, job.queue, job.node)


def _running(world: World, job: Job) -> None:
    job.started = world.agenda.seconds
    job.row["starttime"] = world.moment
    job.load = plans.load(world, job)
    job.moves = deque(plans.after_start(world, job))
    ranges.fetch(world, job)
    _next_beat(world, job)


def _next_beat(world: World, job: Job) -> None:
    world.agenda.after(HEARTBEAT_SECONDS, partial(_beat, world, job, job.turn))


def _beat(world: World, job: Job, turn: int) -> None:
    """A heartbeat of the pilot: news of what the job uses, until the pilot falls silent."""
    silent = 0 < job.beats < world.agenda.seconds
    if turn != job.turn or job.state != "running" or silent or job.load is None:
        return
    elapsed = world.agenda.seconds - job.started
    job.row.update(resources.while_running(job.load, elapsed))
    ranges.go_on(world, job, elapsed)
    job.row["modificationtime"] = world.moment
    world.changes.touch(job.record)
    _next_beat(world, job)


def _holding(world: World, job: Job) -> None:
    """The last heartbeat: the payload is over, well or not."""
    job.row["endtime"] = world.moment
    if job.fault is not None and job.fault.at in ("start", "run", "end"):
        _blame(world, job)
    _report(world, job)


def _report(world: World, job: Job) -> None:
    if job.load is None or job.metadata is not None:
        return
    elapsed = max((job.row["endtime"] - job.row["starttime"]).total_seconds(), 1.0)
    job.row.update(resources.at_the_end(job.load, elapsed))
    share = 1.0 if job.fault is None else world.random.random()
    job.row["nevents"] = int(job.task.work.events * max(len(job.part.inputs), 1) * share)
    job.row.update(reports.metrics(world, job, job.load, elapsed))
    reports.write(world, job, job.load, elapsed)


def _finished(world: World, job: Job) -> None:
    job.row.setdefault("endtime", world.moment)
    _report(world, job)
    job.row["transexitcode"] = "0"
    job.row["jobsubstatus"] = plans.substatus(world, job)


def _failed(world: World, job: Job) -> None:
    lost = job.fault is faults.LOST
    if lost and world.happens(0.5):
        job.row.update(workers.lose(world, job))
    if "endtime" not in job.row:
        job.row["endtime"] = world.moment
        if not lost:
            _report(world, job)
    _blame(world, job)


def _blame(world: World, job: Job) -> None:
    fault = job.fault
    if fault is None or job.blamed:
        return
    job.blamed = True
    lfn = job.files[0].record.values["lfn"] if job.files else "none"
    facts = {
        "lfn": lfn,
        "node": job.node.host if job.node else "none",
        "site": job.queue.site.name,
        "storage": job.task.nucleus.storage,
        "mb": int(job.row["minramcount"] * 1.09),
        "code": world.random.randrange(1, 256) if fault is not faults.LOST else world.moment,
    }
    job.row.update(errors.columns(fault, facts))


def _closed(world: World, job: Job) -> None:
    job.row["jobsubstatus"] = "toreassign"
    job.row["taskbuffererrorcode"] = REASSIGNED
    job.row["taskbuffererrordiag"] = "reassigned to another queue by rebrokerage"


def _archive(world: World, job: Job) -> None:
    """The job is over: it and what belongs to it get the time of archiving; others hear of it."""
    row = job.row
    row.setdefault("endtime", world.moment)
    row["meancorecount"] = row["commandtopilot"] = None
    for record in (job.parameters, job.metadata):
        if record is not None:
            record.values["modificationtime"] = world.moment
            world.changes.touch(record)
    files.release(world, job)
    ranges.end(world, job)
    workers.leave(world, job)
    job.turn += 1
    job.told(job)


def kill(world: World, job: Job, by: str) -> None:
    """Someone stops the job: at once where no pilot has it, else with the pilot's next question."""
    job.row["taskbuffererrorcode"] = KILLED
    job.row["taskbuffererrordiag"] = f"killed by {by}"
    if job.node is None:
        divert(world, job, [(0.0, "cancelled")])
        return
    job.row["commandtopilot"] = "tobekilled"
    world.changes.touch(job.record)
    divert(world, job, [(600 * world.random.random(), "cancelled")])


ARRIVALS: dict[str, Callable[[World, Job], None]] = {
    "activated": _activated,
    "sent": _sent,
    "running": _running,
    "holding": _holding,
    "finished": _finished,
    "failed": _failed,
    "closed": _closed,
}
