"""Data sets of tasks as lists of records."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from bigpandamon_core.domain import dataset_requests
from bigpandamon_core.domain.datasets import STATES, dataset_group, scope_of, without_scope
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.columns import Offered
from bigpandamon_core.payloads.of_tasks import RecordsOfTasks, refuse_unnarrowed
from bigpandamon_core.payloads.records import Listing, Row
from bigpandamon_core.payloads.task_records import dataset
from bigpandamon_core.payloads.tasks import percent
from bigpandamon_core.queries import dataset_records
from bigpandamon_core.queries.tasks import DATASET_COLUMNS

COLUMNS = Offered(
    (
        Column("datasetid", "Data set", "mono", "datasetid"),
        Column("datasetname", "Name", "text", "datasetname"),
        Column("jeditaskid", "Task", "mono", "jeditaskid"),
        Column("type", "Type", "text", "type"),
        Column("status", "State", "state", "status"),
        Column("nfiles", "Files", "number", "nfiles"),
        Column("done", "Done", "percent"),
        Column("nfilesfinished", "Finished", "number", "nfilesfinished"),
        Column("nfilesfailed", "Failed", "number", "nfilesfailed"),
        Column("nfilesonhold", "On hold", "number", "nfilesonhold"),
        Column("nevents", "Events", "number", "nevents"),
        Column("neventsused", "Used", "number", "neventsused"),
        Column("jobs", "Jobs", "text"),
    ),
    (
        Column("containername", "Container", "text", "containername"),
        Column("streamname", "Stream", "text", "streamname"),
        Column("masterid", "Master", "mono", "masterid"),
        Column("nfilestobeused", "To be used", "number", "nfilestobeused"),
        Column("nfilesused", "Used files", "number", "nfilesused"),
        Column("nfileswaiting", "Waiting", "number", "nfileswaiting"),
        Column("nfilesmissing", "Missing", "number", "nfilesmissing"),
        Column("site", "Site", "text", "site"),
        Column("destination", "Destination", "text", "destination"),
        Column("storagetoken", "Storage token", "text", "storagetoken"),
        Column("creationtime", "Created", "time"),
        Column("modificationtime", "Modified", "time"),
    ),
    "datasets",
)
NARROW = ("datasetid", "jeditaskid", "type", "status", "nfiles", "nfilesfinished", "datasetname")
_IDENTITY = ("datasetid", "jeditaskid")


def identity(row: Row) -> str:
    """What a request tells a data set by."""
    return urlencode({"jeditaskid": row["jeditaskid"], "datasetid": row["datasetid"]})


def dataset_url(call: Call, row: Row) -> str:
    """The address of a data set's page, "" where it has none."""
    return "" if not call.shows("datasets") else f"{call.root}dataset/?{identity(row)}"


def files_url(call: Call, row: Row, **more: str) -> str:
    """The address of the list of its files, "" where there is none."""
    told = f"{call.root}files/?{identity(row)}" + (f"&{urlencode(more)}" if more else "")
    return told if call.shows("files") else ""


def jobs_url(call: Call, row: Row) -> str:
    """The address of the jobs that read or wrote its files."""
    return f"{call.root}jobs/?{identity(row)}&mode=nodrop"


def done(row: Row) -> int | None:
    """Percent of its files that are finished, None without files."""
    files = row["nfiles"] or 0
    return percent(row["nfilesfinished"] or 0, files) if files > 0 else None


def _number(call: Call, row: Row) -> Cell:
    return cell("mono", row["datasetid"], dataset_url(call, row))


def _name(call: Call, row: Row) -> Cell:
    return cell("text", row["datasetname"], dataset_url(call, row))


def _task(call: Call, row: Row) -> Cell:
    return cell("mono", row["jeditaskid"], f"{call.root}task/{row['jeditaskid']}/")


def _files(call: Call, row: Row) -> Cell:
    return cell("number", row["nfiles"], files_url(call, row))


def _done(_call: Call, row: Row) -> Cell:
    return cell("percent", done(row))


def _jobs(call: Call, row: Row) -> Cell:
    return cell("text", "jobs", jobs_url(call, row))


LISTING = Listing(
    title="Data sets",
    record="data set",
    noun=lambda _call: dataset_requests.noun(),
    source=dataset_records.DATASETS,
    columns=COLUMNS,
    narrow=NARROW,
    person=("jeditaskid",),
    made_of={
        "datasetname": ("datasetname", *_IDENTITY),
        "nfiles": ("nfiles", *_IDENTITY),
        "done": ("nfiles", "nfilesfinished"),
        "jobs": _IDENTITY,
    },
    cells={
        "datasetid": _number,
        "datasetname": _name,
        "jeditaskid": _task,
        "nfiles": _files,
        "done": _done,
        "jobs": _jobs,
    },
    groups={"status": dataset_group},
    states=("status", STATES),
)


class Datasets(RecordsOfTasks):
    """Data sets of a task or a container.

    Raises:
        Problem: from the constructor: neither is named, or as Records.
    """

    def __init__(self, call: Call):
        super().__init__(call, LISTING)
        names = dataset_requests.NARROWING
        refuse_unnarrowed(self.selection.condition, names, names, body=[])


def compatible(datasets: Datasets) -> Iterator[Mapping[str, object]]:
    """`/datasets/` as the BigPanDA JSON API gives it: names without their scope, and that beside."""
    for row in datasets.rows(DATASET_COLUMNS, datasets.selection.limit):
        name = str(row["datasetname"] or "")
        yield dataset(row) | {"datasetname": without_scope(name), "scope": scope_of(name)}
