"""`/file/` as a page: where a file occurs, how often it was tried, which jobs read or wrote it."""

from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.files import UNKNOWN, event_range, is_given_up
from bigpandamon_core.domain.states import file_group, job_group, shown_state
from bigpandamon_core.payloads.call import Call, Table
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.datasets import dataset_url
from bigpandamon_core.payloads.file import OneFile, Row
from bigpandamon_core.payloads.files import file_url, job_cell, jobs_url, state_of, task_cell
from bigpandamon_core.payloads.job_files import MB
from bigpandamon_core.payloads.tables import (
    Fact,
    all_fields,
    fact,
    fact_groups,
    moment_text,
    state_cell,
    table,
)

_OCCURRENCES = (
    Column("datasetname", "Data set", "text"),
    Column("jeditaskid", "Task", "mono"),
    Column("type", "Type", "text"),
    Column("status", "State", "state"),
    Column("attemptnr", "Attempts", "number"),
    Column("maxattempt", "at most", "number"),
    Column("failedattempt", "Failed", "number"),
    Column("nevents", "Events", "number"),
    Column("range", "From to", "text"),
    Column("pandaid", "Last job", "mono"),
    Column("lastattempttime", "Last attempt", "time"),
)
_USES = (
    Column("pandaid", "Job", "mono"),
    Column("jobstatus", "Job state", "state"),
    Column("computingsite", "Queue", "text"),
    Column("type", "File as", "text"),
    Column("status", "File state", "state"),
    Column("attemptnr", "Attempt", "number"),
    Column("jeditaskid", "Task", "mono"),
    Column("modificationtime", "Job modified", "time"),
)
_GIVEN_UP = "It will not be tried again: as many attempts as are allowed have been made, or have failed."


def shape(file: OneFile) -> Row:
    """The context of the page.

    Raises:
        Problem: there is no such file.
    """
    row, call = file.there, file.call
    state, group = state_of(row)
    url = file_url(call, row)
    return {
        "title": f"File {row['lfn']}",
        "heading": "File",
        "name": row["lfn"],
        "window": None,
        "state": {"state": state, "group": group},
        "said": [{"title": "Given up", "text": _GIVEN_UP}] if is_given_up(row) else [],
        "facts": facts(file),
        "tables": [_occurrences(file), _uses(file)],
        "fields": all_fields(row),
        "truncated": file.cut,
        "ignored": file.ignored,
        "notes": file.lacking,
        "source": "read in the PanDA database",
        "links": {
            "json": f"{url}&json",
            "lasting": url,
            "api": f"{call.api}file?{url.partition('?')[2]}",
        },
    }


def facts(file: OneFile) -> list[Row]:
    row = file.there
    groups = {"File": _itself(row), "Newest occurrence": _newest(file.call, row), "Events": _events(row)}
    return fact_groups(groups)


def _itself(row: Row) -> list[Fact]:
    size = row["fsize"]
    return [
        fact("Scope", row["scope"]),
        fact("GUID", row["guid"]),
        fact("Size", "" if size is None else f"{size / MB:,.2f} MB"),
        fact("Checksum", row["checksum"]),
        fact("Created", moment_text(row["creationdate"])),
    ]


def _newest(call: Call, row: Row) -> list[Fact]:
    jobs = "that read or wrote it" if row["fileid"] and row["jeditaskid"] else ""
    return [
        fact("Task", row["jeditaskid"], f"{call.root}task/{row['jeditaskid']}/"),
        fact("Data set", row["datasetname"] or row["datasetid"], _dataset_url(call, row)),
        fact("Attempts", _of(row["attemptnr"], row["maxattempt"]), bad=is_given_up(row)),
        fact("Failed attempts", _of(row["failedattempt"], row["maxfailure"])),
        fact("Processing", row["procstatus"]),
        fact("Last job", row["pandaid"], f"{call.root}job/{row['pandaid']}/"),
        fact("Jobs", jobs, jobs_url(call, row)),
    ]


def _dataset_url(call: Call, row: Row) -> str:
    return dataset_url(call, row) if row["datasetid"] and row["jeditaskid"] else ""


def _events(row: Row) -> list[Fact]:
    return [
        fact("Events", _number(row["nevents"])),
        fact("From to", _range(row)),
        fact("First of the file", _number(row["firstevent"])),
        fact("Lumi block", row["lumiblocknr"]),
    ]


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _of(count: int | None, most: int | None) -> str:
    return "" if count is None else f"{count} of {most}" if most else str(count)


def _range(row: Row) -> str:
    begin, end = event_range(row)
    return "" if UNKNOWN in (begin, end) else f"{begin}–{end}"


def _occurrences(file: OneFile) -> dict[str, Any]:
    rows = [_occurrence(file, row) for row in file.occurrences]
    return table("occurrences", f"Occurrences: {len(rows):,}", _OCCURRENCES, rows)


def _occurrence(file: OneFile, row: Row) -> Row:
    call = file.call
    name = row["datasetname"] or row["datasetid"]
    return row | {
        "datasetname": cell("text", name, _dataset_url(call, row)),
        "jeditaskid": task_cell(call, row["jeditaskid"]),
        "status": state_cell(*state_of(row)),
        "range": _range(row),
        "pandaid": _job(file, row["pandaid"]),
    }


def _job(file: OneFile, pandaid: int | None) -> Cell:
    """A job that is kept no more has no page."""
    return job_cell(file.call, pandaid) if pandaid in file.jobs else cell("mono", pandaid)


def _uses(file: OneFile) -> dict[str, Any]:
    rows = [_use(file, row) for row in file.uses]
    title, sub = f"Jobs that read or wrote it: {len(rows):,}", "as far as the files of jobs are kept"
    return table("uses", title, _USES, rows, sub=sub, empty="No job is known.")


def _use(file: OneFile, row: Row) -> Row:
    job = file.jobs.get(row["pandaid"])
    state = shown_state(job["jobstatus"], job["jobsubstatus"]) if job else ""
    return row | {
        "pandaid": _job(file, row["pandaid"]),
        "jobstatus": state_cell(state, job_group(state)) if job else cell("text", "kept no more"),
        "computingsite": job["computingsite"] if job else None,
        "status": state_cell(row["status"], file_group(row["status"] or "")),
        "jeditaskid": task_cell(file.call, row["jeditaskid"]),
        "modificationtime": job["modificationtime"] if job else None,
    }


def lines(file: OneFile) -> Table:
    """What a terminal shows of a file: the facts, one a line."""
    row = file.there
    told = [(one["label"], one["text"]) for group in facts(file) for one in group["rows"]]
    jobs = " ".join(str(use["pandaid"]) for use in file.uses[:50])
    rows = [("File", row["lfn"]), ("State", state_of(row)[0]), *told, ("Used by jobs", jobs)]
    return Table(("fact", "value"), ({"fact": name, "value": value} for name, value in rows if value))
