"""Harvester workers as lists of records."""

from urllib.parse import urlencode

from bigpandamon_core.domain import worker_requests
from bigpandamon_core.domain import workers as rules
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.nouns import Noun
from bigpandamon_core.payloads import tabs
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.columns import Offered
from bigpandamon_core.payloads.harvester import harvester_cell
from bigpandamon_core.payloads.records import Listing, Records, Row
from bigpandamon_core.queries import workers as queries

COLUMNS = Offered(
    (
        Column("workerid", "Worker", "mono", "workerid"),
        Column("harvesterid", "Harvester", "text", "harvesterid"),
        Column("status", "State", "state", "status"),
        Column("pilotstatus", "Pilot", "text", "pilotstatus"),
        Column("computingsite", "Queue", "text", "computingsite"),
        Column("computingelement", "Gateway", "text", "computingelement"),
        Column("njobs", "Jobs", "number", "njobs"),
        Column("submittime", "Submitted", "time", "submittime"),
        Column("starttime", "Started", "time", "starttime"),
        Column("endtime", "Ended", "time", "endtime"),
        Column("diagmessage", "Said last", "error"),
    ),
    (
        Column("lastupdate", "Updated", "time", "lastupdate"),
        Column("batchid", "Batch id", "mono", "batchid"),
        Column("nodeid", "Node", "text", "nodeid"),
        Column("resourcetype", "Resource", "text", "resourcetype"),
        Column("jobtype", "Activity", "text", "jobtype"),
        Column("ncore", "Cores", "number", "ncore"),
        Column("errorcode", "Error code", "number", "errorcode"),
        Column("nativestatus", "Batch state", "text", "nativestatus"),
        Column("nativeexitcode", "Batch exit code", "number", "nativeexitcode"),
        Column("submissionhost", "Submission host", "text", "submissionhost"),
    ),
    "workers",
)
NARROW = ("workerid", "harvesterid", "status", "computingsite", "submittime")


def noun(_call: Call) -> Noun:
    """Workers as requests see them there."""
    return worker_requests.noun()


def worker_url(call: Call, row: Row) -> str:
    """The address of a worker's page."""
    named = {"harvesterid": row["harvesterid"], "workerid": row["workerid"]}
    return f"{call.root}harvester/worker/?{urlencode(named)}"


def jobs_url(call: Call, row: Row) -> str:
    """The address of the jobs that a worker took."""
    named = {"workerid": row["workerid"], "harvesterid": row["harvesterid"], "mode": "nodrop"}
    return f"{call.root}jobs/?{urlencode(named)}"


def _number(call: Call, row: Row) -> Cell:
    return cell("mono", row["workerid"], worker_url(call, row))


LISTING = Listing(
    title="Workers",
    record="worker",
    noun=noun,
    source=queries.WORKERS,
    columns=COLUMNS,
    narrow=NARROW,
    made_of={"workerid": ("workerid", "harvesterid")},
    cells={"workerid": _number, "harvesterid": harvester_cell},
    groups={"status": rules.worker_group},
    states=("status", rules.STATES),
    more_of_page=tabs.harvester,
)


class Workers(Records):
    """Workers of a selection."""

    def __init__(self, call: Call):
        super().__init__(call, LISTING)
