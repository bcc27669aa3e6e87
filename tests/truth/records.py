"""Record files as jobs: what each file tells, and how several tell about one job.

A job is a mapping of column names to values: numbers, naive moments, texts, None for what was not told.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.truth.columns import ALL, NUMBERS, RENAMED, TIMES

Job = dict[str, Any]
EXTRACTS = {
    "iocharread": "totrchar",
    "iocharwritten": "totwchar",
    "iobytesread": "totrbytes",
    "iobyteswritten": "totwbytes",
}
"""Names that extracts of jobs use for columns."""


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as they stand there."""
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def jobs_of(path: Path) -> list[Job]:
    """The jobs of a CSV or NDJSON file."""
    if path.suffix == ".csv":
        return [_job(row) for row in table(path)]
    return [_job(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def joined(files: Iterable[Iterable[Job]], zeros: frozenset[str]) -> dict[int, Job]:
    """Jobs by pandaid. A later telling fills only what is absent; numbers that have no NULL are 0 then, which
    counts as absent, too. zeros: those numbers."""
    found: dict[int, Job] = {}
    for file in files:
        for job in file:
            known = found.setdefault(job["pandaid"], dict.fromkeys(ALL))
            for name, value in job.items():
                if known[name] is None or (name in zeros and known[name] == 0):
                    known[name] = value if value is not None else known[name]
    for job in found.values():
        job.update({name: 0 for name in zeros if job[name] is None})
    return found


def never_null(columns: Path, table_name: str) -> frozenset[str]:
    """The numeric columns of a table that cannot be NULL, by the published schema."""
    names = {
        RENAMED.get(row["column"], row["column"])
        for row in table(columns)
        if row["table"] == table_name and row["nullable"] == "N"
    }
    return frozenset(names & NUMBERS)


def _job(told: Mapping[str, Any]) -> Job:
    return dict(_values(told))


def _values(told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in told.items():
        name = EXTRACTS.get(key.lower(), RENAMED.get(key.lower(), key.lower()))
        if name in ALL:
            yield name, _value(name, value)


def _value(name: str, told: Any) -> Any:
    if told is None or told == "":
        return None
    if name in TIMES:
        return datetime.fromisoformat(told)
    if name in NUMBERS:
        number = Decimal(str(told))
        return int(number) if number == number.to_integral_value() else number
    return str(told)


STATES = (
    "pending", "defined", "waiting", "assigned", "throttled", "activated", "sent", "starting",
    "running", "holding", "transferring", "merging", "finished", "failed", "cancelled", "closed",
)  # fmt: skip
TABLES = ("jobsdefined4", "jobsactive4", "jobsarchived4", "jobsarchived")


def newest(tables: Mapping[str, Iterable[Job]]) -> list[Job]:
    """Every job once: of two tellings the one that changed last is the job's, of two of one moment the one
    that is further."""
    found: dict[int, tuple[str, Job]] = {}
    for name, jobs in tables.items():
        for job in jobs:
            known = found.get(job["pandaid"])
            if known is None or _moment(*known) < _moment(name, job):
                found[job["pandaid"]] = name, job
    return [job for _, job in found.values()]


def _moment(table_name: str, job: Job) -> tuple[datetime, int, int]:
    when = job["statechangetime"] or job["modificationtime"]
    return when, STATES.index(job["jobstatus"]), TABLES.index(table_name)


def superseded(jobs: Iterable[Job], history: Iterable[Mapping[str, str]], task: int) -> set[int]:
    """The jobs of a task that a newer attempt replaced; event service is never replaced."""
    replaced: dict[int, set[str]] = {}
    for row in history:
        if int(row["jeditaskid"]) == task and row["oldpandaid"] != row["newpandaid"]:
            replaced.setdefault(int(row["oldpandaid"]), set()).add(row["relationtype"])
    return {job["pandaid"] for job in jobs if _is_replaced(job, replaced)}


def _is_replaced(job: Job, replaced: Mapping[int, set[str]]) -> bool:
    kinds = replaced.get(job["pandaid"], set())
    merges_again = job["processingtype"] == "pmerge" and job["jobstatus"] in ("failed", "cancelled")
    return job["eventservice"] not in (1, 2, 4, 5) and bool(
        kinds & {"retry", ""}
        or (merges_again and "merge" in kinds)
        or "jobset_retry" in replaced.get(job["jobsetid"] or 0, set())
    )
