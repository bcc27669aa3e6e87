"""Tasks: who asked for how much of what, and how far it has come."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bigpandamon_core.demo.simulation import naming
from bigpandamon_core.demo.simulation.jobs import Job, Part, event_service
from bigpandamon_core.demo.simulation.people import Person
from bigpandamon_core.demo.simulation.profile import Work
from bigpandamon_core.demo.simulation.records import Record, Row
from bigpandamon_core.demo.simulation.sites import Queue
from bigpandamon_core.demo.simulation.world import World

OVER = frozenset({"done", "finished", "failed", "aborted", "broken"})
STOPPED = OVER | {"aborting", "toabort"}
PHYSICS = ("ttbar", "zmumu", "wjets", "dijet", "higgs", "minbias", "zprime", "photon", "bphys", "cosmic")
LARGEST_SHARE = 0.03
"""No task has more than this share of a day's jobs."""


@dataclass(slots=True, eq=False)
class Task:
    """todo: parts without a job. alive: jobs that are not final, by pandaid. retrying: parts that wait for
    their next job. unmerged: jobs whose outputs wait to be merged. good, bad: parts that ended for good.
    wasteful, leaky: how its jobs use memory. told: hears of its jobs' ends. trouble: factor on the failing
    share of its kind of work. queue: where all its jobs run, if that is settled."""

    record: Record
    work: Work
    person: Person
    nucleus: Queue
    release: str
    scope: str
    size: int
    jobset: int
    definition: int
    trouble: float = 1.0
    wasteful: bool = False
    leaky: bool = False
    queue: Queue | None = None
    datasets: dict[int, Record] = field(default_factory=dict)
    outputs: list[Record] = field(default_factory=list)
    library: Record | None = None
    todo: deque[Part] = field(default_factory=deque)
    alive: dict[int, Job] = field(default_factory=dict)
    unmerged: list[Job] = field(default_factory=list)
    retrying: int = 0
    merges: int = 0
    good: int = 0
    bad: int = 0
    inputs: Record = field(init=False)
    log: Record = field(init=False)
    attempt: Record = field(init=False)
    told: Callable[[Job], None] = field(init=False)

    @property
    def row(self) -> Row:
        return self.record.values

    @property
    def jeditaskid(self) -> int:
        return int(self.row["jeditaskid"])

    @property
    def is_stopped(self) -> bool:
        """Over, or killed: no further job is made."""
        return self.row["status"] in STOPPED

    def resource(self, part: Part) -> str:
        return self.work.resource if part.step == "main" else "SCORE"

    def cores(self, part: Part) -> int:
        return self.work.cores if part.step == "main" else 1

    def name_of(self, datasetid: int) -> str:
        return str(self.datasets[datasetid].values["datasetname"])


def register(world: World, work: Work) -> Task:
    """A new task of a kind of work, in state registered."""
    random, habits = world.random, world.profile.habits
    person = world.users.service if work.service else world.users.choose(random)
    taskid = world.number("jeditaskid")
    group = random.choice(work.groups) if work.groups else None
    scope = work.project if work.service else f"user.{person.nick}"
    task = Task(
        record=Record("jedi_tasks", {"jeditaskid": taskid}),
        work=work,
        person=person,
        nucleus=random.choice(world.sites.nuclei),
        release=random.choice(work.releases),
        scope=scope if work.service or group is None else f"group.{group.lower()}",
        size=_size(world, work),
        jobset=world.number("jobsetid"),
        definition=world.number("jobdefinitionid"),
        trouble=world.spread(1.0, 0.9),
        wasteful=not work.service and work.resource != "GPU" and world.happens(habits.wasteful),
        leaky=world.happens(habits.leaky),
    )
    task.record.values |= _who(world, task, group) | _what(world, task) | _needs(task)
    submit(world, task)
    enter(world, task, "registered")
    return task


def submit(world: World, task: Task) -> None:
    """What its owner sent, and the first attempt."""
    row = task.row
    sent = {
        "taskName": row["taskname"],
        "userName": row["username"],
        "vo": row["vo"],
        "taskType": row["tasktype"],
        "processingType": row["processingtype"],
        "transPath": row["transpath"],
        "taskPriority": row["taskpriority"],
        "coreCount": row["corecount"],
        "ramCount": row["ramcount"],
        "nFilesPerJob": task.work.inputs_per_job,
        "cliParams": f"--split {task.size} --release {task.release}",
    }
    params = {"jeditaskid": task.jeditaskid, "taskparams": json.dumps(sent)}
    world.changes.add("jedi_taskparams", params)
    begun = {"attemptnr": 0, "starttime": world.moment, "startstatus": "registered"}
    task.attempt = world.changes.add("task_attempts", {"jeditaskid": task.jeditaskid} | begun)


def _size(world: World, work: Work) -> int:
    largest = max(5, int(world.jobs_per_day * LARGEST_SHARE))
    return max(1, min(int(world.spread(work.jobs_per_task, 0.9)), largest))


def _who(world: World, task: Task, group: str | None) -> Row:
    work, taskid, random = task.work, task.jeditaskid, world.random
    word = random.choice(world.profile.people.words)
    number = random.randrange(100000, 999999)
    tags = f"{work.name[0]}{random.randrange(1000, 9999)}"
    if work.service:
        name = f"{task.scope}.{number}.{random.choice(PHYSICS)}.{task.work.processingtypes[0]}.{tags}"
    else:
        name = f"{task.scope}.{word}_{number % 1000:03d}.{tags}/"
    campaign = random.choice(world.profile.campaigns)
    if work.taskname:
        name = naming.task_name(world, work, task.person.nick, campaign)
    return {
        "taskname": name,
        "username": task.person.name,
        "workinggroup": group,
        "reqid": world.number("reqid"),
        "parent_tid": taskid,
        "creationdate": world.moment,
        "campaign": campaign,
        "vo": world.profile.vo,
        "attemptnr": 0,
    }


def _what(world: World, task: Task) -> Row:
    work = task.work
    return {
        "prodsourcelabel": work.label,
        "job_label": work.label,
        "tasktype": work.tasktype,
        "processingtype": world.random.choice(work.processingtypes),
        "framework": "client" if work.tasktype == "anal" else "requests",
        "cloud": "WORLD",
        "nucleus": task.nucleus.site.name,
        "gshare": work.gshare,
        "transuses": f"{work.homepackage}-{task.release}"[:64],
        "transhome": f"{work.homepackage}/{task.release}",
        "transpath": work.transformation,
        "architecture": "x86_64-el9-gcc13-opt",
        "container_name": work.container or None,
        "splitrule": f"NF={work.inputs_per_job},MA={work.maxattempt}" + (",MO=1" if work.merge else ""),
        "eventservice": event_service(work, "main"),
    }


def _needs(task: Task) -> Row:
    work = task.work
    return {
        "corecount": work.cores,
        "taskpriority": work.priority,
        "currentpriority": work.priority,
        "ramcount": work.ram_mb,
        "ramunit": "MBPerCore",
        "walltime": int(work.minutes * 60),
        "walltimeunit": "s",
        "outdiskcount": work.output_mb,
        "outdiskunit": "MB",
        "cputime": int(work.minutes * 60 * 10),
        "cputimeunit": "HS06sPerEvent",
        "cpuefficiency": int(work.efficiency * 100),
        "resource_type": work.resource,
        "progress": 0,
        "failurerate": 0,
    }


def enter(world: World, task: Task, status: str) -> None:
    row = task.row
    row["oldstatus"] = row.get("status")
    row["status"] = row["superstatus"] = status
    row["statechangetime"] = world.moment
    if status == "running":
        row.setdefault("starttime", world.moment)
    if status in OVER:
        row["endtime"] = world.moment
        task.attempt.values |= {"endtime": world.moment, "endstatus": status}
        world.changes.touch(task.attempt)
    _log(world, task, status)
    touch(world, task)


def _log(world: World, task: Task, status: str) -> None:
    """A line of the status log."""
    world.changes.add(
        "tasks_statuslog",
        {
            "jeditaskid": task.jeditaskid,
            "modificationtime": world.agenda.exact,
            "status": status,
            "modificationhost": "jedi-one.example.org",
            "attemptnr": task.row["attemptnr"],
        },
    )


def touch(world: World, task: Task) -> None:
    task.row["modificationtime"] = task.row["realmodificationtime"] = world.moment
    world.changes.touch(task.record)


def tell_progress(world: World, task: Task) -> None:
    """Percent of the parts that ended, and of those that were lost."""
    ended = task.good + task.bad
    task.row["progress"] = 100 * task.good // max(task.size, 1)
    task.row["failurerate"] = 100 * task.bad // max(ended, 1)
    touch(world, task)
