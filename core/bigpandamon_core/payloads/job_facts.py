"""What is told of a job in three columns: what it is, where it ran, what it used."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain import jobs as job_rules
from bigpandamon_core.domain.states import FINAL
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.harvester import instance_url
from bigpandamon_core.payloads.job import OneJob
from bigpandamon_core.payloads.job_rates import hours_before
from bigpandamon_core.payloads.jobs_links import can_be_asked_for
from bigpandamon_core.payloads.sites import site_url
from bigpandamon_core.payloads.tables import Fact, fact
from bigpandamon_core.payloads.workers import worker_url

KB_PER_GB = 1024 * 1024


def facts(job: OneJob) -> list[dict[str, Any]]:
    return [
        {"title": "What", "rows": _what(job)},
        {"title": "Where", "rows": _where(job)},
        {"title": "Used", "rows": _used(job)},
    ]


def _jobs(job: OneJob, **conditions: Any) -> str:
    """The address of jobs that share something with this one, "" if no request may ask for it. The usual
    window where that has this job, else the hours up to its end."""
    if not all(can_be_asked_for(str(value)) for value in conditions.values()):
        return ""
    asked = conditions | _window(job, is_lifted="jeditaskid" in conditions)
    return f"{job.call.root}jobs/?{urlencode(asked)}"


def _task(job: OneJob, number: int) -> str:
    """The task's own page, or its jobs where there is none."""
    if job.task and _has_page(job.call, number):
        return f"{job.call.root}task/{number}/"
    return _jobs(job, jeditaskid=number)


def _has_page(call: Call, jeditaskid: int) -> bool:
    """Whether the task is shown there: inside a plugin's scope for tasks."""
    return call.is_core or (call.shows("tasks") and scope.one_task(call, jeditaskid) is not None)


def _queue(job: OneJob) -> str:
    """The queue's own page, or its jobs where there is none."""
    queue = job.row["computingsite"]
    return (site_url(job.call, queue) if job.queue else "") or _jobs(job, **{"computingsite.is": queue})


def _window(job: OneJob, is_lifted: bool) -> dict[str, str | None]:
    """Live jobs are in every window that ends now. is_lifted: the usual one is that of jobs of a task."""
    option, changed = job.call.option, job.row["modificationtime"]
    days, hours = option("jobs.lookback_days"), option("jobs.window_hours")
    usual = timedelta(days=days) if is_lifted else timedelta(hours=hours)
    ended = changed is not None and job.state in FINAL
    return hours_before(changed) if ended and changed < job.call.now - usual else {}


def _what(job: OneJob) -> list[Fact]:
    row = job.row
    task = _task(job, row["jeditaskid"]) if row["jeditaskid"] else ""
    kind = " · ".join(text for text in (row["prodsourcelabel"], row["processingtype"]) if text)
    user = "" if job.call.privacy.hides_names else _jobs(job, **{"produsername.is": row["produsername"]})
    return [
        fact("Task", row["jeditaskid"], task, job.task["status"] if job.task else ""),
        fact("Task name", job.task["taskname"] if job.task else ""),
        fact("User", row["produsername"], user),
        fact("Activity", kind),
        fact("Payload", job_rules.last_part(row["transformation"])),
        fact("Release", " ".join(text for text in (row["atlasrelease"], row["homepackage"]) if text)),
        fact("Working group", row["workinggroup"]),
        fact("Share", row["gshare"]),
        _priority(row),
        fact("Attempt", row["attemptnr"], note=f"at most {row['maxattempt']}" if row["maxattempt"] else ""),
        fact("Sub-status", row["jobsubstatus"]),
    ]


def _priority(row: dict[str, Any]) -> Fact:
    current, assigned = row["currentpriority"], row["assignedpriority"]
    return fact("Priority", current, note=f"was {assigned}" if assigned != current else "")


def _where(job: OneJob) -> list[Fact]:
    row, node = job.row, job_rules.node(job.row["modificationhost"])
    queue = row["computingsite"]
    on_node = _jobs(job, **{"computingsite.is": queue, "wn.is": node}) if queue else ""
    return [
        fact("Queue", queue, _queue(job), str(job.queue.get("status") or "")),
        fact("Cloud", row["cloud"]),
        fact("Gateway", row["computingelement"]),
        fact("Node", "" if node == job_rules.UNKNOWN_NODE else node, on_node),
        fact("Batch id", row["batchid"]),
        fact("Submitted by", job_rules.harvester_instance(row["schedulerid"])),
        fact("Pilot", job_rules.pilot_version(row["pilotid"])),
        fact("CPU", (row["cpuconsumptionunit"] or "").removeprefix("s+")),
        fact("Nucleus", row["nucleus"]),
        fact("Destination", row["destinationse"]),
        fact("Container", row["container_name"]),
    ]


def _used(job: OneJob) -> list[Fact]:
    row = job.row
    ran = job_rules.duration_seconds(job.state, row["starttime"], row["endtime"], job.call.now)
    cores = row["actualcorecount"] or row["corecount"]
    consumed = float(row["cpuconsumptiontime"] or 0)
    efficiency = job_rules.cpu_efficiency(consumed, ran, cores)
    efficient = f"{efficiency:.0%} efficient" if efficiency is not None else ""
    inputs = f"{row['ninputdatafiles']} files" if row["ninputdatafiles"] else ""
    return [
        fact("Cores", cores, note=f"asked for {row['corecount']}" if row["corecount"] else ""),
        fact("Ran", _hours(ran)),
        _against_limit("Wall time", ran, row["maxwalltime"], _hours),
        fact("CPU time", _hours(int(consumed)), note=efficient),
        _memory(row),
        fact("Swap", _gigabytes(row["maxswap"])),
        fact("Disk asked for", f"{row['maxdiskcount']} MB" if row["maxdiskcount"] else ""),
        fact("Input", _megabytes(row["inputfilebytes"]), note=inputs),
        fact("Output", _megabytes(row["outputfilebytes"])),
        fact("Events", row["nevents"] or ""),
        fact("CO₂", f"{float(row['gco2_global']):.0f} g" if row["gco2_global"] else ""),
    ]


def _against_limit(label: str, used: int, limit: int | None, told: Any) -> Fact:
    if not limit or not used:
        return fact(label + " limit", told(limit) if limit else "")
    return fact(label, f"{100 * used / limit:.0f} % of the limit", note=told(limit), bad=used > limit)


def _memory(row: dict[str, Any]) -> Fact:
    """Peak memory against what was asked for (minramcount, MB for the whole job)."""
    peak, asked = row["maxpss"] or row["maxrss"], row["minramcount"]
    if not peak:
        return fact("Memory asked for", f"{asked / 1000:.1f} GB" if asked else "")
    over = bool(asked) and peak / 1024 > asked
    return fact("Peak memory", _gigabytes(peak), note=f"of {asked / 1000:.1f} GB" if asked else "", bad=over)


def _gigabytes(kilobytes: int | None) -> str:
    return f"{kilobytes / KB_PER_GB:.2f} GB" if kilobytes else ""


def _megabytes(size: int | None) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size else ""


def _hours(seconds: int) -> str:
    if not seconds:
        return ""
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {seconds % 60:02d} s"


def worker_facts(job: OneJob) -> list[Fact]:
    """The batch worker that ran the job, the newest of several."""
    if not job.workers:
        return []
    worker, linked = job.workers[0], job.call.shows("workers")
    name = str(worker["harvesterid"] or "")
    return [
        fact("Instance", worker["harvesterid"], instance_url(job.call, name) if linked else ""),
        fact(
            "Worker",
            worker["workerid"],
            worker_url(job.call, worker) if linked else "",
            note=f"and {len(job.workers) - 1} more" if len(job.workers) > 1 else "",
        ),
        fact("State", worker["status"], note=worker["nativestatus"] or ""),
        fact("Batch id", worker["batchid"]),
        fact("Batch queue", worker["queuename"]),
        fact("Gateway", worker["computingelement"]),
        fact("Submitted", worker["submittime"]),
        fact("Said", worker["diagmessage"]),
    ]


def queue_facts(job: OneJob) -> list[Fact]:
    """What the queue's definition says about limits."""
    names = (
        "status",
        "state",
        "type",
        "resource_type",
        "corecount",
        "maxrss",
        "maxtime",
        "maxwdir",
        "cloud",
        "comment",
    )
    return [fact(name, job.queue[name]) for name in names if job.queue.get(name) not in (None, "")]
