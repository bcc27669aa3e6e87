"""The files of a job as programs written for the BigPanDA JSON API expect them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.datasets import without_scope
from bigpandamon_core.domain.tasks import INPUTS
from bigpandamon_core.domain.window import ISO, iso

MB = 1_000_000
TEXTS = frozenset(
    """guid lfn type dataset status proddblock proddblocktoken dispatchdblock dispatchdblocktoken
    destinationdblock destinationdblocktoken destinationse md5sum checksum scope procstatus""".split()
)
File = Mapping[str, Any]
Names = Mapping[tuple[int, int], str]
Datasets = Mapping[int, Mapping[str, Any]]
Attempts = Mapping[tuple[int, int], tuple[int | None, Any]]


def dataset_name(file: File) -> str:
    """The data set a file belongs to: the one it was read from, or the one it goes to."""
    named = file["dataset"] or file["proddblock" if file["type"] in INPUTS else "destinationdblock"]
    return named or ""


def listed_files(of_task: Sequence[File], of_job: Sequence[File], names: Names) -> list[dict[str, Any]]:
    """The `datasets` of a job in a list: its rows in the task's file table and in its own, by type; whole MB.

    names: of datasets by (jeditaskid, datasetid).
    """
    told = [_of_task(file, names) for file in of_task] + [_of_job(file) for file in of_job]
    return sorted(told, key=lambda file: str(file["type"]))


def _of_task(file: File, names: Names) -> dict[str, Any]:
    name = names.get((file["jeditaskid"], file["datasetid"]), "")
    return _listed(file) | {"datasetname": name}


def _of_job(file: File) -> dict[str, Any]:
    return _listed(file) | {
        "datasetname": dataset_name(file),
        "oldfiletable": 1,
        "destinationdblock_vis": _short(file["destinationdblock"]),
    }


def _listed(file: File) -> dict[str, Any]:
    size = file["fsize"] or 0
    return {name: _told(name, value) for name, value in file.items()} | {
        "fsizemb": f"{size / MB:.2f}",
        "fsize": size // MB,
    }


def _told(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return "" if value is None and name in TEXTS else value


def job_files(files: Sequence[File], datasets: Datasets, attempts: Attempts) -> list[dict[str, Any]]:
    """The `files` of a job's own page: sizes in bytes, absent values ""."""
    return [_job_file(file, datasets, attempts) for file in files]


def _job_file(file: File, datasets: Datasets, attempts: Attempts) -> dict[str, Any]:
    dataset = datasets.get(file["datasetid"] or 0, {})
    maxattempt, created = attempts.get((file["datasetid"], file["fileid"]), (None, None))
    name = str(dataset.get("datasetname") or dataset_name(file))
    told = dict(file) | {
        "fsize": file["fsize"] or 0,
        "fsizemb": round((file["fsize"] or 0) / MB, 2),
        "creationdate": created,
        "datasetname": name,
        "ruciodatasetname": without_scope(name),
        "oldfiletable": 1,
        "destinationdblock_vis": _short(file["destinationdblock"]),
        "ddmsite": dataset.get("site"),
        "dsttoken": file["destinationdblocktoken"],
    }
    if file["type"] in INPUTS:
        told["maxattempt"] = maxattempt
    return {name: with_blank(value) for name, value in told.items()}


def with_blank(value: Any) -> Any:
    """A value of a page about one object: moments with a blank inside, "" for what is absent."""
    if isinstance(value, datetime):
        return value.strftime(ISO.replace("T", " "))
    return "" if value is None else value


def task_files(files: Sequence[File]) -> list[dict[str, Any]]:
    """The `dsfiles` of a job's own page: its rows in the task's file table."""
    return [{name: with_blank(value) for name, value in file.items()} for file in files]


def _short(name: str | None) -> str:
    """What follows the last underscore of a long name."""
    return (name or "").rpartition("_")[2]
