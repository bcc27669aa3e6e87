"""One file: where it occurs in data sets of tasks, how often it was tried, which jobs read or wrote it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from bigpandamon_core.domain import datasets as dataset_rules
from bigpandamon_core.domain.conditions import All, Condition, equal, one_of
from bigpandamon_core.domain.files import UNKNOWN, event_range
from bigpandamon_core.domain.narrowing import is_narrowed
from bigpandamon_core.domain.parameters import check_whole_numbers, clean
from bigpandamon_core.domain.people import asks_for_subject
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.unaskable import personal
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.envelope import plain as with_nulls
from bigpandamon_core.payloads.files_compat import columns
from bigpandamon_core.payloads.job_files import dataset_name
from bigpandamon_core.payloads.of_tasks import as_told
from bigpandamon_core.payloads.tables import plain
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import datasets, files
from bigpandamon_core.queries import jobs as job_queries

Row = dict[str, Any]
TEXTS = ("lfn", "guid", "scope")
NUMBERS = ("fileid", "pandaid", "jeditaskid", "datasetid")
IDENTITY = ("lfn", "guid", "fileid")
NARROWING = ("lfn", "jeditaskid", "datasetid", "pandaid")
"""Columns that indexes of dataset contents begin with."""
IN_JOBS = ("lfn", "jeditaskid", "pandaid")
"""The same of the files of jobs."""
OR_UNKNOWN = ("maxattempt", "attemptnr", "pandaid")
"""Numbers that programs read as -1 where they are not known."""


class OneFile(Unselected):
    """A file by its name, GUID or number.

    Raises:
        Problem: from the constructor: 400 where none is given, or nothing that an index begins with.
    """

    def __init__(self, call: Call):
        super().__init__(call)
        self.given = _given(call)
        self._wanted = _wanted(self.given)

    @cached_property
    def occurrences(self) -> list[Row]:
        """Its rows in data sets of tasks, the newest tasks first; where no task has it, those of jobs."""
        rows = datasets.found_files(self._wanted) or self._of_jobs(self._wanted)
        sets = {
            (row["jeditaskid"], row["datasetid"]) for row in rows if row["jeditaskid"] and row["datasetid"]
        }
        names = datasets.names(sets)
        for row in rows:
            known = names.get((row["jeditaskid"], row["datasetid"]), "")
            row["datasetname"] = known or (dataset_name(row) if "row_id" in row else "")
        return list(as_told(self.call, rows))

    def _of_jobs(self, wanted: Condition) -> list[Row]:
        """The file as jobs have it, in the columns of dataset contents and those of its own."""
        if not is_narrowed(wanted, IN_JOBS):
            return []
        rows = self.optional("files", lambda: files.found(wanted), list[Row]())
        empty = dict.fromkeys(datasets.COLUMNS)
        return [empty | row | {"creationdate": row["modificationtime"]} for row in rows]

    @property
    def there(self) -> Row:
        """The newest occurrence.

        Raises:
            Problem: there is none (404).
        """
        if not self.occurrences:
            raise not_found(
                "There is no such file.", "Check the name or number, and what is asked for beside."
            )
        return self.occurrences[0]

    @cached_property
    def uses(self) -> list[Row]:
        """Its rows in jobs, the newest jobs first."""
        if any("row_id" in row for row in self.occurrences):
            return self.occurrences
        keys = {
            name: tuple(sorted({row[name] for row in self.occurrences}))
            for name in ("jeditaskid", "datasetid", "fileid")
        }
        return self._of_jobs(All(tuple(one_of(name, values) for name, values in keys.items())))

    @cached_property
    def jobs(self) -> Mapping[int, Row]:
        """What is still kept of the jobs that read or wrote it, by number."""
        last = {row["pandaid"] for row in self.occurrences if row["pandaid"]}
        numbers = sorted(last | {row["pandaid"] for row in self.uses})
        inside = scope.condition(self.call)
        found = self.optional("jobs", lambda: job_queries.some(numbers, inside), list[Row]())
        return {row["pandaid"]: self.call.privacy.row(row) for row in found}

    @property
    def cut(self) -> str:
        """That not everything was read, in words."""
        cuts = (
            (self.occurrences, datasets.FOUND.cap, "occurrences"),
            (self.uses, files.FOUND.cap, "uses by jobs"),
        )
        told = [f"the newest {most:,} {what}" for rows, most, what in cuts if len(rows) >= most]
        return f"only {' and '.join(told)} are told" if told else ""


def _given(call: Call) -> dict[str, str]:
    given = clean(call.parameters)
    check_whole_numbers(given)
    if "filename" in given:
        given.setdefault("lfn", given["filename"])
    asked = {name: given[name] for name in (*TEXTS, *NUMBERS, "datasetname") if name in given}
    for name, value in asked.items():
        if asks_for_subject(value) or (name == "datasetname" and "*" in value and call.privacy.hides_names):
            raise personal(name, call.privacy)
    if not asked.keys() & {*IDENTITY}:
        raise Problem(
            "No lfn, guid or fileid provided",
            parameter="lfn",
            code="missing-parameter",
            remedy="Give lfn=<name of the file>, or guid or fileid with jeditaskid=<number>.",
        )
    return asked


def _wanted(given: Mapping[str, str]) -> Condition:
    """The file's rows.

    Raises:
        Problem: only reading the whole table could find them.
    """
    parts: list[Condition] = [equal(name, given[name]) for name in TEXTS if name in given]
    parts += [dataset_rules.numbers(name, given[name]) for name in NUMBERS if name in given]
    if "datasetname" in given:
        parts.append(_of_datasets(given))
    wanted = All(tuple(parts))
    if is_narrowed(wanted, NARROWING):
        return wanted
    named = next(name for name in IDENTITY if name in given)
    raise Problem(
        f"A file cannot be found by its {named} alone",
        parameter=named,
        code="missing-parameter",
        remedy="No index serves that: add jeditaskid, datasetid, datasetname or pandaid, or give its lfn.",
    )


def _of_datasets(given: Mapping[str, str]) -> Condition:
    asked = {name: given[name] for name in ("datasetname", "jeditaskid") if name in given}
    found = datasets.asked_for(dataset_rules.wanted(asked), ("datasetid",))
    return one_of("datasetid", tuple(row["datasetid"] for row in found))


def compatible(file: OneFile) -> Row:
    """`/file/` as the BigPanDA JSON API gives it: the first row, all rows, the first as a list of pairs."""
    rows = [_row(row) for row in file.occurrences]
    first = rows[0] if rows else None
    asked = file.given.get("lfn", "")
    return {
        "frec": first,
        "files": rows,
        "filename": first["lfn"] if first else asked,
        "columns": [{"name": name, "value": value} for name, value in sorted((first or {}).items())],
    }


def _row(row: Row) -> Row:
    begin, end = event_range(row)
    known = {name: UNKNOWN if row[name] is None else row[name] for name in OR_UNKNOWN}
    return columns(row) | known | {"startevent": begin, "endevent": end}


def v1(file: OneFile) -> Row:
    """The file for `/api/v1`: every occurrence, and every use by a job."""
    first = with_nulls(_plain(file.there))
    data = first | {
        "occurrences": [with_nulls(_plain(row)) for row in file.occurrences],
        "uses": [_use(file, row) for row in file.uses],
    }
    meta = {
        "as_of": iso(file.call.now),
        "source": "sql",
        "truncated": file.cut or None,
        "missing": file.missing,
    }
    return {"data": data, "meta": meta, "links": {"self": file.call.url}}


def _plain(row: Row) -> Row:
    return {name: plain(value) for name, value in row.items()}


def _use(file: OneFile, row: Row) -> Row:
    job = file.jobs.get(row["pandaid"], {})
    told = {name: row[name] for name in ("pandaid", "jeditaskid", "datasetid", "type", "status", "attemptnr")}
    return told | {name: job.get(name) for name in ("jobstatus", "computingsite")}
