"""A task's jobs in one pass: what they do, what they used where, when they ended, and when the rest may."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt
from statistics import quantiles
from typing import Any, NamedTuple

from bigpandamon_core.domain import jobs as rules
from bigpandamon_core.domain.states import ENDED_WELL, FINAL, shown_state

COLUMNS = tuple(
    """pandaid jobstatus jobsubstatus processingtype transformation eventservice computingsite creationtime
    starttime endtime ninputdatafiles nevents cpuconsumptiontime actualcorecount corecount minramcount maxpss
    diskio totrbytes totwbytes hs06 specialhandling jobmetrics""".split()
)
CATEGORIES = ("build", "run", "merge")
SCOUT_SWITCH, SCOUT_METRIC = "sj", "scout="
USED: Mapping[str, str] = {
    "memory": "Memory, GB per core",
    "efficiency": "CPU efficiency, %",
    "minutes": "Wall time, min",
    "diskio": "Disk I/O, kB/s",
    "read": "Read from disk, kB/s",
    "written": "Written to disk, kB/s",
}
"""What jobs use, in words with its unit."""
_ES_MERGE = 2
MB_PER_GB = KB_PER_MB = 1024
Row = Mapping[str, Any]
Numbers = dict[str, float]


@dataclass(frozen=True)
class Spread:
    """Of so many numbers the tenth, the median and the ninetieth part of a hundred."""

    count: int
    low: float
    median: float
    high: float


class Ended(NamedTuple):
    """A job that is over. seconds: it ran. files, events: of its input, none where it built or merged."""

    moment: datetime
    state: str
    seconds: int
    created: datetime | None
    files: int
    events: int


@dataclass
class TaskJobs:
    """states: by category. used: by queue and resource the numbers of jobs that finished; asked: the memory
    that these asked for, GB per core; beyond: how many used more than they asked for. ended: jobs that are
    over; untimed: how many of them tell no end. scouts: pandaids of the jobs that measured, with what they
    set. cores, power: of running jobs, None where none tells its own; power is cores by their benchmark."""

    states: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    used: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(dict))
    asked: list[float] = field(default_factory=list)
    beyond: int = 0
    ended: list[Ended] = field(default_factory=list)
    untimed: int = 0
    scouts: dict[int, str] = field(default_factory=dict)
    cores: int | None = None
    power: float | None = None

    def whole(self) -> dict[str, Spread]:
        """How the numbers of all queues together lie, by resource."""
        every: dict[str, list[float]] = defaultdict(list)
        for numbers in self.used.values():
            for name, values in numbers.items():
                every[name] += values
        return {name: spread(every[name]) for name in USED if name in every}

    def spreads(self) -> dict[str, dict[str, Spread]]:
        """The same by queue; "" for jobs that tell none."""
        return {
            queue: {name: spread(values) for name, values in numbers.items()}
            for queue, numbers in self.used.items()
        }


def summed(rows: Iterable[Row]) -> TaskJobs:
    """Rows of `COLUMNS`, one for each job."""
    found = TaskJobs()
    for row in rows:
        state = shown_state(row["jobstatus"], row["jobsubstatus"])
        category = rules.category(row["processingtype"], row["transformation"])
        found.states[category][state] += 1
        _note_end(found, row, state, category)
        _note_scout(found, row)
        _note_cores(found, row)
        if category == "run" and state in ENDED_WELL and row["endtime"]:
            _note_use(found, row)
    return found


def _note_end(found: TaskJobs, row: Row, state: str, category: str) -> None:
    if row["jobstatus"] not in FINAL:
        return
    if not row["endtime"]:
        found.untimed += 1
        return
    is_first = category == "run" and row["eventservice"] != _ES_MERGE
    files, events = ((row[name] or 0) * is_first for name in ("ninputdatafiles", "nevents"))
    found.ended.append(Ended(row["endtime"], state, _seconds(row), row["creationtime"], files, events))


def _seconds(row: Row) -> int:
    return rules.duration_seconds(row["jobstatus"], row["starttime"], row["endtime"], row["endtime"])


def _note_scout(found: TaskJobs, row: Row) -> None:
    """A scout has a switch; what it set stands after `scout=` in its metrics, parted by commas."""
    metrics = str(row["jobmetrics"] or "")
    named = metrics.partition(SCOUT_METRIC)[2].partition(" ")[0]
    if named or SCOUT_SWITCH in str(row["specialhandling"] or "").split(","):
        found.scouts[row["pandaid"]] = named


def _note_cores(found: TaskJobs, row: Row) -> None:
    """The benchmark of a job is that of the cores it asked for together."""
    if row["jobstatus"] != "running" or not row["actualcorecount"]:
        return
    found.cores = (found.cores or 0) + row["actualcorecount"]
    if row["hs06"] is not None and row["corecount"]:
        found.power = (found.power or 0) + row["actualcorecount"] * row["hs06"] / row["corecount"]


def _note_use(found: TaskJobs, row: Row) -> None:
    numbers = found.used[str(row["computingsite"] or "")]
    for name, value in _use(row).items():
        numbers.setdefault(name, []).append(value)
    if row["minramcount"]:
        found.asked.append(row["minramcount"] / MB_PER_GB / _cores(row))
        found.beyond += (row["maxpss"] or 0) > row["minramcount"] * KB_PER_MB


def _cores(row: Row) -> int:
    return max(row["actualcorecount"] or row["corecount"] or 1, 1)


def _use(row: Row) -> Numbers:
    """What one job used, as far as it is known."""
    cores, seconds = _cores(row), _seconds(row)
    efficiency = rules.cpu_efficiency(float(row["cpuconsumptiontime"] or 0), seconds, cores)
    told = {
        "memory": rules.memory_per_core_gb(row["maxpss"], cores),
        "efficiency": None if efficiency is None else 100 * efficiency,
        "minutes": seconds / 60 if seconds else None,
        "diskio": row["diskio"] or None,
        "read": _rate(row["totrbytes"], seconds),
        "written": _rate(row["totwbytes"], seconds),
    }
    return {name: float(value) for name, value in told.items() if value is not None}


def _rate(amount: int | None, seconds: int) -> float | None:
    return amount / seconds if amount and amount > 0 and seconds else None


def spread(values: Sequence[float]) -> Spread:
    """How numbers lie, of which there is at least one."""
    if len(values) == 1:
        return Spread(1, values[0], values[0], values[0])
    tenths = quantiles(values, n=10, method="inclusive")
    return Spread(len(values), tenths[0], tenths[4], tenths[8])


@dataclass(frozen=True)
class Outlook:
    """When the rest may be done: between two moments, the later None where too little ended lately."""

    earliest: datetime
    latest: datetime | None


PARTS = 4
TRIES = 2
LEAST_ENDED = 5
"""Fewer ended jobs say nothing about the rest."""


def outlook(ended: Sequence[datetime], remaining: float, now: datetime, lead: float = 0) -> Outlook | None:
    """From how fast jobs ended since the first did, and how fast in the last quarter of that time, each more
    or less by the square root of how many there were, as chance has it.

    remaining: how much is left, in jobs. lead: seconds that the slowest took from its making to its end. The
    last one may take as long again, and once more if it fails. None where nothing is left or too little is
    known.
    """
    if remaining <= 0 or len(ended) < LEAST_ENDED:
        return None
    passed = (now - min(ended)).total_seconds()
    if passed <= 0:
        return None
    lately = sum(1 for moment in ended if moment > now - timedelta(seconds=passed / PARTS))
    counts = ((len(ended), passed), (lately, passed / PARTS))
    fastest = max((count + sqrt(count)) / seconds for count, seconds in counts)
    slowest = min((count - sqrt(count)) / seconds for count, seconds in counts)
    latest = _after(now, remaining / slowest + TRIES * lead) if slowest > 0 else None
    return Outlook(_after(now, remaining / fastest), latest)


def _after(now: datetime, seconds: float) -> datetime:
    longest = timedelta(days=3650)
    return now + min(timedelta(seconds=min(seconds, longest.total_seconds())), longest)
