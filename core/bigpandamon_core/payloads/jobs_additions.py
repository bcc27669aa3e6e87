"""What the job objects of a list get besides their columns, as far as a request asks for it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bigpandamon_core.domain import metadata, rules
from bigpandamon_core.domain.by_column import ByColumn
from bigpandamon_core.payloads.job_files import listed_files
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries import datasets, files

Row = dict[str, Any]
Objects = Sequence[dict[str, Any]]
CONTENTS = "dataset contents"
_MEMORY = {"maxpss": "maxpss", "maxvmemmb": "maxvmem", "avgvmemmb": "avgvmem"}
"""What requests for one task get besides, and the columns: memory in MB as text with two decimals."""


def add(jobs: Jobs, stored: ByColumn, objects: Objects) -> None:
    """Memory in MB for requests of one task, metadata, files, the attempts of one file: into the objects.

    stored: the columns of the same jobs.
    """
    for asked, addition in _ADDITIONS:
        if asked(jobs):
            addition(jobs, stored, objects)


def are_read(jobs: Jobs) -> bool:
    """Whether a request asks for what stands in other tables."""
    return any(asked(jobs) for asked, addition in _ADDITIONS if addition is not _memory)


def _memory(_jobs: Jobs, stored: ByColumn, objects: Objects) -> None:
    for key, column in _MEMORY.items():
        for told, kilobytes in zip(objects, stored[column], strict=True):
            if kilobytes is not None:
                told[key] = f"{kilobytes / 1024:.2f}"


def _metadata(jobs: Jobs, stored: ByColumn, objects: Objects) -> None:
    numbers = stored["pandaid"]
    known = jobs.optional("metadata", lambda: files.metadata_of_jobs(numbers), dict[int, str]())
    for pandaid, owner, told in zip(numbers, stored["_owner"], objects, strict=True):
        parsed = metadata.parsed(known.get(pandaid, ""))
        if isinstance(parsed, dict):
            told["metastruct"] = jobs.call.privacy.document(parsed, owner)


def _of_jobs(jobs: Jobs, pandaids: Sequence[int]) -> dict[int, list[Row]]:
    return jobs.optional("files", lambda: files.of_jobs(pandaids), {})


def _files(jobs: Jobs, stored: ByColumn, objects: Objects) -> None:
    of_jobs = _of_jobs(jobs, stored["pandaid"])
    keys = [key for key in zip(stored["jeditaskid"], stored["pandaid"], strict=True) if key[0]]
    of_tasks = jobs.optional(CONTENTS, lambda: datasets.contents_of_jobs(keys), dict[int, list[Row]]())
    sets = {(file["jeditaskid"], file["datasetid"]) for some in of_tasks.values() for file in some}
    names = jobs.optional("datasets", lambda: datasets.names(sets), dict[tuple[int, int], str]())
    for pandaid, owner, told in zip(stored["pandaid"], stored["_owner"], objects, strict=True):
        listed = listed_files(of_tasks.get(pandaid, []), of_jobs.get(pandaid, []), names)
        told["datasets"] = [jobs.call.privacy.row(file, owner) for file in listed]


def _file_attempts(jobs: Jobs, stored: ByColumn, objects: Objects) -> None:
    """Which attempt at one file each job was, and how many there may be."""
    selection = jobs.selection
    fileid, task = rules.integer(selection.get("fileid")), rules.integer(selection.get("jeditaskid"))
    read = partial(files.attempts_of, task, [fileid])
    known = jobs.optional(CONTENTS, read, dict[tuple[int, int], tuple[int | None, Any]]())
    most = [most for (_, number), (most, _) in known.items() if number == fileid]
    of_jobs = _of_jobs(jobs, stored["pandaid"])
    for pandaid, told in zip(stored["pandaid"], objects, strict=True):
        attempts = (file["attemptnr"] for file in of_jobs.get(pandaid, []) if file["fileid"] == fileid)
        told["fileattemptnr"] = next(attempts, None)
        told["filemaxattempts"] = next(iter(most), None)


def _is_for_one_file(jobs: Jobs) -> bool:
    return jobs.selection.get("fileid").isdigit() and jobs.selection.get("jeditaskid").isdigit()


Addition = Callable[[Jobs, ByColumn, Objects], None]
_ADDITIONS: tuple[tuple[Callable[[Jobs], bool], Addition], ...] = (
    (lambda jobs: jobs.selection.has("jeditaskid"), _memory),
    (lambda jobs: "metastruct" in jobs.selection.fields, _metadata),
    (lambda jobs: jobs.selection.has("datasets"), _files),
    (_is_for_one_file, _file_attempts),
)
