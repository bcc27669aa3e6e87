"""Ranges of events: jobs of an event service fetch them and leave undone ones to the next attempt."""

from bigpandamon_core.demo.simulation.faults import MERGE_FAILED
from bigpandamon_core.demo.simulation.jobs import Job
from bigpandamon_core.demo.simulation.records import Record, Row
from bigpandamon_core.demo.simulation.world import World

SENT, RUNNING, FINISHED, CANCELLED, DISCARDED, FAILED, MERGED = 1, 2, 3, 4, 5, 7, 9
TRIES = 10
USUAL_SHARE = 0.9
"""So far a job is when its usual time is over, if it is not at its end."""


def fetch(world: World, job: Job) -> None:
    """A job that starts gets the ranges of its input that no attempt before it worked off."""
    work = job.task.work
    if not work.range_events or job.part.step != "main":
        return
    for content in job.part.inputs:
        for number in range(work.events // work.range_events):
            if (content.values["fileid"], number) not in job.part.worked_off:
                row = _sent(job, content, number, work.range_events)
                job.ranges.append(world.changes.add("jedi_events", row))


def _sent(job: Job, content: Record, number: int, events: int) -> Row:
    first = number * events + 1
    return {
        "jeditaskid": job.task.jeditaskid,
        "pandaid": job.pandaid,
        "fileid": content.values["fileid"],
        "datasetid": content.values["datasetid"],
        "job_processid": number,
        "def_min_eventid": first,
        "def_max_eventid": first + events - 1,
        "status": SENT,
        "attemptnr": TRIES - job.part.attempt + 1,
        "is_jumbo": 0,
    }


def go_on(world: World, job: Job, elapsed: float) -> None:
    """News with a heartbeat. elapsed: seconds since the job started."""
    share = min(elapsed / (job.task.work.minutes * 60), 1.0) * USUAL_SHARE
    _work_off(world, job, int(share * len(job.ranges)))


def _work_off(world: World, job: Job, many: int) -> None:
    """So many are finished, and each core has another one."""
    for place, each in enumerate(job.ranges):
        others = RUNNING if place < many + job.task.work.cores else SENT
        status = FINISHED if place < many else others
        _set(world, each, status=max(status, each.values["status"]))


def end(world: World, job: Job) -> None:
    """The job is over, or waits to be merged: all ranges are finished, or those up to its trouble."""
    if job.state in ("finished", "merging"):
        _work_off(world, job, len(job.ranges))
    for each in job.ranges:
        _end(world, job, each)


def _end(world: World, job: Job, each: Record) -> None:
    fault = job.fault
    done = each.values["fileid"], each.values["job_processid"]
    if each.values["status"] == FINISHED and fault is MERGE_FAILED:
        job.part.worked_off.discard(done)
        _set(world, each, status=DISCARDED)
    elif each.values["status"] == FINISHED:
        job.part.worked_off.add(done)
        merged = job.state == "finished" and job.task.work.merge
        _set(world, each, status=MERGED if merged else FINISHED)
    elif each.values["status"] == RUNNING and fault and fault.at == "run":
        _set(world, each, status=FAILED, error_code=fault.code, error_diag="the payload ended early")
    else:
        _set(world, each, status=CANCELLED)


def _set(world: World, record: Record, **values: object) -> None:
    if any(record.values.get(name) != value for name, value in values.items()):
        record.values |= values
        world.changes.touch(record)
