"""The files of a job as programs written for the BigPanDA JSON API expect them."""

from collections.abc import Mapping
from typing import Any

from bigpandamon_core.domain.window import ISO

MB = 1_000_000
_DATES = ("modificationtime",)
_DATASET_OF = {"input": "proddblock", "pseudo_input": "proddblock"}
Datasets = Mapping[int, Mapping[str, Any]]
Attempts = Mapping[tuple[int, int], tuple[int | None, Any]]


def dataset_name(file: Mapping[str, Any]) -> str:
    """The data set a file belongs to: the one it was read from, or the one it goes to."""
    named = file["dataset"] or file[_DATASET_OF.get(file["type"] or "", "destinationdblock")]
    return named or ""


def without_scope(name: str) -> str:
    return name.partition(":")[2] or name


def legacy_files(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The `datasets` of a job in a list: sizes in whole MB."""
    return [
        _told(file)
        | {
            "datasetname": dataset_name(file),
            "fsizemb": f"{(file['fsize'] or 0) / MB:.2f}",
            "fsize": (file["fsize"] or 0) // MB,
            "oldfiletable": 1,
            "destinationdblock_vis": _short(file["destinationdblock"]),
        }
        for file in files
    ]


def job_files(files: list[dict[str, Any]], datasets: Datasets, attempts: Attempts) -> list[dict[str, Any]]:
    """The `files` of a job's own page: sizes in bytes, absent values ""."""
    return [_job_file(file, datasets, attempts) for file in files]


def _job_file(file: dict[str, Any], datasets: Datasets, attempts: Attempts) -> dict[str, Any]:
    dataset = datasets.get(file["datasetid"] or 0, {})
    maxattempt, created = attempts.get((file["datasetid"], file["fileid"]), (None, None))
    told = _told(file) | {
        "fsize": file["fsize"] or 0,
        "fsizemb": round((file["fsize"] or 0) / MB, 2),
        "creationdate": created.strftime(ISO.replace("T", " ")) if created else "",
        "datasetname": dataset.get("datasetname") or dataset_name(file),
        "ruciodatasetname": without_scope(str(dataset.get("datasetname") or dataset_name(file))),
        "oldfiletable": 1,
        "destinationdblock_vis": _short(file["destinationdblock"]),
        "ddmsite": dataset.get("site") or "",
        "dsttoken": file["destinationdblocktoken"] or "",
    }
    if file["type"] in ("input", "pseudo_input"):
        told["maxattempt"] = maxattempt
    return {name: "" if value is None else value for name, value in told.items()}


def _told(file: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(file)
    for name in _DATES:
        told[name] = told[name].strftime(ISO.replace("T", " ")) if told[name] else ""
    return {
        name: "" if value is None and not isinstance(value, int) else value for name, value in told.items()
    }


def _short(name: str | None) -> str:
    """The last part of a long name."""
    return (name or "").rpartition(".")[2]
