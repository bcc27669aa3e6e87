"""The columns of a table of jobs: the usual ones and those on offer beside them."""

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.payloads.columns import Offered

USUAL = (
    Column("pandaid", "PanDA id", "mono", "pandaid"),
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
OFFERED = Offered(USUAL, FURTHER, "jobs")
