"""Files of jobs: rows of filestable4 and of the dataset contents, and how they follow the job."""

from collections.abc import Iterator
from uuid import UUID

from bigpandamon_core.demo.simulation.jobs import Job, JobFile
from bigpandamon_core.demo.simulation.records import EPOCH, Record, Row
from bigpandamon_core.demo.simulation.world import World

INPUT_STATUS = {"assigned": "pending", "activated": "ready"}
OUTPUT_STATUS = {
    "transferring": "transferring",
    "merging": "merging",
    "finished": "ready",
    "failed": "failed",
    "cancelled": "failed",
    "closed": "failed",
}
INPUT_CONTENT = {
    "pending": ("picked", None),
    "activated": ("running", "queued"),
    "sent": ("running", "starting"),
    "running": ("running", "running"),
    "merging": ("merging", "running"),
    "finished": ("finished", "finished"),
}
OUTPUT_CONTENT = {
    "activated": "running",
    "merging": "merging",
    "finished": "finished",
    "failed": "failed",
    "cancelled": "cancelled",
    "closed": "cancelled",
}
NOTICED = frozenset().union(INPUT_STATUS, OUTPUT_STATUS, INPUT_CONTENT, OUTPUT_CONTENT)
"""States of a job that its files take part in."""
CACHED = 0.1
"""Share of input files that were found in a cache."""


def attach(world: World, job: Job) -> None:
    """Give a new job its files."""
    for content in job.part.inputs:
        if content.values["type"] == "input":
            content.values |= {"status": "picked", "proc_status": None, "pandaid": job.pandaid}
            world.changes.touch(content)
        job.files.append(JobFile(_input(world, job, content), content))
    for dataset in _datasets(job):
        content = _produced(world, job, dataset)
        job.files.append(JobFile(_output(world, job, content, dataset), content))


def _datasets(job: Job) -> Iterator[Record]:
    if job.part.step == "build":
        yield job.task.library or job.task.log
    else:
        yield from job.task.outputs
    yield job.task.log


def _input(world: World, job: Job, content: Record) -> Record:
    name = job.task.name_of(content.values["datasetid"])
    row = _file(world, job, content, name, "input")
    return world.changes.add("filestable4", row | {"proddblock": name, "status": "unknown"})


def _output(world: World, job: Job, content: Record, dataset: Record) -> Record:
    name = dataset.values["datasetname"]
    row = _file(world, job, content, name, content.values["type"])
    place = {"destinationdblock": name, "destinationse": job.task.nucleus.storage, "status": "unknown"}
    return world.changes.add("filestable4", row | place)


def _file(world: World, job: Job, content: Record, dataset: str, kind: str) -> Row:
    values = content.values
    return {
        "row_id": world.number("row_id"),
        "pandaid": job.pandaid,
        "modificationtime": EPOCH,
        "guid": values["guid"],
        "lfn": values["lfn"],
        "type": kind,
        "dataset": dataset,
        "fsize": values["fsize"] or 0,
        "checksum": values["checksum"],
        "scope": values["scope"],
        "jeditaskid": job.row["jeditaskid"],
        "datasetid": values["datasetid"],
        "fileid": values["fileid"],
        "attemptnr": job.row["attemptnr"],
    }


def _produced(world: World, job: Job, dataset: Record) -> Record:
    """The row, in the contents, of a file that the job will write."""
    kind, stream = dataset.values["type"], dataset.values["streamname"]
    part, task = job.part, job.task
    ending = "job.log.tgz" if kind == "log" else "lib.tgz" if kind == "lib" else "pool.root"
    marker = f"{part.step}._" if part.step != "main" else "_"
    name = f"{stream.lower() if kind == 'log' else stream}.{task.jeditaskid}.{marker}{part.number:06d}"
    content = content_row(world, dataset, f"{name}.{ending}.{job.row['attemptnr'] + 1}", size=None)
    content |= {"status": "defined", "pandaid": job.pandaid, "outpandaid": job.pandaid}
    return world.changes.add("jedi_dataset_contents", content)


def content_row(world: World, dataset: Record, lfn: str, size: int | None) -> Row:
    """A row of a dataset's contents; without a size it is not written yet."""
    values = dataset.values
    return {
        "jeditaskid": values["jeditaskid"],
        "datasetid": values["datasetid"],
        "fileid": world.number("fileid"),
        "creationdate": world.moment,
        "lfn": lfn,
        "guid": str(UUID(int=world.random.getrandbits(128), version=4)),
        "type": values["type"],
        "fsize": size,
        "checksum": checksum(world) if size else None,
        "scope": values["datasetname"].partition(":")[0],
        "attemptnr": 0,
        "maxattempt": 3,
        "maxfailure": 3,
        "failedattempt": 0,
        "keeptrack": 1,
        "ramcount": 0,
    }


def checksum(world: World) -> str:
    return f"ad:{world.random.getrandbits(32):08x}"


def follow(world: World, job: Job) -> None:
    """Let the files of a job go with the state that it has entered."""
    state = job.state
    if state not in NOTICED:
        return
    for each in job.files:
        if each.record.values["type"] == "input":
            _input_follows(world, each, state)
        elif state in OUTPUT_CONTENT or state in OUTPUT_STATUS:
            row, content = each.record.values, each.content.values
            row["status"] = OUTPUT_STATUS.get(state, row["status"])
            content["status"] = OUTPUT_CONTENT.get(state, content["status"])
            world.changes.touch(each.record)
            world.changes.touch(each.content)
    if state == "finished":
        _weigh(world, job)


def _input_follows(world: World, file: JobFile, state: str) -> None:
    row, content = file.record.values, file.content.values
    if state in INPUT_STATUS:
        row["status"] = "cached" if state == "activated" and world.happens(CACHED) else INPUT_STATUS[state]
    if state in INPUT_CONTENT and content["type"] == "input":
        content["status"], content["proc_status"] = INPUT_CONTENT[state]
    world.changes.touch(file.record)
    world.changes.touch(file.content)


def release(world: World, job: Job) -> None:
    """The job has ended: its inputs are done, or ready for another attempt."""
    for each in job.files:
        content = each.content.values
        each.record.values["modificationtime"] = world.moment
        if content["type"] != "input":  # outputs; the inputs of a merge job are outputs too
            continue
        content["attemptnr"] += 1
        content["lastattempttime"] = world.moment
        if job.state != "finished":
            content["status"] = content["proc_status"] = "ready"
            content["failedattempt"] += job.state == "failed"


def _weigh(world: World, job: Job) -> None:
    """Outputs that are there have a size and a checksum."""
    total = count = 0
    for each in job.files:
        if each.record.values["type"] == "input":
            continue
        size = 1_200_000 if each.record.values["type"] == "log" else job.task.work.output_mb * 1_000_000
        size = int(world.spread(size, 0.2))
        count, total = count + (each.record.values["type"] == "output"), total + size
        weight = {"fsize": size, "checksum": checksum(world)}
        each.record.values |= weight
        each.content.values |= weight
    job.row.update({"noutputdatafiles": count, "outputfilebytes": total})
