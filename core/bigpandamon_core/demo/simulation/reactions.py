"""What becomes of a task when one of its jobs has ended: another attempt, a merge, the next step, the end."""

from functools import partial

from bigpandamon_core.demo.simulation import datasets, life, submission, tasks
from bigpandamon_core.demo.simulation.faults import MERGE_FAILED
from bigpandamon_core.demo.simulation.jobs import Job, Part
from bigpandamon_core.demo.simulation.tasks import Task
from bigpandamon_core.demo.simulation.world import World

MERGED_TOGETHER = 10
ENOUGH_SCOUTS = 5
HOPELESS = 0.2
"""A task with a smaller share of good parts waits for its owner."""


def told(world: World, task: Task, job: Job) -> None:
    """A job is final, or waits for its outputs to be merged."""
    if job.state == "merging":
        task.unmerged.append(job)
    else:
        _ended(world, task, job)
    _merge_if_due(world, task)
    _step_if_due(world, task)


def _ended(world: World, task: Task, job: Job) -> None:
    del task.alive[job.pandaid]
    if job in task.unmerged:
        task.unmerged.remove(job)
    part, result = job.part, outcome(task, job)
    datasets.settle(world, task, part, result)
    if result == "again":
        task.retrying += 1
        world.agenda.after(world.spread(240), partial(_retry, world, task, part))
    elif part.step == "merge" and not task.is_stopped:
        _merged(world, part, result)
    elif part.step == "main":
        task.good += result == "finished"
        task.bad += result == "lost"
        tasks.tell_progress(world, task)


def outcome(task: Task, job: Job) -> str:
    """finished, lost (no further attempt), or again."""
    if job.state == "finished":
        return "finished"
    job.part.failures += job.state == "failed"
    exhausted = job.part.failures >= task.work.maxattempt
    return "lost" if exhausted or task.is_stopped or job.state == "cancelled" else "again"


def _retry(world: World, task: Task, part: Part) -> None:
    task.retrying -= 1
    if task.is_stopped:
        return
    submission.make(world, task, part)


def _merge_if_due(world: World, task: Task) -> None:
    """Outputs are merged ten jobs at a time; the last ones when no further job will bring outputs."""
    if not task.unmerged:
        return
    last = not task.todo and not task.retrying and len(task.alive) == len(task.unmerged)
    while len(task.unmerged) >= MERGED_TOGETHER or (task.unmerged and last):
        together, task.unmerged = task.unmerged[:MERGED_TOGETHER], task.unmerged[MERGED_TOGETHER:]
        _merge(world, task, together)


def _merge(world: World, task: Task, together: list[Job]) -> None:
    outputs = [
        each.content for job in together for each in job.files if each.record.values["type"] == "output"
    ]
    task.merges += 1
    part = Part(task.merges, outputs, step="merge", merges=together)
    submission.make(world, task, part)
    for job in together:
        submission.relate(world, task, (job.pandaid, part.previous or 0, job.part.origin), "merge")


def _merged(world: World, part: Part, outcome: str) -> None:
    for job in part.merges:
        if outcome != "finished":
            job.fault, job.blamed = MERGE_FAILED, False
        life.divert(world, job, [(world.spread(20), "finished" if outcome == "finished" else "failed")])


def _step_if_due(world: World, task: Task) -> None:
    waiting = task.alive or task.retrying
    if task.row["status"] == "scouting" and (task.good >= ENOUGH_SCOUTS or not waiting):
        tasks.enter(world, task, "scouted")
        world.agenda.after(world.spread(60), partial(submission.generate, world, task))
    elif task.row["status"] == "running" and not task.todo and not waiting:
        _conclude(world, task)


def _conclude(world: World, task: Task) -> None:
    if task.good < HOPELESS * task.size and not task.work.service:
        task.row["errordialog"] = (
            f"<b>{task.bad} of {task.size}</b> inputs failed {task.work.maxattempt} times: "
            '<a href="/jobs/">look at the failed jobs</a> & ask for more memory'
        )
        tasks.enter(world, task, "exhausted")
        world.agenda.after(world.spread(4 * 3600), partial(_finish, world, task))
        return
    tasks.enter(world, task, "prepared")
    world.agenda.after(world.spread(90), partial(_finish, world, task))


def _finish(world: World, task: Task) -> None:
    if task.is_stopped:
        return
    status = "done" if task.good == task.size else "finished" if task.good else "failed"
    tasks.enter(world, task, status)
    datasets.conclude(world, task, status)
