"""Failing jobs for tests of pages and answers about errors, and what is counted of them with plain loops."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.instance.factory import Panda
from tests.web.conftest import NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Job = dict[str, Any]
CODES = {
    "piloterrorcode": "pilot",
    "exeerrorcode": "executor",
    "ddmerrorcode": "dataservice",
    "transexitcode": "transform",
    "taskbuffererrorcode": "taskbuffer",
    "superrorcode": "supervisor",
}


def failing_jobs(panda: Panda) -> list[Job]:
    """Jobs of all outcomes over 30 hours, those of queue BAD failing more often."""
    for name, cloud in {"BAD": "NORTH", "GOOD": "NORTH", "FINE": "SOUTH"}.items():
        panda.queue(name, cloud=cloud, atlas_site=f"SITE_{name}", status="online")
    made = [_job(place) | {"pandaid": next(panda.numbers)} for place in range(240)]
    for table, states in {"jobsactive4": ("holding",), "jobsarchived4": ("failed", "finished")}.items():
        panda.jobs([row for row in made if row["jobstatus"] in states], table)
    return made


def _job(place: int) -> Job:
    queue = ("BAD", "GOOD", "FINE", "GOOD")[place % 4]
    fails = place % 3 == 0 if queue != "BAD" else place % 32 != 0
    state = "holding" if place % 40 == 17 else "failed" if fails else "finished"
    wrong = state != "finished"
    return {
        "jobstatus": state,
        "computingsite": queue,
        "modificationhost": f"slot1@node{place % 5}.{queue.lower()}",
        "produsername": ("Ann Ek", "Bo Ås", None)[place % 3],
        "jeditaskid": (7001, 7002)[place // 2 % 2],
        "piloterrorcode": (1099, 1305, 0)[place // 3 % 3] if wrong else 0,
        "piloterrordiag": f"lost event {place} after {place} s" if wrong and place // 3 % 3 < 2 else None,
        "transexitcode": str((65, 0, 139)[place // 3 % 3]) if wrong else None,
        "taskbuffererrorcode": 111 if wrong and place % 7 == 0 else 0,
        "superrorcode": 222 if wrong and place % 14 == 0 else 0,
        "modificationtime": NOON - place * 7 * MINUTE,
    }


def errors_of(job: Job) -> list[str]:
    found = []
    for column, component in CODES.items():
        code = job.get(column)
        if code in (None, 0, "0", "") or (column == "taskbuffererrorcode" and job["superrorcode"]):
            continue
        found.append(f"{component}:{code}")
    return found


def considered(jobs: list[Job], hours: float = 6) -> list[Job]:
    return [
        job
        for job in jobs
        if job["jobstatus"] == "holding"
        or (job["jobstatus"] == "failed" and job["modificationtime"] >= NOON - hours * HOUR)
    ]


def by(jobs: list[Job], key: Callable[[Job], Any]) -> dict[Any, Counter[str]]:
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    for job in jobs:
        found[key(job)].update(errors_of(job))
    return {name: counts for name, counts in found.items() if counts}


def node(job: Job) -> str:
    return str(job["modificationhost"]).partition("@")[2]
