"""`/job/` as the BigPanDA JSON API gives it."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain.job_columns import TIMES
from bigpandamon_core.domain.states import tells_errors
from bigpandamon_core.payloads.job import OneJob
from bigpandamon_core.payloads.job_files import job_files, task_files
from bigpandamon_core.payloads.job_records import columns, computed, error_keys

_MAIN_DATES = tuple(name for name in TIMES if name != "proddbupdatetime")
_WORKER_KEYS = {
    "workerid": "workerid", "harvesterid": "harvesterid", "batchlog": "batchlog",
    "computingelement": "computingelement", "errorcode": "errorcode", "diagmessage": "diagmessage",
}  # fmt: skip


def shape(job: OneJob) -> dict[str, Any]:
    is_event_service = bool(job.row["eventservice"])
    return {
        "job": _job(job) | (_event_service(job) if is_event_service else {}),
        "files": job_files(job.files, job.datasets, job.file_attempts),
        "dsfiles": task_files(job.task_files) if is_event_service else [],
    }


def _event_service(job: OneJob) -> dict[str, str]:
    """The parameters with which `/jobs/` lists the jobs of the same job set."""
    asked = {"jeditaskid": job.row["jeditaskid"], "jobsetid": job.row["jobsetid"], "mode": "nodrop"}
    return {"es_related_jobs_link_params": urlencode({name: value for name, value in asked.items() if value})}


def _job(job: OneJob) -> dict[str, Any]:
    row, now = job.row, job.call.now
    told = columns(row) | computed(row, now)
    if tells_errors(row["jobstatus"], row["jobsubstatus"]):
        told |= error_keys(job.errors, job.meanings)
    told |= {name: _with_blank(row[name]) for name in _MAIN_DATES}
    told["cpuconversion"] = None
    told["homecloud"] = job.queue.get("cloud")
    told["destinationse"] = _storage(job) or told["destinationse"]
    told["harvesterInfo"] = _worker(job)
    told["file_summary_str"] = _file_summary(job)
    told["days_since_creation"] = (now - row["creationtime"]).days if row["creationtime"] else None
    if job.metadata_text:
        told["metadata"] = job.metadata_text
    if job.metadata is not None:
        told |= {"metastruct": job.metadata, "metadata": json.dumps(job.metadata, indent=4)}
    return told


def _with_blank(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else None


def _storage(job: OneJob) -> str:
    tokens = (job.datasets.get(file["datasetid"] or 0, {}).get("storagetoken") for file in job.files)
    return next((str(token) for token in tokens if token), "")


def _worker(job: OneJob) -> dict[str, Any]:
    if not job.workers:
        return {}
    worker = job.workers[0]
    return {key: "" if worker[column] is None else worker[column] for key, column in _WORKER_KEYS.items()}


def _file_summary(job: OneJob) -> str:
    """How many files of each type and how large, in words."""
    by_type: dict[str, list[int]] = {}
    for file in job.files:
        by_type.setdefault(file["type"] or "file", []).append(file["fsize"] or 0)
    return ", ".join(
        f"{kind}: {len(sizes)}, size: {sum(sizes) / 1_000_000:.2f} (MB)" for kind, sizes in by_type.items()
    )
