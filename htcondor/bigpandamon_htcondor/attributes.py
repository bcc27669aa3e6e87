"""A job's ClassAd as the columns of a batch job: anything may be missing or an expression."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bigpandamon_htcondor.states import COMPLETED, FAILED, HELD, REMOVED, STATES

Ad = Mapping[str, Any]
GLOBAL_ID = re.compile(r"(?P<schedd>[^\s#]+)#(?P<cluster>\d+)\.(?P<proc>\d+)#(?P<qdate>\d+)")
"""`schedd#cluster.proc#qdate`."""
ID_FORM = re.compile(r"[!-~]{1,255}")
TIME_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f")
LATEST = 32503680000
"""The year 3000: what is later is no time."""
SMALL, MEDIUM = 15, 31
"""Bits of columns that are no big integers."""
AHEAD = timedelta(minutes=10)
"""A clock that is further ahead of ours is wrong: what it tells is no time."""
_WHOSE = re.compile(r"[^\s@]+@")
"""Whom a host is asked as, in the address of a gateway."""
OBSERVED = ("ServerTime", "EventTime", "LastModified")
SEEN_AT = ("EnteredCurrentStatus", "CompletionDate", "JobCurrentStartDate")
"""Where no clock was sent along, the latest of these is what a record is of. When a job was queued says
nothing of that."""


def number(value: Any) -> float | int | None:
    """A finite number, also one written as text; None for expressions, truth values and what is no number."""
    if isinstance(value, str):
        try:
            value = float(value) if not value.strip().lstrip("-").isdecimal() else int(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and abs(value) < 2**63 else None


def whole(value: Any, bits: int = 63) -> int | None:
    """A whole number that a column of so many bits takes."""
    found = number(value)
    return int(found) if found is not None and abs(found) < 2**bits else None


def truth(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def moment(value: Any) -> datetime | None:
    """Unix seconds, or a text `YYYY-MM-DD HH:MM:SS` with or without T and Z, as naive UTC; 0 is no time."""
    seconds = number(value)
    if seconds is not None:
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None) if 0 < seconds < LATEST else None
    text = value.strip().removesuffix("Z").removesuffix("+00:00") if isinstance(value, str) else ""
    for form in TIME_FORMS if text else ():
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def text(value: Any, signs: int = 200) -> str:
    """A text of at most so many signs, "" for what is absent."""
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()[:signs]


def observed(ad: Ad) -> datetime | None:
    """The moment a record is of, None where it tells no time at all."""
    return _latest(ad, OBSERVED) or _latest(ad, SEEN_AT)


def _latest(ad: Ad, names: Iterable[str]) -> datetime | None:
    return max(filter(None, (moment(ad.get(name)) for name in names)), default=None)


def state(ad: Ad) -> str:
    """In words, "" where nothing tells it."""
    status = whole(ad.get("JobStatus"))
    if status == COMPLETED and (truth(ad.get("ExitBySignal")) or whole(ad.get("ExitCode"))):
        return FAILED
    return STATES.get(status or 0, "")


def columns(ad: Ad, latest: datetime) -> dict[str, Any]:
    """All columns that an ad decides; names in their usual spelling. latest: no time of it is later."""
    life = {
        name: None if isinstance(value, datetime) and value > latest else value
        for name, value in _life(ad).items()
    }
    return {**_identity(ad), **life, **_belonging(ad), **_use(ad), **_outcome(ad)}


def _identity(ad: Ad) -> dict[str, Any]:
    found = GLOBAL_ID.fullmatch(str(ad.get("GlobalJobId", "")))
    schedd = text(ad.get("ScheddName")) or (found["schedd"] if found else "")
    ids = [ad.get("ClusterId"), ad.get("ProcId")]
    if found and None in ids:
        ids = [found["cluster"], found["proc"]]
    return {
        "schedd": schedd[:200],
        "host": schedd.rpartition("@")[2][:200],
        "batchid": "" if None in ids else text(f"{ids[0]}.{ids[1]}", 60),
        "universe": whole(ad.get("JobUniverse"), SMALL),
    }


def _life(ad: Ad) -> dict[str, Any]:
    return {
        "state": state(ad),
        "entered": moment(ad.get("EnteredCurrentStatus")),
        "queued": moment(ad.get("QDate")),
        "started": moment(ad.get("JobStartDate")) or moment(ad.get("JobCurrentStartDate")),
        "ended": _ended(ad),
    }


def _ended(ad: Ad) -> datetime | None:
    """CompletionDate is 0 until a job completes; a removed one ended when it was removed."""
    done = moment(ad.get("CompletionDate"))
    is_over = whole(ad.get("JobStatus")) in (REMOVED, COMPLETED)
    return done or (moment(ad.get("EnteredCurrentStatus")) if is_over else None)


def _belonging(ad: Ad) -> dict[str, Any]:
    dag = whole(ad.get("DAGManJobId"))
    return {
        "owner": text(ad.get("Owner")) or text(ad.get("User")),
        "accounting": _first(ad, "AccountingGroup", "AcctGroup", "ProjectName"),
        "queue": _first(ad, "MATCH_APF_QUEUE", "PandaQueue", "ComputingSite"),
        "factory": _first(ad, "Factory", "APFFID"),
        "site": _WHOSE.sub(
            "", _first(ad, "MATCH_GLIDEIN_Site", "MATCH_EXP_JOBGLIDEIN_ResourceName", "GridResource")
        ),
        "node": _node(_first(ad, "RemoteHost", "LastRemoteHost")),
        "batchname": text(ad.get("JobBatchName"), 255),
        "dag": "" if dag is None else str(dag),
        "dagnode": text(ad.get("DAGNodeName"), 255),
        "harvesterid": text(ad.get("harvesterID")),
        "workerid": whole(ad.get("harvesterWorkerID")),
    }


def _first(ad: Ad, *names: str) -> str:
    return next(filter(None, (text(ad.get(name)) for name in names)), "")


def _node(host: str) -> str:
    """Slot and machine; of an address `<address:port?…>` the address."""
    return host[1:].partition(":")[0] if host.startswith("<") else host


def _use(ad: Ad) -> dict[str, Any]:
    wall, committed = number(ad.get("RemoteWallClockTime")), number(ad.get("CommittedTime"))
    cpus = number(ad.get("RequestCpus")) or number(ad.get("CpusProvisioned"))
    core = None if wall is None else wall * (cpus or 1)
    committed_core = None if committed is None else committed * (cpus or 1)
    cpu, is_of_all = _cpu(ad)
    resident = number(ad.get("ResidentSetSize"))
    used = whole(ad.get("MemoryUsage"))
    return {
        "cpus": cpus,
        "asked_mb": whole(ad.get("RequestMemory")),
        "used_mb": math.ceil(resident / 1024) if used is None and resident is not None else used,
        "used_disk_kb": whole(ad.get("DiskUsage")),
        "wall_s": wall,
        "core_s": core,
        "committed_core_s": committed_core,
        "cpu_s": cpu,
        "cpu_core_s": core if is_of_all else committed_core,
    }


def _cpu(ad: Ad) -> tuple[float | None, bool]:
    """Processor time, and whether that is of all runs: where no sum is told, evicted ones are not in it."""
    ran_once = (number(ad.get("NumJobStarts")) or 0) <= 1
    for prefix, is_of_all in (("CumulativeRemote", True), ("Remote", ran_once)):
        parts = [number(ad.get(f"{prefix}{part}Cpu")) for part in ("User", "Sys")]
        told = [part for part in parts if part is not None]
        if told:
            return float(sum(told)), is_of_all
    return None, True


def _outcome(ad: Ad) -> dict[str, Any]:
    is_held = whole(ad.get("JobStatus")) == HELD
    prefix = "Hold" if is_held else "Vacate"
    why = ad.get("HoldReason") if is_held else ad.get("RemoveReason") or ad.get("VacateReason")
    by_signal = truth(ad.get("ExitBySignal"))
    return {
        "starts": whole(ad.get("NumJobStarts"), MEDIUM),
        "holds": whole(ad.get("NumHolds"), MEDIUM),
        "exit_code": None if by_signal else whole(ad.get("ExitCode")),
        "exit_signal": whole(ad.get("ExitSignal"), MEDIUM) if by_signal else None,
        "reason_code": whole(ad.get(f"{prefix}ReasonCode"), MEDIUM),
        "reason_subcode": whole(ad.get(f"{prefix}ReasonSubCode")),
        "reason": text(why, 500),
    }
