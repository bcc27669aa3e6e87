"""Jobs that follow one another: the end of one lets the next link of its chain be defined, outside any task.

Lines know what pages have to find out again from the names of jobs; `told` is that truth.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bigpandamon_core.demo.simulation import datasets, jobs, life, reactions, tasks
from bigpandamon_core.demo.simulation.jobs import Job, Part
from bigpandamon_core.demo.simulation.profile import Chain
from bigpandamon_core.demo.simulation.tasks import Task
from bigpandamon_core.demo.simulation.world import World

PAUSE_SECONDS = 120.0
"""Until the next job of a chain is defined."""
BY = ("chain", "run", "part", "work", "state", "queue", "batchid")
Known = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a chain a job is: run and part by their numbers, the link by its place."""

    run: int
    part: int
    link: int


@dataclass(slots=True, eq=False)
class Line:
    """A chain and its jobs. works: for each link what its jobs are made from. alive: jobs by pandaid with
    their places. ended: how many ended, by what is known of them."""

    chain: Chain
    works: tuple[Task, ...]
    alive: dict[int, tuple[Job, Place]] = field(default_factory=dict)
    ended: Counter[Known] = field(default_factory=Counter)

    def known(self, job: Job, place: Place) -> Known:
        """A job in the order of BY."""
        work = self.works[place.link].work.name
        where = job.row["computingsite"], job.row.get("batchid")
        return (self.chain.name, place.run, place.part, work, job.state, *where)

    @property
    def all_jobs(self) -> Counter[Known]:
        return self.ended + Counter(self.known(*one) for one in self.alive.values())


def begin(world: World) -> None:
    """Let the runs of all chains begin, one after the other."""
    for chain in world.profile.chains:
        line = Line(chain, tuple(_work(world, chain, name) for name in chain.links))
        world.lines.append(line)
        for number in range(chain.runs):
            run = chain.first_run + number
            world.agenda.after(number * chain.every_minutes * 60, partial(_begin_run, world, line, run))


def _work(world: World, chain: Chain, name: str) -> Task:
    """What stands for a link where jobs are made from tasks."""
    work = next(kind for kind in world.profile.work if kind.name == name)
    task = tasks.register(world, work)
    task.queue = world.sites.named(chain.queue)
    datasets.declare(world, task, 0)
    return task


def _begin_run(world: World, line: Line, run: int) -> None:
    for number in range(line.chain.parts):
        _make(world, line, Place(run, line.chain.first_part + number, 0), Part(number, []))


def _make(world: World, line: Line, place: Place, part: Part) -> None:
    """The next job at a place of the chain."""
    job = jobs.create(world, line.works[place.link], part, partial(_told, world, line, place))
    job.row.update(_names(line, place, part))
    part.previous = job.pandaid
    part.attempt += 1
    line.alive[job.pandaid] = job, place
    life.begin(world, job)


def _names(line: Line, place: Place, part: Part) -> dict[str, Any]:
    """What a production system that knows no tasks says of its job."""
    chain, work = line.chain, line.works[place.link].work
    number = (place.run - chain.first_run) * chain.parts + part.number + 1
    words = {"chain": chain.name, "run": place.run, "part": place.part, "attempt": part.attempt + 1}
    return {
        "jobname": work.jobname.format(number=number, **words),
        "taskid": chain.taskid,
        "jeditaskid": None,
        "reqid": None,
        "creationhost": "production",
        "lockedby": None,
        "specialhandling": None,
    }


def _told(world: World, line: Line, place: Place, job: Job) -> None:
    """A job is final: it is tried again, or the next link is begun; or the part is given up."""
    del line.alive[job.pandaid]
    line.ended[line.known(job, place)] += 1
    outcome = reactions.outcome(job.task, job)
    if outcome == "again":
        world.agenda.after(world.spread(PAUSE_SECONDS), partial(_make, world, line, place, job.part))
    elif outcome == "finished" and place.link + 1 < len(line.works):
        following, part = Place(place.run, place.part, place.link + 1), Part(job.part.number, [])
        world.agenda.after(world.spread(PAUSE_SECONDS), partial(_make, world, line, following, part))


def told(world: World) -> Iterator[dict[str, Any]]:
    """How many jobs there are, by all that lines know of them."""
    for line in world.lines:
        for known, count in sorted(line.all_jobs.items(), key=str):
            yield dict(zip(BY, known, strict=True)) | {"jobs": count}
