"""Batch jobs as JSON: under their ClassAd names in the API, under those of 2014 for programs of that time."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bigpandamon_core.plugin import Call
from bigpandamon_htcondor.hiding import said
from bigpandamon_htcondor.models import BatchJob, PandaLink
from bigpandamon_htcondor.states import COMPLETED, FAILED, LETTERS, STATES

STATUS = {state: number for number, state in STATES.items()} | {FAILED: COMPLETED}
LETTER = {number: letter for letter, number in reversed(LETTERS.items())}
NAMES: Mapping[str, str] = {
    "GlobalJobId": "globaljobid", "ScheddName": "schedd", "JobId": "batchid", "State": "state",
    "EnteredCurrentStatus": "entered", "QDate": "queued", "JobStartDate": "started",
    "CompletionDate": "ended", "ServerTime": "observed", "Received": "received",
    "Removed": "removed", "Owner": "owner",
    "AccountingGroup": "accounting", "JobUniverse": "universe", "MATCH_APF_QUEUE": "queue",
    "Factory": "factory", "Site": "site", "RemoteHost": "node", "JobBatchName": "batchname",
    "DAGManJobId": "dag", "DAGNodeName": "dagnode", "harvesterID": "harvesterid",
    "harvesterWorkerID": "workerid", "RequestCpus": "cpus", "RequestMemory": "asked_mb",
    "MemoryUsage": "used_mb", "DiskUsage": "used_disk_kb", "RemoteWallClockTime": "wall_s",
    "CpuTime": "cpu_s", "NumJobStarts": "starts", "NumHolds": "holds", "ExitCode": "exit_code",
    "ExitSignal": "exit_signal", "ReasonCode": "reason_code", "ReasonSubCode": "reason_subcode",
    "Reason": "reason",
}  # fmt: skip
"""What the API tells, by ClassAd name where there is one; times are Unix seconds, units those of ClassAds."""
FIELDS_2014 = (
    "condorid", "status", "manager", "executable", "goodput", "cpu_util", "mbps", "read_", "write_", "seek",
    "xput", "bufsize", "blocksize", "p_description",
)  # fmt: skip
"""Fields of 2014 that are kept as they came."""


def seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.replace(tzinfo=UTC).timestamp())


def _plain(value: Any) -> Any:
    return seconds(value) if isinstance(value, datetime) else None if value == "" else value


def pandaids(jobs: Iterable[BatchJob]) -> dict[str, list[int]]:
    """By job the PanDA jobs that it ran."""
    found: dict[str, list[int]] = {}
    named = [one.globaljobid for one in jobs]
    links = PandaLink.objects.filter(globaljobid__in=named).order_by("pandaid") if named else ()
    for link in links:
        found.setdefault(link.globaljobid, []).append(link.pandaid)
    return found


def told(job: BatchJob, call: Call) -> dict[str, Any]:
    """A job under its ClassAd names."""
    row = {name: _plain(getattr(job, column)) for name, column in NAMES.items()}
    row |= {"JobStatus": STATUS.get(job.state), "Owner": call.privacy.name(job.owner) or None}
    row["Reason"] = reason(job, call) or None
    return row | (dict.fromkeys(("AccountingGroup", "JobBatchName")) if call.privacy.hides_names else {})


def reason(job: BatchJob, call: Call) -> str:
    """Why it is held or gone."""
    return said(job.reason, job.owner, call)


def rows(jobs: Iterable[BatchJob], call: Call) -> list[dict[str, Any]]:
    """Jobs under their ClassAd names, with the PanDA jobs they ran as `wmsid`."""
    listed = list(jobs)
    links = pandaids(listed)
    return [
        told(job, call) | {"wmsid": ",".join(map(str, links.get(job.globaljobid, []))) or None}
        for job in listed
    ]


def gone(job: BatchJob) -> str:
    """That a job is not there any more, whatever its state was; "" of others."""
    return (
        f"Its source does not have it any more, since {job.removed:%d %b %Y %H:%M} UTC."
        if job.removed
        else ""
    )


def of_2014(job: BatchJob, call: Call) -> dict[str, Any]:
    """A job under the names of 2014, but for its wmsid."""
    ad = json.loads(job.attributes)
    size = ad.get("ImageSize")
    return {
        "globaljobid": job.globaljobid,
        **{name: _of_them(ad.get(name), job.owner, call) for name in FIELDS_2014},
        "condorid": ad.get("condorid") or job.batchid or None,
        "owner": call.privacy.name(job.owner) or None,
        "submitted": _date(job.queued),
        "run_time": None if job.wall_s is None else int(job.wall_s),
        "st": LETTER.get(STATUS.get(job.state, 0)),
        "pri": ad.get("JobPrio"),
        "size": size / 1024 if isinstance(size, int | float) else None,
        "host": job.node or None,
        "cpu_time": job.cpu_s,
        "removed": int(job.removed is not None),
        "p_start_time": _date(job.started),
        "p_end_time": _date(job.ended),
        "p_modif_time": _date(job.observed),
        "p_factory": job.factory or None,
        "p_schedd": job.schedd or None,
    }


def _of_them(value: Any, owner: str, call: Call) -> Any:
    """What came as it is, but for what nobody is told; nothing where names are hidden."""
    if call.privacy.hides_names:
        return None
    return said(value, owner, call) if isinstance(value, str) else value


def pairs_of_2014(jobs: Iterable[BatchJob], call: Call) -> list[dict[str, Any]]:
    """One object a job and PanDA job: the key of 2014 is that pair."""
    listed = list(jobs)
    links = pandaids(listed)
    return [
        {"wmsid": one} | of_2014(job, call) for job in listed for one in links.get(job.globaljobid, [None])
    ]


def _date(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d %H:%M:%SZ}" if moment else None


def of_rest(job: BatchJob, call: Call, links: Mapping[str, list[int]]) -> dict[str, Any]:
    """A job as the REST successor tells it."""
    return {
        "id": job.globaljobid,
        "GlobalJobId": job.globaljobid,
        "wmsid": ",".join(map(str, links.get(job.globaljobid, []))),
        "factory": job.factory,
        "Schedd": job.schedd,
        "submitted": _date(job.queued),
        "last_modified": _date(job.observed),
        "start_time": _date(job.started),
        "end_time": _date(job.ended),
        "state": job.state,
        "JobStatus": STATUS.get(job.state),
        "EnteredCurrentStatus": seconds(job.entered),
        "Owner": call.privacy.name(job.owner),
    }
