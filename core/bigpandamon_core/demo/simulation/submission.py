"""Jobs made for a task: the first of them as scouts, the rest in bunches, and again where one failed."""

from functools import partial

from bigpandamon_core.demo.simulation import datasets, jobs, life, tasks
from bigpandamon_core.demo.simulation.jobs import Part
from bigpandamon_core.demo.simulation.tasks import Task
from bigpandamon_core.demo.simulation.world import World

SCOUTS = 10
BUNCH = 100
BUNCH_SECONDS = 180.0


def scout(world: World, task: Task) -> None:
    """A few jobs first, which measure the work."""
    if task.row["status"] != "ready":
        return
    tasks.enter(world, task, "scouting")
    for _ in range(SCOUTS):
        make(world, task, task.todo.popleft())


def generate(world: World, task: Task) -> None:
    """Make jobs, a bunch at a time, until all parts have one."""
    if task.is_stopped:
        return
    if task.row["status"] != "running":
        tasks.enter(world, task, "running")
    for _ in range(min(BUNCH, len(task.todo))):
        make(world, task, task.todo.popleft())
    if task.todo:
        world.agenda.after(BUNCH_SECONDS, partial(generate, world, task))


def make(world: World, task: Task, part: Part) -> None:
    """The next job of a part."""
    job = jobs.create(world, task, part, task.told)
    if part.previous is not None:
        relate(world, task, (part.previous, job.pandaid, part.origin), "retry")
    part.previous = job.pandaid
    part.origin = part.origin or job.pandaid
    part.attempt += 1
    datasets.hand_out(world, task, part)
    task.alive[job.pandaid] = job
    life.begin(world, job)


def relate(world: World, task: Task, ids: tuple[int, int, int | None], kind: str) -> None:
    """Note that one job follows another. ids: of the old job, of the new one and of the first of all."""
    world.changes.add(
        "jedi_job_retry_history",
        {
            "jeditaskid": task.jeditaskid,
            "oldpandaid": ids[0],
            "newpandaid": ids[1],
            "originpandaid": ids[2],
            "ins_utc_tstamp": world.agenda.exact,
            "relationtype": kind,
        },
    )
