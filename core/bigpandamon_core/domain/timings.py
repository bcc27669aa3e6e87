"""Where the time of a job goes: waiting for its start, then the steps that its pilot tells the seconds of."""

from datetime import datetime
from decimal import Decimal

STEPS = ("get", "setup", "stagein", "run", "stageout")
"""In their order: getting the job, setting up, getting its input, the payload, storing its output."""
FEWEST_TOLD = 5
MOST_DIGITS = 8
MOST_CORES, MOST_CPU_SECONDS = 100_000, 10**12
"""Greater numbers are no job's: they would drown all others."""


def wall_seconds(begin: datetime | None, end: datetime | None) -> int | None:
    """From one to the other, 0 where the order is reversed; None if one is not known."""
    if begin is None or end is None:
        return None
    return max(int((end - begin).total_seconds()), 0)


def cores(actualcorecount: int | None, corecount: int | None) -> int:
    """On how many a job ran, as far as that is known; else for how many it asked, at least one."""
    if actualcorecount and 0 < actualcorecount <= MOST_CORES:
        return actualcorecount
    return corecount if corecount and 0 < corecount <= MOST_CORES else 1


def cpu_seconds(cpuconsumptiontime: float | Decimal | None) -> int | None:
    """Of a job, None where that is not known."""
    if cpuconsumptiontime is None or not -MOST_CPU_SECONDS <= cpuconsumptiontime <= MOST_CPU_SECONDS:
        return None
    return int(cpuconsumptiontime)


def steps(pilottiming: str | None) -> tuple[int, ...]:
    """Seconds of each of STEPS; none where the pilot does not tell all of them.

    pilottiming: getjob, stage-in, payload, stage-out and one or two numbers of set-up, joined by `|`.
    """
    told = (pilottiming or "").split("|")
    if len(told) < FEWEST_TOLD or not all(one.isdecimal() and len(one) <= MOST_DIGITS for one in told):
        return ()
    get, stagein, run, stageout, *setup = map(int, told)
    return get, sum(setup), stagein, run, stageout
