"""What is told of a task in three columns: what it is, how far it has come, what its jobs ask for."""

from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain import tasks as rules
from bigpandamon_core.payloads.jobs_links import can_be_asked_for
from bigpandamon_core.payloads.tables import Fact, fact, moment_text
from bigpandamon_core.payloads.task import OneTask
from bigpandamon_core.payloads.task_records import progress


def facts(task: OneTask, rest: str = "") -> list[dict[str, Any]]:
    """rest: when what is left may be done, in words."""
    return [
        {"title": "What", "rows": _what(task)},
        {"title": "How far", "rows": _how_far(task, rest)},
        {"title": "Its jobs ask for", "rows": _asks_for(task)},
    ]


def _tasks(task: OneTask, **conditions: Any) -> str:
    """The address of tasks that share something with this one, "" if no request may ask for it."""
    if any(value in (None, "") or not can_be_asked_for(str(value)) for value in conditions.values()):
        return ""
    return f"{task.call.root}tasks/?{urlencode(conditions)}"


def _what(task: OneTask) -> list[Fact]:
    row = task.row
    user = "" if task.call.privacy.hides_names else _tasks(task, **{"username.is": row["username"]})
    kind = " · ".join(text for text in (row["prodsourcelabel"], row["processingtype"]) if text)
    return [
        fact("User", row["username"], user),
        fact("Group", row["workinggroup"], _tasks(task, workinggroup=row["workinggroup"])),
        fact("Category", rules.category(row["tasktype"], row["workinggroup"])),
        fact("Kind of work", kind),
        fact("Request", row["reqid"], _tasks(task, reqid=row["reqid"])),
        fact("Campaign", row["campaign"], _tasks(task, **{"campaign.is": row["campaign"]})),
        fact("Share", row["gshare"]),
        fact("Release", row["transhome"]),
        fact("Payload", row["transpath"]),
        fact("Container", row["container_name"]),
        fact("Submitted by", row["framework"]),
        fact("Cloud", row["cloud"]),
        fact("Nucleus", row["nucleus"]),
        fact("Site asked for", row["site"]),
    ]


def _how_far(task: OneTask, rest: str) -> list[Fact]:
    row, done = task.row, progress(task.sums, task.output_events)
    files = f"{done['nfilesfinished']:,} of {done['nfiles']:,} finished" if task.sums else ""
    events = f"{done['neventsUsedTot']:,} of {done['neventsTot']:,} used" if done["neventsTot"] else ""
    failed = f"{done['nfilesfailed']:,}" if done["nfilesfailed"] else ""
    return [
        fact("Request state", row["superstatus"]),
        fact("Before this state", row["oldstatus"]),
        fact("Input files", files, note=f"{done['pctfinished']} %" if files else ""),
        fact("Files failed", failed, note=f"{done['pctfailed']} %", bad=True),
        fact("The rest is done", rest),
        fact("Input events", events),
        fact("Events written", done["neventsOutput"] or ""),
        fact("Created", moment_text(row["creationdate"])),
        fact("Started", moment_text(row["starttime"])),
        fact("Ended", moment_text(row["endtime"])),
        fact("State since", moment_text(row["statechangetime"])),
        fact("Age", f"{rules.age_days(row['creationdate'], task.call.now):g} d"),
        fact("Attempt", row["attemptnr"]),
    ]


def _asks_for(task: OneTask) -> list[Fact]:
    row = task.row
    return [
        fact("Priority", row["currentpriority"], note=f"of {row['taskpriority']} asked for"),
        fact("Cores", row["corecount"] if row["corecount"] is not None else 1),
        fact("Resource", row["resourcetype"]),
        fact("Memory", _amount(row["ramcount"], row["ramunit"])),
        fact("Wall time", _amount(row["walltime"], row["walltimeunit"])),
        fact("CPU time", _amount(row["cputime"], row["cputimeunit"])),
        fact("CPU efficiency", f"{row['cpuefficiency']} %" if row["cpuefficiency"] is not None else ""),
        fact("Disk for output", _amount(row["outdiskcount"], row["outdiskunit"])),
        fact("Disk for work", _amount(row["workdiskcount"], row["workdiskunit"])),
        fact("I/O", _amount(row["iointensity"], row["iointensityunit"])),
        fact("Disk I/O", _amount(row["diskio"], row["diskiounit"])),
        fact("Split by", row["splitrule"]),
    ]


def _amount(count: Any, unit: Any) -> str:
    return "" if count is None else " ".join(str(part) for part in (count, unit) if part not in (None, ""))
