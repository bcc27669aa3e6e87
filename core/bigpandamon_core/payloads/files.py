"""Files of data sets as lists of records."""

from urllib.parse import urlencode

from bigpandamon_core.domain import file_requests
from bigpandamon_core.domain import files as rules
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import written
from bigpandamon_core.domain.privacy import is_told_otherwise
from bigpandamon_core.domain.states import file_group
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.columns import Offered
from bigpandamon_core.payloads.datasets import dataset_url
from bigpandamon_core.payloads.of_tasks import RecordsOfTasks, lacking, refuse_unnarrowed
from bigpandamon_core.payloads.records import Listing, Row
from bigpandamon_core.queries import dataset_records

COLUMNS = Offered(
    (
        Column("fileid", "File", "mono", "fileid"),
        Column("lfn", "Name", "text", "lfn"),
        Column("datasetid", "Data set", "mono", "datasetid"),
        Column("type", "Type", "text", "type"),
        Column("status", "State", "state", "status"),
        Column("procstatus", "Processing", "text", "procstatus"),
        Column("attemptnr", "Attempts", "number", "attemptnr"),
        Column("maxattempt", "at most", "number", "maxattempt"),
        Column("failedattempt", "Failed", "number", "failedattempt"),
        Column("nevents", "Events", "number", "nevents"),
        Column("fsize", "Size", "size", "fsize"),
        Column("pandaid", "Last job", "mono", "pandaid"),
        Column("lastattempttime", "Last attempt", "time"),
    ),
    (
        Column("jeditaskid", "Task", "mono", "jeditaskid"),
        Column("scope", "Scope", "text", "scope"),
        Column("guid", "GUID", "mono", "guid"),
        Column("maxfailure", "Most failures", "number", "maxfailure"),
        Column("startevent", "First event", "number", "startevent"),
        Column("endevent", "Last event", "number", "endevent"),
        Column("lumiblocknr", "Lumi block", "number", "lumiblocknr"),
        Column("ramcount", "Memory", "number", "ramcount"),
        Column("checksum", "Checksum", "mono", "checksum"),
        Column("creationdate", "Created", "time"),
    ),
    "files",
)
NARROW = ("fileid", "type", "status", "attemptnr", "maxattempt", "nevents", "pandaid", "lfn")
_IDENTITY = ("jeditaskid", "datasetid", "fileid")


def file_url(call: Call, row: Row) -> str:
    """The address of a file's page; "" where nothing tells the file that somebody could ask by."""
    if None in (row["fileid"], row["jeditaskid"]):
        name = str(row["lfn"] or "")
        can_ask = name and not is_told_otherwise(name)
        return f"{call.root}file/?{urlencode({'lfn': written('lfn', name)})}" if can_ask else ""
    return f"{call.root}file/?{urlencode({name: row[name] for name in _IDENTITY})}"


def jobs_url(call: Call, row: Row) -> str:
    """The address of the jobs that read or wrote it."""
    return f"{call.root}jobs/?{urlencode({name: row[name] for name in _IDENTITY})}&mode=nodrop"


def job_cell(call: Call, pandaid: int | None) -> Cell:
    return cell("mono", pandaid, f"{call.root}job/{pandaid}/")


def task_cell(call: Call, jeditaskid: int | None) -> Cell:
    return cell("mono", jeditaskid, f"{call.root}task/{jeditaskid}/")


def state_of(row: Row) -> tuple[str, str]:
    """The state of a file in words, and its group."""
    state = str(row["status"] or "unknown")
    return (f"{state}, given up", "bad") if rules.is_given_up(row) else (state, file_group(state))


def _number(call: Call, row: Row) -> Cell:
    return cell("mono", row["fileid"], file_url(call, row))


def _name(call: Call, row: Row) -> Cell:
    return cell("text", row["lfn"], file_url(call, row))


def _dataset(call: Call, row: Row) -> Cell:
    return cell("mono", row["datasetid"], dataset_url(call, row))


def _state(_call: Call, row: Row) -> Cell:
    state, group = state_of(row)
    return cell("state", state) | {"state": state, "group": group}


LISTING = Listing(
    title="Files",
    record="file",
    noun=lambda _call: file_requests.noun(),
    source=dataset_records.FILES,
    columns=COLUMNS,
    narrow=NARROW,
    person=("jeditaskid",),
    made_of={
        "fileid": _IDENTITY,
        "lfn": ("lfn", *_IDENTITY),
        "datasetid": _IDENTITY,
        "status": ("status", "type", "attemptnr", "maxattempt", "failedattempt", "maxfailure"),
    },
    cells={
        "fileid": _number,
        "lfn": _name,
        "datasetid": _dataset,
        "status": _state,
        "pandaid": lambda call, row: job_cell(call, row["pandaid"]),
        "jeditaskid": lambda call, row: task_cell(call, row["jeditaskid"]),
    },
    groups={"status": file_group},
    states=("status", rules.STATES),
)


class Files(RecordsOfTasks):
    """Files of tasks or of data sets.

    Raises:
        Problem: from the constructor: neither a task nor a data set is named, or as Records.
    """

    def __init__(self, call: Call):
        super().__init__(call, LISTING)
        names = (*file_requests.OF_DATASETS, "jeditaskid")
        refuse_unnarrowed(self.selection.condition, file_requests.NARROWING, names)


class FilesOfDatasets(RecordsOfTasks):
    """Files of data sets that are named by number, for programs.

    Raises:
        Problem: from the constructor: none is named, or as Records.
    """

    def __init__(self, call: Call):
        super().__init__(call, LISTING)
        if not self.selection.has("datasetid"):
            raise lacking(("datasetid",), body={})
