"""What a job is: values that follow from its columns, as every program of the field tells them.

Rules from the BigPanDA JSON API; times naive UTC, durations seconds, memory kB unless a name says MB or GB.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from bigpandamon_core.domain.text import NOT_SPECIFIED

EVENT_SERVICE: Mapping[int, str] = MappingProxyType(
    {1: "eventservice", 2: "esmerge", 3: "clone", 4: "jumbo", 5: "cojumbo", 6: "finegrained"}
)
OF_EVENTS = frozenset({1, 3, 4, 5})
"""Jobs whose workers take single events; what merges them is none of these."""
UNKNOWN_NODE = "Unknown"
HARVESTER_PREFIX = "harvester-"
SECOND = timedelta(seconds=1)
DURATION_EDGES_MIN = (0, 10, 30, 60, 120, 240, 480, 960, 1440, 2880, 10080, 10_000_000)
_LAUNCHED = ("holding", "transferring", "merging", "finished", "failed", "cancelled", "closed")


def event_service(number: int | None) -> str:
    return EVENT_SERVICE.get(number or 0, "ordinary")


@lru_cache(maxsize=1 << 12)
def last_part(transformation: str | None) -> str:
    """A payload's name without the address it came from."""
    return (transformation or "").rpartition("/")[2]


@lru_cache(maxsize=1 << 12)
def priority_range(priority: int | None) -> str:
    low = (priority or 0) // 100 * 100
    return f"{low}:{low + 99}"


def jobset_range(jobsetid: int | None) -> str:
    if not jobsetid:
        return ""
    low = jobsetid // 100 * 100
    return f"{low}:{low + 99}"


def memory_range(megabytes: int | None) -> str:
    """`2-3GB` for 2000 to 2999 MB."""
    if megabytes is None:
        return ""
    low = megabytes // 1000
    return f"{low}-{low + 1}GB"


def events_range(nevents: int | None) -> str:
    """Decades: 0-0, 1-9, 10-99, …"""
    if not nevents or nevents < 0:
        return "0-0"
    low = 10 ** (len(str(nevents)) - 1)
    return f"{low}-{low * 10 - 1}"


def duration_range(minutes: int | None) -> str:
    """The interval of minutes a job ran, both ends included; `0-0` stands for "not started"."""
    if minutes is None:
        return "0-0"
    for low, high in pairwise(DURATION_EDGES_MIN):
        if minutes < high:
            return f"{low}-{high - 1}"
    return f"{DURATION_EDGES_MIN[-2]}-{DURATION_EDGES_MIN[-1] - 1}"


def harvester_instance(schedulerid: str | None) -> str:
    """The instance that submitted the job's pilot, empty if it was another kind of scheduler."""
    text = schedulerid or ""
    return text.removeprefix(HARVESTER_PREFIX) if text.startswith(HARVESTER_PREFIX) else ""


def pilot_version(pilotid: str | None) -> str:
    """The last of the parts of a pilot's identity, which are separated by `|`; empty if there are none."""
    head, bar, version = (pilotid or "").rpartition("|")
    return version if bar and head else ""


def processor_type(jobmetrics: str | None) -> str:
    return "GPU" if "nGPU=" in (jobmetrics or "") else "CPU"


def node(modificationhost: str | None) -> str:
    """The worker node: the host part of `slot@host`, or UNKNOWN_NODE."""
    return (modificationhost or "").rpartition("@")[2] or UNKNOWN_NODE


def slot(modificationhost: str | None) -> str:
    """The slot of the batch system: the part before the host of `slot@host`, "" without one."""
    return (modificationhost or "").rpartition("@")[0]


ANALYSIS_LABELS = ("user", "panda")
ACTIVITIES = ("analysis", "production")


def activity(prodsourcelabel: str | None) -> str:
    """analysis of people, or production: everything else."""
    return ACTIVITIES[0] if prodsourcelabel in ANALYSIS_LABELS else ACTIVITIES[1]


@lru_cache(maxsize=1 << 12)
def category(processingtype: str | None, transformation: str | None) -> str:
    """build, merge or run."""
    if "build" in (transformation or "").lower():
        return "build"
    if processingtype in ("pmerge", "merge") or "merge" in (transformation or "").lower():
        return "merge"
    return "run"


def duration_seconds(
    jobstatus: str, starttime: datetime | None, endtime: datetime | None, now: datetime
) -> int:
    """Seconds the payload ran, up to now while it runs; 0 if unknown."""
    if starttime is None:
        return 0
    end = endtime or (starttime if jobstatus in _LAUNCHED else now)
    return (end - starttime) // SECOND if end > starttime else 0


def wait_seconds(
    jobstatus: str,
    creationtime: datetime | None,
    starttime: datetime | None,
    end: datetime | None,
    now: datetime,
) -> int:
    """Seconds from creation to start, up to the end or now for a job that has not started; 0 if unknown."""
    if creationtime is None:
        return 0
    until = starttime or end or (creationtime if jobstatus in _LAUNCHED else now)
    return (until - creationtime) // SECOND if until > creationtime else 0


@lru_cache(maxsize=1 << 14)
def clock_text(seconds: int) -> str:
    """`d:h:mm:ss`."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    return f"{day}:{hour}:{minute:02d}:{second:02d}"


def cpu_efficiency(cpu_seconds: float | None, duration: int, cores: int | None) -> float | None:
    """CPU seconds per second and core, 0 to about 1; None if it cannot be computed."""
    if not cpu_seconds or cpu_seconds <= 0 or duration <= 0:
        return None
    return round(cpu_seconds / duration / (cores if cores and cores > 0 else 1), 2)


def memory_per_core_gb(maxpss_kb: int | None, cores: int | None) -> float | None:
    if not maxpss_kb or maxpss_kb <= 0:
        return None
    return round(maxpss_kb / 1024 / 1024 / (cores if cores and cores > 0 else 1), 2)


def owner(produsername: str | None, produserid: str | None) -> str:
    """The user's name; who has none is told by certificate subject, or `Unknown`."""
    return produsername or produserid or "Unknown"


@lru_cache(maxsize=1 << 12)
def scheduler_shown(schedulerid: str | None) -> str:
    return harvester_instance(schedulerid) or NOT_SPECIFIED
