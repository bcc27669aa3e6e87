"""The columns of a table of jobs: the usual ones, those on offer beside them, and the choice among all."""

from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.payloads.jobs import Jobs

IDENTITY = Column("pandaid", "PanDA id", "mono", "pandaid")
"""Always shown, for it leads to the job."""
USUAL = (
    IDENTITY,
    Column("jeditaskid", "Task", "mono", "jeditaskid"),
    Column("produsername", "User", "text", "produsername"),
    Column("jobstatus", "State", "state", "jobstatus"),
    Column("computingsite", "Queue", "text", "computingsite"),
    Column("corecount", "Cores", "number", "corecount"),
    Column("currentpriority", "Priority", "number", "currentpriority"),
    Column("attemptnr", "Attempt", "number", "attemptnr"),
    Column("modificationtime", "Modified", "time", "modificationtime"),
    Column("duration", "Ran", "duration"),
    Column("cpuefficiency", "CPU eff.", "percent"),
    Column("maxpss", "Peak GB", "number", "maxpss"),
    Column("error", "Error", "error"),
)
FURTHER = (
    Column("creationtime", "Created", "time", "creationtime"),
    Column("starttime", "Started", "time", "starttime"),
    Column("endtime", "Ended", "time", "endtime"),
    Column("statechangetime", "State changed", "time", "statechangetime"),
    Column("jobname", "Name", "text", "jobname"),
    Column("jobsubstatus", "Sub-status", "text", "jobsubstatus"),
    Column("prodsourcelabel", "Activity", "text", "prodsourcelabel"),
    Column("processingtype", "Kind of work", "text", "processingtype"),
    Column("transformation", "Payload", "text"),
    Column("homepackage", "Release", "text", "homepackage"),
    Column("workinggroup", "Group", "text", "workinggroup"),
    Column("gshare", "Share", "text", "gshare"),
    Column("reqid", "Request", "mono", "reqid"),
    Column("resourcetype", "Resource", "text", "resourcetype"),
    Column("actualcorecount", "Cores used", "number", "actualcorecount"),
    Column("minramcount", "Memory asked, MB", "number", "minramcount"),
    Column("cloud", "Cloud", "text", "cloud"),
    Column("nucleus", "Nucleus", "text", "nucleus"),
    Column("computingelement", "Gateway", "text", "computingelement"),
    Column("wn", "Node", "text"),
    Column("harvesterinstance", "Submitted by", "text"),
    Column("pilotversion", "Pilot", "text"),
    Column("batchid", "Batch id", "text"),
    Column("container_name", "Container", "text", "container_name"),
    Column("specialhandling", "Handling", "text", "specialhandling"),
    Column("nevents", "Events", "number", "nevents"),
    Column("ninputdatafiles", "Files in", "number", "ninputdatafiles"),
    Column("noutputdatafiles", "Files out", "number", "noutputdatafiles"),
    Column("inputfileproject", "Input project", "text", "inputfileproject"),
    Column("inputfiletype", "Input type", "text", "inputfiletype"),
)
_RIGHT = frozenset({"number", "time", "duration", "percent"})


def offered(jobs: Jobs) -> tuple[Column, ...]:
    """All there are, a plugin's own last."""
    return (*USUAL, *FURTHER, *jobs.call.more_columns)


def shown(jobs: Jobs) -> tuple[Column, ...]:
    """Those that `fields` names, in its order; the usual ones and a plugin's own without a wish."""
    by_name = {column.name: column for column in offered(jobs)}
    chosen = [by_name[name] for name in jobs.selection.fields if name in by_name]
    return tuple(dict.fromkeys((IDENTITY, *chosen))) if chosen else (*USUAL, *jobs.call.more_columns)


def head(column: Column, selection: Selection, url: str) -> dict[str, Any]:
    """A heading and the link that sorts by it."""
    sort = selection.sort[0]
    current = sort.column == column.sort
    way = "" if current and sort.descending else "-"
    return {
        "name": column.name,
        "title": column.title,
        "align": "right" if column.kind in _RIGHT else "left",
        "sort_url": f"{url}?{selection.query(('sortby',), sort=way + column.sort)}" if column.sort else "",
        "sorted": ("desc" if sort.descending else "asc") if current else "",
    }


def choice(jobs: Jobs) -> dict[str, Any]:
    """What a form needs to choose columns: those on offer, and all else that the request says."""
    selection, url = jobs.selection, jobs.call.url
    columns = [column for column in offered(jobs) if column != IDENTITY]
    names = {column.name for column in shown(jobs)}
    return {
        "columns": [{"name": c.name, "title": c.title, "shown": c.name in names} for c in columns],
        "shown": len(names),
        "offered": len(columns) + 1,
        "kept": selection.pairs("fields"),
        "url": url,
        "usual_url": f"{url}?{selection.query(('fields',))}" if selection.fields else "",
    }
