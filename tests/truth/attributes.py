"""What summaries of jobs must say: the values of every attribute and how many jobs have them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

ABSENT = "Not specified"
EVENT_SERVICE = ("ordinary", "eventservice", "esmerge", "clone", "jumbo", "cojumbo", "finegrained")
MINUTES = (10, 30, 60, 120, 240, 480, 960, 1440, 2880, 10080)
"""Where the intervals of durations end, the last one being open."""
PLAIN = """
    processingtype computingsite prodsourcelabel produsername jeditaskid workinggroup cloud homepackage
    inputfileproject inputfiletype outputfiletype attemptnr specialhandling reqid jobsubstatus nucleus gshare
    resourcetype noutputdatafiles actualcorecount computingelement container_name
""".split()
Job = Mapping[str, Any]
Summary = dict[str, dict[Any, int]]


def state(job: Job) -> Any:
    """Fine-grained jobs end as subfinished or failed, by their sub-status."""
    return {"fg_partial": "subfinished", "fg_stumble": "failed"}.get(job["jobsubstatus"], job["jobstatus"])


def transformation(job: Job) -> Any:
    return (job["transformation"] or "").split("/")[-1]


def priorityrange(job: Job) -> str:
    low = (job["currentpriority"] or 0) // 100 * 100
    return f"{low}:{low + 99}"


def minramcount(job: Job) -> str:
    if job["minramcount"] is None:
        return ""
    gigabytes = job["minramcount"] // 1000
    return f"{gigabytes}-{gigabytes + 1}GB"


def eventservice(job: Job) -> str:
    return EVENT_SERVICE[job["eventservice"] or 0]


def corecount(job: Job) -> int:
    return 1 if job["corecount"] is None else int(job["corecount"])


def harvesterinstance(job: Job) -> str:
    kind, _, name = (job["schedulerid"] or "").partition("-")
    return name if kind == "harvester" else ""


def pilotversion(job: Job) -> str:
    """What follows the last bar; nothing before that bar, no version."""
    before, _, version = (job["pilotid"] or "").rpartition("|")
    return version if before else ""


def processor_type(job: Job) -> str:
    return "GPU" if "nGPU=" in (job["jobmetrics"] or "") else "CPU"


def neventsrange(job: Job) -> str:
    """Intervals of one more digit each."""
    count = job["nevents"] or 0
    if count <= 0:
        return "0-0"
    digits = len(str(count))
    return f"1{'0' * (digits - 1)}-{'9' * digits}"


def durationmin(job: Job, now: datetime) -> str:
    """Minutes from start to end, to the present without one; 0-0 for a job that has not started."""
    if job["starttime"] is None:
        return "0-0"
    minutes = max((job["endtime"] or now) - job["starttime"], timedelta(0)) // timedelta(minutes=1)
    low = 0
    for high in MINUTES:
        if minutes < high:
            return f"{low}-{high - 1}"
        low = high
    return f"{low}-9999999"


DERIVED: Mapping[str, Callable[[Job], Any]] = {
    "jobstatus": state,
    "transformation": transformation,
    "priorityrange": priorityrange,
    "minramcount": minramcount,
    "eventservice": eventservice,
    "corecount": corecount,
    "harvesterinstance": harvesterinstance,
    "pilotversion": pilotversion,
    "processor_type": processor_type,
    "neventsrange": neventsrange,
}
FIELDS = tuple(sorted([*PLAIN, *DERIVED, "durationmin"]))


def summary(jobs: Iterable[Job], now: datetime) -> Summary:
    """Jobs by value for every attribute; an attribute has values only if there are jobs."""
    counted = list(jobs)
    found: Summary = {name: _counts(job[name] for job in counted) for name in PLAIN}
    found |= {name: _counts(map(shown, counted)) for name, shown in DERIVED.items()}
    found["durationmin"] = _counts(durationmin(job, now) for job in counted)
    return found


def sums(jobs: Iterable[Job]) -> dict[str, int]:
    counted = list(jobs)
    return {name: sum(job[name] or 0 for job in counted) for name in ("actualcorecount", "minramcount")}


def _counts(values: Iterable[Any]) -> dict[Any, int]:
    return dict(Counter(ABSENT if value is None or value == "" else value for value in values))
