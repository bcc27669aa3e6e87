"""Saved answers of a BigPanDA monitor to `/jobs/?json`: jobs as shown, put back to how they are stored.

What the monitor computes is dropped. What it changes is turned back where that can be done; a payload's name
cut off its path and a core count of 1 for none cannot, and are stored as shown.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from bigpandamon_core.demo.importing.conversion import absent, number
from bigpandamon_core.demo.importing.jobs import JOB_TABLES, job_row
from bigpandamon_core.demo.importing.rows import Row, with_zeros
from bigpandamon_core.demo.importing.writing import Key, RowWriter
from bigpandamon_core.domain.jobs import EVENT_SERVICE, HARVESTER_PREFIX, event_service
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.sources.json_records import array_records
from bigpandamon_core.sources.records import Record, RecordKind, Refused

COMPUTED = frozenset(
    """
    category jobinfo homecloud processor_type wn durationsec waittimesec durationmin duration waittime
    priorityrange jobsetrange maxpssgbpercore cpuefficiency consumer pilotversion errorinfo error_desc
    error_category transformerrordiag maxvmemmb avgvmemmb fileattemptnr filemaxattempts jobmode substate
    """.split()
)
EVENT_NUMBERS: Mapping[str, int | None] = {
    event_service(None): None,
    **{name: number for number, name in EVENT_SERVICE.items()},
}


def answer_row(record: Record) -> Row:
    """The job that an answer shows. Refused if it has no pandaid or a column cannot hold its value."""
    values = {name.lower(): value for name, value in record.values.items()}
    stored = {name: value for name, value in values.items() if name not in COMPUTED}
    for name, restore in RESTORED.items():
        if not absent(stored.get(name)):
            stored[name] = restore(stored)
    return job_row(Record(record.place, stored))


def _jobstatus(job: Mapping[str, object]) -> object:
    """A job whose work was done in part ends as finished; its sub-status, fg_partial, is told beside."""
    return "finished" if job["jobstatus"] == "subfinished" else job["jobstatus"]


def _schedulerid(job: Mapping[str, object]) -> object:
    shown = str(job["schedulerid"])
    if shown == NOT_SPECIFIED:
        return None
    return shown if shown.startswith(HARVESTER_PREFIX) else HARVESTER_PREFIX + shown


def _eventservice(job: Mapping[str, object]) -> object:
    shown = job["eventservice"]
    if not isinstance(shown, str):
        return shown
    if shown not in EVENT_NUMBERS:
        raise Refused(f"eventservice: {shown!a} is none of {', '.join(EVENT_NUMBERS)}")
    return EVENT_NUMBERS[shown]


def _maxpss(job: Mapping[str, object]) -> object:
    """kB. Shown as text it is in MB with two decimals: that happens where one task's jobs were asked for."""
    shown = job["maxpss"]
    if not isinstance(shown, str):
        return shown
    try:
        return (number(shown) * 1024).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    except ValueError as error:
        raise Refused(f"maxpss: {error}") from None


def _produsername(job: Mapping[str, object]) -> object:
    """An empty name is shown as the identity, or as Unknown."""
    return None if job["produsername"] in (job.get("produserid"), "Unknown") else job["produsername"]


RESTORED: Mapping[str, Callable[[Mapping[str, object]], object]] = {
    "jobstatus": _jobstatus,
    "schedulerid": _schedulerid,
    "eventservice": _eventservice,
    "maxpss": _maxpss,
    "produsername": _produsername,
}


def writer(_path: Path) -> RowWriter:
    return RowWriter(answer_row, with_zeros, Key(("pandaid",), "pandaid"), JOB_TABLES, jobs=True)


def recognises(_path: Path, record: Record) -> bool:
    return "pandaid" in record.values and any(name in COMPUTED for name in record.values)


KIND = RecordKind(
    name="bigpanda-answer",
    help="a saved answer of a BigPanDA monitor to /jobs/?json",
    readers={".json": array_records("jobs")},
    writer=writer,
    recognises=recognises,
)
