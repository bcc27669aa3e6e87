"""Work that comes in: at a rate, in tasks of all sizes, some of which their owner kills again."""

import math
from functools import partial
from itertools import accumulate

from bigpandamon_core.demo.simulation import (
    chains,
    datasets,
    heartbeats,
    life,
    people,
    queues,
    reactions,
    submission,
    tasks,
)
from bigpandamon_core.demo.simulation.errors import descriptions
from bigpandamon_core.demo.simulation.jobs import Part
from bigpandamon_core.demo.simulation.tasks import Task
from bigpandamon_core.demo.simulation.world import DAY_SECONDS, World

JOBS_PER_PART = 1.17
"""Jobs that it takes to do a part: retries, builds and merges."""
DAILY_WAVE = 0.2
YOUTH_HOURS = 0.5
YOUNG_SHARE = 0.1
"""Share of a day's jobs that are asked for at once when a world begins, and then run without scouts."""


def begin(world: World) -> None:
    """Fill a young world: its queues, its error codes, its first tasks; and keep work coming."""
    for row in queues.configurations(world):
        world.changes.add("schedconfig_json", row)
    for row in descriptions():
        world.changes.add("error_descriptions", row)
    for row in queues.work_queues(world):
        world.changes.add("jedi_work_queue", row)
    for row in queues.resource_types(world):
        world.changes.add("resource_types", row)
    for row in people.quotas(world.users, world.profile.vo, world.moment):
        world.changes.add("users", row)
    heartbeats.begin(world)
    chains.begin(world)
    if not any(work.share for work in world.profile.work):
        return
    wanted = world.jobs_per_day * YOUNG_SHARE
    while wanted > 0:
        wanted -= _arrive(world).size
    _next(world, 1)


def _next(world: World, size: int) -> None:
    """The larger a task, the longer until the next: so the rate of jobs is the one asked for."""
    hours = world.moment.hour + world.moment.minute / 60
    wave = 1 + DAILY_WAVE * math.sin(math.tau * (hours - 9) / 24)
    rate = world.jobs_per_day / JOBS_PER_PART / DAY_SECONDS * wave
    world.agenda.after(size / rate * world.random.expovariate(1.0), partial(_keep_coming, world))


def _keep_coming(world: World) -> None:
    _next(world, _arrive(world).size)


def _arrive(world: World) -> Task:
    work = world.profile.work
    weights = list(accumulate(kind.share / kind.jobs_per_task for kind in work))
    task = tasks.register(world, world.random.choices(work, cum_weights=weights)[0])
    task.told = partial(reactions.told, world, task)
    world.agenda.after(world.spread(30), partial(_define, world, task))
    if task.work.tasktype == "anal" and world.happens(world.profile.habits.killed):
        world.agenda.after(world.spread(3000), partial(_abort, world, task))
    return task


def _define(world: World, task: Task) -> None:
    if task.is_stopped:
        return
    files = task.size * task.work.inputs_per_job
    datasets.declare(world, task, files)
    datasets.fill(world, task, files)
    tasks.enter(world, task, "defined")
    if task.work.tasktype == "prod":
        tasks.enter(world, task, "assigning")
    world.agenda.after(world.spread(200), partial(_ready, world, task))


def _ready(world: World, task: Task) -> None:
    if task.is_stopped:
        return
    tasks.enter(world, task, "ready")
    if task.work.build:
        submission.make(world, task, Part(0, [], step="build"))
    scouts = task.size > submission.SCOUTS and not task.wasteful and world.agenda.hour > YOUTH_HOURS
    follows = submission.scout if scouts else submission.generate
    world.agenda.after(world.spread(60), partial(follows, world, task))


def _abort(world: World, task: Task) -> None:
    """The owner kills the task, and with it all its jobs."""
    if task.is_stopped or task.row["status"] in ("prepared", "exhausted"):
        return
    tasks.enter(world, task, "aborting")
    task.todo.clear()
    for job in list(task.alive.values()):
        life.kill(world, job, task.person.name)
    world.agenda.after(120, partial(tasks.enter, world, task, "toabort"))
    world.agenda.after(900, partial(tasks.enter, world, task, "aborted"))
