"""Names of attributes: their usual spelling whatever case they come in, and those of 2014 as ClassAd names.

Source: PanDAWMS/panda-bigmon-core-old (table jobshtcondor) and PanDAWMS/panda-bigmon-htcondor.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Any

from bigpandamon_htcondor.attributes import moment, number, whole
from bigpandamon_htcondor.states import LETTERS

USUAL = {
    name.lower(): name
    for name in """GlobalJobId ScheddName ClusterId ProcId JobUniverse JobStatus LastJobStatus ServerTime
    EventTime LastModified EnteredCurrentStatus QDate JobStartDate JobCurrentStartDate CompletionDate
    ExitBySignal ExitCode ExitSignal Owner User AccountingGroup AcctGroup ProjectName MATCH_APF_QUEUE
    PandaQueue ComputingSite Factory APFFID MATCH_GLIDEIN_Site MATCH_EXP_JOBGLIDEIN_ResourceName
    GridResource RemoteHost LastRemoteHost JobBatchName DAGManJobId DAGNodeName harvesterID
    harvesterWorkerID RemoteWallClockTime CommittedTime RequestCpus CpusProvisioned ResidentSetSize
    MemoryUsage RequestMemory DiskUsage CumulativeRemoteUserCpu CumulativeRemoteSysCpu RemoteUserCpu
    RemoteSysCpu HoldReason HoldReasonCode HoldReasonSubCode VacateReason VacateReasonCode
    VacateReasonSubCode RemoveReason NumJobStarts NumHolds ShadowBday wmsid Removed Environment Args
    ImageSize JobPrio Cmd GTAG Err""".split()
}
"""What columns are made of."""
KIB_PER_MB = 1024
Turn = Callable[[Any], Any]


def _seconds(value: Any) -> Any:
    """Unix seconds; what is no time stays as it is."""
    found = moment(value)
    return int(found.replace(tzinfo=UTC).timestamp()) if found else value


def _kib(value: Any) -> Any:
    size = number(value)
    return value if size is None else int(size * KIB_PER_MB)


def _status(letter: Any) -> Any:
    return LETTERS.get(str(letter).strip()[:1].upper(), letter)


def _same(value: Any) -> Any:
    return value


OF_2014: Mapping[str, tuple[str, Turn]] = {
    "owner": ("Owner", _same),
    "submitted": ("QDate", _seconds),
    "run_time": ("RemoteWallClockTime", _same),
    "st": ("JobStatus", _status),
    "pri": ("JobPrio", _same),
    "size": ("ImageSize", _kib),
    "cmd": ("Cmd", _same),
    "host": ("RemoteHost", _same),
    "cpu_time": ("RemoteUserCpu", _same),
    "p_start_time": ("JobStartDate", _seconds),
    "p_end_time": ("CompletionDate", _seconds),
    "p_modif_time": ("LastModified", _seconds),
    "p_factory": ("Factory", _same),
    "p_schedd": ("ScheddName", _same),
    "p_stdout": ("GTAG", _same),
    "p_stderr": ("Err", _same),
    "start_time": ("JobStartDate", _seconds),
    "end_time": ("CompletionDate", _seconds),
    "last_modified": ("LastModified", _seconds),
    "schedd": ("ScheddName", _same),
}
"""By a name of 2014 its ClassAd name, and how a value becomes one of it. All others keep their name."""


def usual(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record under the usual names, whichever spelling it came in."""
    told: dict[str, Any] = {}
    for name, value in record.items():
        lowered = name.lower()
        usual_name, turned = OF_2014.get(lowered) or (USUAL.get(lowered, name), _same)
        told[usual_name] = turned(value)
    cluster, dot, process = str(told.get("condorid") or "").partition(".")
    if dot and "ClusterId" not in told:
        told |= {"ClusterId": whole(cluster), "ProcId": whole(process)}
    return told


def merged(old: Mapping[str, Any], new: Mapping[str, Any], newer: bool) -> dict[str, Any]:
    """Two records of one job as one. newer: new values take the place of old ones, and null undoes one, which
    is kept in mind; else they only fill gaps. Names ignore case, the spelling that came first stays."""
    spelt = {name.lower(): name for name in old}
    result = dict(old)
    for name, value in new.items():
        place = spelt.get(name.lower(), name)
        if newer or place not in result:
            result[place] = value
    return result


def panda_ids(value: Any) -> list[int]:
    """The PanDA jobs that `wmsid` names: one number, several with commas, or a list.

    Raises:
        ValueError: it names something else.
    """
    parts: Iterable[Any] = (
        value if isinstance(value, list) else str("" if value is None else value).split(",")
    )
    found = [str(part).strip() for part in parts]
    wrong = [part for part in found if part and not (part.isdecimal() and len(part) < 19)]
    if wrong:
        raise ValueError(f"'{wrong[0][:40]}' is no PanDA job")
    return sorted({int(part) for part in found if part})
