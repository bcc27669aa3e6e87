"""Jobs: one row each, made from a part of a task's input for one queue."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bigpandamon_core.demo.simulation.errors import no_errors
from bigpandamon_core.demo.simulation.faults import Fault
from bigpandamon_core.demo.simulation.profile import Work
from bigpandamon_core.demo.simulation.queues import work_queue
from bigpandamon_core.demo.simulation.records import EPOCH, Record, Row
from bigpandamon_core.demo.simulation.resources import Load
from bigpandamon_core.demo.simulation.sites import Node, Queue
from bigpandamon_core.demo.simulation.world import World

if TYPE_CHECKING:
    from bigpandamon_core.demo.simulation.tasks import Task

Move = tuple[float, str]
"""Seconds until a state is entered, and the state."""


@dataclass(slots=True, eq=False)
class Part:
    """What one job after another tries. inputs: rows of dataset contents. step: main, build or merge.
    attempt: of the next job. failures: jobs that failed. previous, origin: the last job that tried and the
    first. merges: jobs whose outputs are merged. worked_off: ranges of events, by file and number, that jobs
    finished."""

    number: int
    inputs: list[Record]
    step: str = "main"
    attempt: int = 0
    failures: int = 0
    previous: int | None = None
    origin: int | None = None
    merges: list["Job"] = field(default_factory=list)
    worked_off: set[tuple[int, int]] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class JobFile:
    """A file of a job: its row in the job's file table and, of inputs and outputs, in the contents."""

    record: Record
    content: Record


@dataclass(slots=True, eq=False)
class Job:
    """moves: what will happen to it. turn: changes when its moves are replaced. beats: until when (seconds)
    the pilot reports, 0 for ever. fault: what will go wrong, blamed: whether the row tells it. told: called
    once the job is final or waits to be merged."""

    record: Record
    task: "Task"
    part: Part
    queue: Queue
    parameters: Record
    told: Callable[["Job"], None]
    files: list[JobFile] = field(default_factory=list)
    ranges: list[Record] = field(default_factory=list)
    metadata: Record | None = None
    worker: Record | None = None
    node: Node | None = None
    load: Load | None = None
    fault: Fault | None = None
    blamed: bool = False
    started: float = 0.0
    beats: float = 0.0
    moves: deque[Move] = field(default_factory=deque)
    turn: int = 0

    @property
    def row(self) -> Row:
        return self.record.values

    @property
    def pandaid(self) -> int:
        return int(self.row["pandaid"])

    @property
    def state(self) -> str:
        return str(self.row["jobstatus"])


def create(world: World, task: "Task", part: Part, told: Callable[[Job], None]) -> Job:
    """A job that is in no state yet."""
    queue = task.queue or world.sites.choose(world.random, task.resource(part))
    row = _identity(world, task, part) | _what(task, part) | _where(task, queue) | _wanted(task, part)
    row |= no_errors()
    record = Record("jobsdefined4", row)
    parameters = world.changes.add(
        "jobparamstable",
        {"pandaid": row["pandaid"], "modificationtime": EPOCH, "jobparameters": _command(task, part, row)},
    )
    return Job(record, task, part, queue, parameters, told)


def _identity(world: World, task: "Task", part: Part) -> Row:
    pandaid, moment = world.number("pandaid"), world.moment
    name = task.row["taskname"].rstrip("/")
    user = task.work.tasktype == "anal"
    return {
        "pandaid": pandaid,
        "jobname": f"{name}.{task.jeditaskid}/.{part.number:06d}" if user else f"{name}.{pandaid}",
        "jobdefinitionid": task.definition,
        "jobsetid": task.jobset,
        "creationtime": moment,
        "modificationtime": moment,
        "proddbupdatetime": moment,
        "creationhost": "jedi",
        "attemptnr": part.attempt,
        "maxattempt": task.work.maxattempt,
        "failedattempt": part.failures or None,
        "parentid": part.previous,
        "jeditaskid": task.jeditaskid,
        "taskid": task.jeditaskid,
        "reqid": task.row["reqid"],
    }


def _what(task: "Task", part: Part) -> Row:
    work, label = task.work, task.work.label
    building, merging = part.step == "build", part.step == "merge"
    return {
        "prodserieslabel": "pandatest",
        "prodsourcelabel": "panda" if building else label,
        "job_label": label,
        "lockedby": "jedi",
        "vo": task.row["vo"],
        "produserid": task.person.subject,
        "produsername": task.person.name,
        "workinggroup": task.row["workinggroup"],
        "processingtype": "pmerge" if merging else task.row["processingtype"],
        "transformation": _transformation(work.transformation, part.step),
        "atlasrelease": task.release,
        "homepackage": f"{work.homepackage}/{task.release}",
        "cmtconfig": "x86_64-el9-gcc13-opt",
        "container_name": work.container or None,
        "gshare": work.gshare,
        "workqueue_id": work_queue(label),
        "specialhandling": "ddm:rucio,merge" if merging else "ddm:rucio",
        "eventservice": event_service(work, part.step),
        "resource_type": task.resource(part),
        "jobexecutionid": 0,
        "relocationflag": int(building and not work.service),
    }


def event_service(work: Work, step: str) -> int:
    """The number that PanDA knows such work by."""
    if work.range_events:
        return {"main": 1, "merge": 2}.get(step, 0)
    return 6 if work.fine_grained and step != "build" else 0


def _transformation(main: str, step: str) -> str:
    folder = main.rpartition("/")[0]
    if step == "build":
        return f"{folder}/buildGen-00-00-01"
    return f"{folder}/runMerge-00-00-02" if step == "merge" else main


def _where(task: "Task", queue: Queue) -> Row:
    return {
        "computingsite": queue.name,
        "cloud": "WORLD" if task.work.tasktype == "prod" else queue.site.region,
        "nucleus": task.nucleus.site.name,
        "destinationse": f"nucleus:{task.nucleus.site.name}",
        "proddblock": task.inputs.values["datasetname"],
        "destinationdblock": ",".join(each.values["datasetname"] for each in task.outputs)[:255],
        "transfertype": "direct" if task.work.tasktype == "anal" else None,
        "ipconnectivity": "yes",
    }


def _wanted(task: "Task", part: Part) -> Row:
    work, cores = task.work, task.cores(part)
    seconds = int(work.minutes * 60 * 4)
    priority = work.priority + (task.row["taskpriority"] - work.priority)
    size = sum(content.values["fsize"] or 0 for content in part.inputs)
    return {
        "assignedpriority": priority,
        "currentpriority": max(priority - part.number // 4 + 10 * part.attempt, 1),
        "corecount": cores,
        "minramcount": work.ram_mb * cores,
        "minramunit": "MB",
        "maxcpucount": seconds * cores,
        "maxwalltime": seconds,
        "maxdiskcount": 500 + size // 1_000_000 + work.output_mb * len(work.output_types),
        "maxdiskunit": "MB",
        "cpuconsumptiontime": 0,
        "nevents": 0,
        "ninputdatafiles": len(part.inputs),
        "inputfilebytes": size,
        "inputfiletype": work.input_type if part.inputs else None,
        "inputfileproject": work.project if part.inputs else None,
        "noutputdatafiles": 0,
        "outputfilebytes": 0,
        "outputfiletype": ",".join(work.output_types)[:32],
    }


def _command(task: "Task", part: Part, row: Row) -> str:
    work = task.work
    if part.step == "build":
        return (
            f"-i sources.{row['jobsetid']}.tar.gz -o lib.{task.jeditaskid}.tgz --platform {row['cmtconfig']}"
        )
    inputs = ",".join(content.values["lfn"] for content in part.inputs)
    outputs = " ".join(
        f"--output{kind}File={kind}.{task.jeditaskid}._{part.number:06d}.pool.root.{part.attempt + 1}"
        for kind in work.output_types
    )
    return (
        f"--input{work.input_type}File={inputs} --maxEvents={work.events} "
        f'--preExec "flags.Exec.FPE=-1; flags.Limit<{row["minramcount"]}" {outputs} --release={task.release}'
    )
