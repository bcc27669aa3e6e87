"""What will happen to a job: its moves before it runs, and its end."""

from typing import TYPE_CHECKING

from bigpandamon_core.demo.simulation import errors, faults
from bigpandamon_core.demo.simulation.faults import Fault
from bigpandamon_core.demo.simulation.jobs import Job, Move
from bigpandamon_core.demo.simulation.resources import Load
from bigpandamon_core.demo.simulation.world import World

if TYPE_CHECKING:
    from bigpandamon_core.demo.simulation.tasks import Task

HOUR = 3600.0
LOST_AFTER = 2 * HOUR
"""Without a heartbeat for so long a running job is failed by the server."""
HELD_FOR = 3 * HOUR
SLOWER = 20.0
"""How much longer transfers take while a storage does not keep up."""
MISSING_INPUTS, THROTTLED, RESET, SETUP_FAILS, LAUNCH_FAILS, NO_STARTING = (
    0.015,
    0.01,
    0.004,
    0.006,
    0.01,
    0.1,
)
HEARTBEAT_LOST, HELD_FIRST, TRANSFERS = 0.006, 0.85, 0.55
PARTIAL, STUMBLES = 0.12, 0.05
REALLOCATED = 0.35
"""Share of the jobs that wait at a stuck queue which are moved elsewhere."""
LONGEST_WAIT = 2.0 * HOUR
"""Jobs that would wait for longer are moved elsewhere."""


def before_running(world: World, job: Job) -> list[Move]:
    """All moves until the payload runs, or until the job fails before."""
    direct = job.part.step == "build" or job.row["jeditaskid"] is None
    moves: list[Move] = [(0.0, "defined")] if direct else [(0.0, "pending"), (world.spread(150), "defined")]
    if job.part.inputs and world.happens(0.6):
        moves.append((world.spread(40), "assigned"))
        if world.happens(SETUP_FAILS):
            job.fault = world.faults.draw(world.random, "setup")
            return [*moves, (world.spread(HOUR), "failed")]
        if world.happens(MISSING_INPUTS):
            moves += [(world.spread(120), "waiting"), (world.spread(1500), "defined")]
    moves.append((world.spread(420), "activated"))
    if world.happens(THROTTLED):
        moves += [(world.spread(300), "throttled"), (world.spread(1200), "activated")]
    elif world.happens(RESET):
        moves += [(world.spread(300), "defined"), (world.spread(100), "activated")]
    return moves + _launch(world, job)


def _launch(world: World, job: Job) -> list[Move]:
    waiting = world.spread(1100 * job.queue.site.wait, 0.8)
    if waiting > LONGEST_WAIT:
        return [(LONGEST_WAIT, "closed")]
    moves: list[Move] = [(waiting if job.row["currentpriority"] < 5000 else waiting / 6, "sent")]
    if world.happens(LAUNCH_FAILS):
        job.fault = world.faults.draw(world.random, "launch")
        if job.fault.code == 102:
            return [*moves, (HOUR / 2, "failed")]
        return [*moves, (world.spread(40), "starting"), (world.spread(300), "failed")]
    if not world.happens(NO_STARTING):
        moves.append((world.spread(40), "starting"))
    return [*moves, (world.spread(100), "running")]


def while_stuck(world: World, job: Job) -> list[Move] | None:
    """The moves of a job that was activated where nothing starts; None elsewhere."""
    incident = world.sites.incident(job.queue, "stuck", world.agenda.hour)
    if incident is None or not job.moves or job.moves[0][1] != "sent":
        return None
    if world.happens(REALLOCATED):
        return [(world.spread(4 * HOUR, 0.2), "closed")]
    delay, state = job.moves.popleft()
    return [(delay + incident.hours * HOUR * world.random.random(), state), *job.moves]


def load(world: World, job: Job) -> Load:
    """What the payload will use; jobs of a wasteful task run into their memory limit."""
    work, task, cores = job.task.work, job.task, int(job.row["corecount"])
    limit = float(job.row["minramcount"]) * 1024
    plateau = limit * min(world.spread(0.55, 0.25), 0.95)
    growth = 0.0
    if task.wasteful:
        growth = limit * 0.55 / (work.minutes * 60 * 0.6)
    elif task.leaky:
        growth = limit * 0.25 / (work.minutes * 60) * world.random.random()
    reads = (job.row["inputfilebytes"] or 10**8) / 1024 / (work.minutes * 60)
    assert job.node is not None  # noqa: S101  # whoever starts a job has given it a node
    return Load(
        cores=cores,
        efficiency=min(work.efficiency * world.random.betavariate(18, 2) / 0.9, 0.99),
        plateau=plateau,
        growth=growth,
        reads=reads,
        writes=work.output_mb * 1000 / (work.minutes * 60),
        power=job.queue.site.corepower,
        processor=job.node.processor,
        level=job.node.level,
    )


def after_start(world: World, job: Job) -> list[Move]:
    """How a job that runs now will end."""
    work = job.task.work
    full = min(world.spread(work.minutes * 60, work.spread) * 12 / job.queue.site.corepower, 90 * HOUR)
    if job.part.step != "main":
        full = world.spread(300)
    job.fault = _fault(world, job)
    if job.fault is not None:
        return _failing(world, job, job.fault, full)
    if world.happens(HEARTBEAT_LOST):
        job.fault = faults.LOST
        alive = full * world.random.random()
        job.beats = world.agenda.seconds + alive
        return [(alive + LOST_AFTER, "failed")]
    return _succeeding(world, job, full)


def _fault(world: World, job: Job) -> Fault | None:
    site, hour = job.queue.site, world.agenda.hour
    if job.node is not None and job.node.black_hole:
        return faults.BLACK_HOLE
    if job.task.wasteful and job.part.step == "main" and world.happens(0.93):
        return faults.OUT_OF_MEMORY
    incident = world.sites.incident(job.queue, "fails", hour)
    if incident is not None and world.happens(incident.failing):
        return errors.named(incident.error)
    if world.happens(site.failing):
        usual = site.usual_error and world.happens(0.7)
        return errors.named(site.usual_error) if usual else world.faults.draw(world.random, "running")
    if world.happens(_failing_share(job.task)):
        return world.faults.draw(world.random, "running")
    return None


def _failing_share(task: "Task") -> float:
    return task.work.failing * task.trouble


def _failing(world: World, job: Job, fault: Fault, full: float) -> list[Move]:
    if fault.at == "store":
        held = HELD_FOR if fault.code == 103 else world.spread(300)
        return [(full, "holding"), (held, "failed")]
    lasts = {"start": min(world.spread(150), full), "end": full}.get(
        fault.at, full * (0.05 + 0.9 * world.random.random())
    )
    if fault is faults.BLACK_HOLE:
        lasts = min(world.spread(45), full)
    elif fault is faults.OUT_OF_MEMORY and job.load is not None:
        lasts = (job.row["minramcount"] * 1024 * 1.08 - job.load.plateau) / job.load.growth
    if world.happens(0.8):
        return [(lasts, "holding"), (world.spread(100), "failed")]
    return [(lasts, "failed")]


def _succeeding(world: World, job: Job, full: float) -> list[Move]:
    if job.row["eventservice"] == 6 and job.part.step == "main":
        return [(full, "holding"), (world.spread(120), "finished")]
    if job.task.work.merge and job.part.step == "main":
        return [(full, "holding"), (world.spread(120), "merging")]
    if not world.happens(HELD_FIRST):
        return [(full, "finished")]
    moves: list[Move] = [(full, "holding")]
    slow = world.sites.incident(job.queue, "slow", world.agenda.hour + full / HOUR)
    if slow is None and not world.happens(TRANSFERS):
        return [*moves, (world.spread(150), "finished")]
    if slow is not None and world.happens(0.05):
        job.fault = faults.SLOW
        return [*moves, (world.spread(100), "transferring"), (12 * HOUR, "failed")]
    moving = world.spread(800, 0.8) * (SLOWER if slow else 1)
    return [*moves, (world.spread(100), "transferring"), (moving, "finished")]


def substatus(world: World, job: Job) -> str | None:
    """What a finished fine-grained job did of its events; None for other jobs."""
    if job.row["eventservice"] != 6:
        return None
    if world.happens(STUMBLES):
        return "fg_stumble"
    return "fg_partial" if world.happens(PARTIAL) else "fg_done"
