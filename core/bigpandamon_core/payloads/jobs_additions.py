"""What the job objects of a list get besides their columns, as far as a request asks for it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bigpandamon_core.domain import metadata, rules
from bigpandamon_core.domain.by_column import ByColumn, records
from bigpandamon_core.payloads.job_files import listed_files
from bigpandamon_core.payloads.job_records import memory_of_task
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries import datasets, files

Row = dict[str, Any]
Objects = Sequence[dict[str, Any]]
CONTENTS = "dataset contents"


def add(jobs: Jobs, stored: ByColumn, objects: Objects) -> None:
    """Memory in MB for requests of one task, metadata, files, the attempts of one file: into the objects.

    stored: the columns of the same jobs.
    """
    wanted = [addition for asked, addition in _ADDITIONS if asked(jobs)]
    rows = [*records(stored)] if wanted else []
    for addition in wanted:
        addition(jobs, rows, objects)


def are_read(jobs: Jobs) -> bool:
    """Whether a request asks for what stands in other tables."""
    return any(asked(jobs) for asked, addition in _ADDITIONS if addition is not _memory)


def _memory(_jobs: Jobs, rows: Sequence[Row], objects: Objects) -> None:
    for row, told in zip(rows, objects, strict=True):
        told.update(memory_of_task(row))


def _metadata(jobs: Jobs, rows: Sequence[Row], objects: Objects) -> None:
    numbers = [row["pandaid"] for row in rows]
    stored = jobs.optional("metadata", lambda: files.metadata_of_jobs(numbers), dict[int, str]())
    for row, told in zip(rows, objects, strict=True):
        parsed = metadata.parsed(stored.get(row["pandaid"], ""))
        if isinstance(parsed, dict):
            told["metastruct"] = jobs.call.privacy.document(parsed, row["_owner"])


def _of_jobs(jobs: Jobs, rows: Sequence[Row]) -> dict[int, list[Row]]:
    return jobs.optional("files", lambda: files.of_jobs([row["pandaid"] for row in rows]), {})


def _files(jobs: Jobs, rows: Sequence[Row], objects: Objects) -> None:
    of_jobs = _of_jobs(jobs, rows)
    keys = [(row["jeditaskid"], row["pandaid"]) for row in rows if row["jeditaskid"]]
    of_tasks = jobs.optional(CONTENTS, lambda: datasets.contents_of_jobs(keys), dict[int, list[Row]]())
    sets = {(file["jeditaskid"], file["datasetid"]) for some in of_tasks.values() for file in some}
    names = jobs.optional("datasets", lambda: datasets.names(sets), dict[tuple[int, int], str]())
    for row, told in zip(rows, objects, strict=True):
        number = row["pandaid"]
        listed = listed_files(of_tasks.get(number, []), of_jobs.get(number, []), names)
        told["datasets"] = [jobs.call.privacy.row(file, row["_owner"]) for file in listed]


def _file_attempts(jobs: Jobs, rows: Sequence[Row], objects: Objects) -> None:
    """Which attempt at one file each job was, and how many there may be."""
    selection = jobs.selection
    fileid, task = rules.integer(selection.get("fileid")), rules.integer(selection.get("jeditaskid"))
    read = partial(files.attempts_of, task, [fileid])
    known = jobs.optional(CONTENTS, read, dict[tuple[int, int], tuple[int | None, Any]]())
    most = [most for (_, number), (most, _) in known.items() if number == fileid]
    of_jobs = _of_jobs(jobs, rows)
    for row, told in zip(rows, objects, strict=True):
        attempts = (file["attemptnr"] for file in of_jobs.get(row["pandaid"], []) if file["fileid"] == fileid)
        told["fileattemptnr"] = next(attempts, None)
        told["filemaxattempts"] = next(iter(most), None)


def _is_for_one_file(jobs: Jobs) -> bool:
    return jobs.selection.get("fileid").isdigit() and jobs.selection.get("jeditaskid").isdigit()


Addition = Callable[[Jobs, Sequence[Row], Objects], None]
_ADDITIONS: tuple[tuple[Callable[[Jobs], bool], Addition], ...] = (
    (lambda jobs: jobs.selection.has("jeditaskid"), _memory),
    (lambda jobs: "metastruct" in jobs.selection.fields, _metadata),
    (lambda jobs: jobs.selection.has("datasets"), _files),
    (_is_for_one_file, _file_attempts),
)
