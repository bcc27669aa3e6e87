"""Harvester workers: submitted to a batch system, and which job each took."""

from functools import partial

from bigpandamon_core.demo.simulation import heartbeats
from bigpandamon_core.demo.simulation.faults import WORKER_CODES
from bigpandamon_core.demo.simulation.jobs import Job
from bigpandamon_core.demo.simulation.records import Record, Row
from bigpandamon_core.demo.simulation.world import World

ENDS_AS = {"finished": "finished", "failed": "finished", "cancelled": "cancelled", "closed": "cancelled"}


def submit(world: World, job: Job) -> None:
    """A slot is asked for, for this job."""
    if job.worker is not None:
        return
    queue, domain = job.queue, world.profile.domain
    number, letter = world.number("workerid"), heartbeats.LETTERS[world.random.randrange(2)]
    instance = f"{queue.kind.instance}_{letter}"
    logs = f"https://logs.{domain}/{instance}/{world.moment:%y-%m-%d_%H}/{queue.name}/{number}"
    job.worker = world.changes.add(
        "harvester_workers",
        {
            "harvesterid": instance,
            "workerid": number,
            "lastupdate": world.moment,
            "status": "submitted",
            "batchid": f"{number % 10_000_000}.0",
            "queuename": queue.name,
            "computingsite": queue.name,
            "submittime": world.moment,
            "ncore": job.row["corecount"],
            "errorcode": 0,
            "stdout": f"{logs}.out",
            "stderr": f"{logs}.err",
            "batchlog": f"{logs}.log",
            "jdl": f"{logs}.jdl",
            "resourcetype": job.row["resource_type"],
            "computingelement": f"ce{1 + number % 2:02d}.{queue.site.name.lower()}.{domain}",
            "njobs": 0,
            "submissionhost": f"schedd{number % 3}.{domain}",
            "harvesterhost": f"harvester-{letter.lower()}.{domain}",
            "jobtype": job.row["prodsourcelabel"],
            "minramcount": job.row["minramcount"],
        },
    )
    world.services.move(job.worker.values | {"status": None}, "submitted")
    if queue.kind.workflow == "push":
        _relate(world, job, job.worker)


def take(world: World, job: Job) -> Row:
    """The worker's pilot takes the job; what the job's row then says of it."""
    submit(world, job)
    worker = job.worker
    if worker is None or job.node is None:  # given by submit and by the caller
        raise ValueError(f"job {job.pandaid} has no worker or no node")
    values = worker.values
    if job.queue.kind.workflow != "push":
        _relate(world, job, worker)
    _set(world, worker, status="running", starttime=world.moment, nodeid=job.node.host, njobs=1)
    release = f"3.10.{world.random.choice((1, 1, 1, 4))}.12"
    values |= {"pilotstarttime": world.moment, "pilotstatus": "running", "pilotstatussynctime": world.moment}
    return {
        "schedulerid": f"harvester-{values['harvesterid']}",
        "pilotid": f"{values['stdout']}|{job.queue.kind.batch}|PR|{release}",
        "batchid": _batch(world, job, values["batchid"]),
        "computingelement": values["computingelement"],
        "modificationhost": f"slot1_{world.random.randrange(1, 32)}@{job.node.host}",
    }


def _batch(world: World, job: Job, own: str) -> str:
    """What the batch system calls the job that the pilot runs in: several of ours may share one."""
    most = job.queue.kind.jobs_per_batch
    name, taken = world.batches.get(job.queue.name, (own, 0))
    if taken >= most:
        name, taken = own, 0
    world.batches[job.queue.name] = name, taken + 1
    return name


def _relate(world: World, job: Job, worker: Record) -> None:
    world.changes.add(
        "harvester_rel_jobs_workers",
        {
            "harvesterid": worker.values["harvesterid"],
            "workerid": worker.values["workerid"],
            "pandaid": job.pandaid,
            "lastupdate": world.moment,
        },
    )


def leave(world: World, job: Job) -> None:
    """The job has ended; its worker ends a little later."""
    if job.worker is not None:
        status = (
            ENDS_AS[job.state] if job.node is not None else "missed" if world.happens(0.3) else "cancelled"
        )
        world.agenda.after(world.spread(90), partial(_end, world, job.worker, status))


def lose(world: World, job: Job) -> Row:
    """The batch system ended the worker under the job; the server copies the reason to the job."""
    code, text = WORKER_CODES[world.random.randrange(len(WORKER_CODES))]
    text = text.format(mb=job.row["minramcount"])
    if job.worker is not None:
        _set(world, job.worker, errorcode=code, diagmessage=text, nativestatus="removed")
        _end(world, job.worker, "failed")
        _complain(world, job.worker, text)
        job.worker = None
    return {"superrorcode": code, "superrordiag": f"Diag from worker : {text}"}


def _complain(world: World, worker: Record, text: str) -> None:
    values = worker.values
    said = f"worker {values['workerid']} at {values['computingsite']}: {text}"
    heartbeats.say(world, values["harvesterid"], "ERROR", "monitor", said)


def _end(world: World, worker: Record, status: str) -> None:
    _set(world, worker, status=status, endtime=world.moment, nativeexitcode=0 if status == "finished" else 1)
    if "pilotstatus" in worker.values:
        worker.values |= {"pilotstatus": "finished", "pilotendtime": world.moment}


def _set(world: World, worker: Record, **values: object) -> None:
    if "status" in values:
        world.services.move(worker.values, str(values["status"]))
    worker.values |= values | {"lastupdate": world.moment}
    world.changes.touch(worker)
