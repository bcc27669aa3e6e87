"""Real records: all are imported, each value found again. What is expected comes from csv and json alone."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from bigpandamon_core.demo.importing.tree import TreeReport, import_tree
from bigpandamon_core.demo.schema import tables
from bigpandamon_core.panda.jobs import JobsActive4, JobsArchived, JobsArchived4, JobsDefined4
from bigpandamon_core.state.imports import ImportedFile, ImportedJob

JOB_TABLES = (JobsDefined4, JobsActive4, JobsArchived4, JobsArchived)
SERVER_TABLES = (
    "jobsdefined4", "jobsactive4", "jobsarchived4", "filestable4", "jobparamstable", "metatable",
    "jobs_statuslog", "harvester_workers", "harvester_rel_jobs_workers", "jedi_tasks", "jedi_datasets",
    "jedi_dataset_contents", "schedconfig_json",
)  # fmt: skip
INVEX_COLUMNS = {
    "actualcorecount": "actualcorecount",
    "avgpss": "avgpss",
    "maxpss": "maxpss",
    "IObytesRead": "totrbytes",
    "IOcharRead": "totrchar",
    "IObytesWritten": "totwbytes",
    "IOcharWritten": "totwchar",
    "cpuconsumptiontime": "cpuconsumptiontime",
    "inputfilebytes": "inputfilebytes",
    "nevents": "nevents",
    "hs06sec": "hs06sec",
}

pytestmark = pytest.mark.usefixtures("panda", "own")


@pytest.fixture
def data(shared: Path) -> Path:
    return shared / "data" / "panda"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def numbers_of(report: TreeReport) -> list[tuple[int, int]]:
    return [(file.records, file.refused) for file in report.imported]


def by_name(name: str) -> type[models.Model]:
    (found,) = [table for table in tables() if table._meta.db_table.endswith(f".{name}")]
    return found


def stored(table: type[models.Model]) -> Iterator[dict[str, Any]]:
    """All rows by column name."""
    columns = {field.column: field.name for field in table._meta.concrete_fields if field.column}
    for row in table._default_manager.values(*columns.values()):
        yield {column: row[name] for column, name in columns.items()}


def told(value: object) -> object:
    """A stored value in a form that can be sorted and compared."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, int | Decimal):
        return str(Decimal(value).normalize())
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else str(value).rstrip(" ")


def read(cell: str, sample: object) -> object:
    """The cell of a file in the same form. sample: a stored value of that column, for its type."""
    if cell == "":
        return ""
    if isinstance(sample, datetime):
        return told(datetime.fromisoformat(cell))
    if isinstance(sample, int | Decimal):
        return told(Decimal(cell))
    return told(json.loads(cell) if isinstance(sample, dict) else cell)


def in_order(found: Iterable[Mapping[str, object]]) -> list[list[tuple[str, object]]]:
    return sorted(sorted(row.items()) for row in found)


def samples_of(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: value for row in found for name, value in row.items() if value is not None}


@pytest.mark.parametrize("name", SERVER_TABLES)
def test_every_cell_of_a_server_s_table(data: Path, name: str):
    path = data / "server" / f"{name}.csv"
    expected = rows(path)
    assert numbers_of(import_tree(path)) == [(len(expected), 0)]
    found = list(stored(by_name(name)))
    samples = samples_of(found)
    assert in_order({column: told(value) for column, value in row.items()} for row in found) == in_order(
        {column: read(cell, samples.get(column)) for column, cell in row.items()} for row in expected
    )


def test_all_job_tables_together_hold_the_jobs_of_the_server(data: Path):
    report = import_tree(data / "server")
    assert {file.path.stem for file in report.imported} >= set(SERVER_TABLES)
    expected = {
        row["pandaid"]: row["jobstatus"]
        for name in ("jobsdefined4", "jobsactive4", "jobsarchived4")
        for row in rows(data / "server" / f"{name}.csv")
    }
    found = [row for table in JOB_TABLES for row in table.objects.values_list("pandaid", "jobstatus")]
    assert sorted((str(pandaid), status) for pandaid, status in found) == sorted(expected.items())


def test_every_complete_record(data: Path):
    path = data / "jobs" / "jobs_archive_2016_2018.ndjson"
    expected = {record["pandaid"]: record for record in map(json.loads, path.read_text("utf-8").splitlines())}
    assert len(expected) == 336
    assert numbers_of(import_tree(path)) == [(336, 0)]
    found = {row["pandaid"]: row for row in stored(JobsArchived)}
    assert Counter(row["jobstatus"] for row in found.values()) == Counter(
        record["jobstatus"] for record in expected.values()
    )
    for pandaid, record in expected.items():
        assert differences(record, found[pandaid]) == {}


def differences(record: Mapping[str, object], row: Mapping[str, object]) -> dict[str, object]:
    """Values of a record that are stored otherwise. Metrics may have been added behind those it told."""
    columns = {name.lower(): value for name, value in record.items() if value is not None}
    metrics = columns.pop("jobmetrics", "")
    assert str(row["jobmetrics"] or "").startswith(str(metrics))
    return {
        name: value
        for name, value in columns.items()
        if name in row and read(str(value), row[name]) != told(row[name])
    }


def test_every_incomplete_record(data: Path):
    paths = sorted((data / "invex").glob("*.csv"))
    expected = [rows(path) for path in paths]
    report = import_tree(data / "invex")
    assert numbers_of(report) == [(len(each), 0) for each in expected]
    assert [file.kept for file in report.imported] == [0] * 7
    told_of = {
        int(row["pandaid"]): row for file in sorted(expected, key=lambda each: len(each[0])) for row in file
    }
    found = {row["pandaid"]: row for row in stored(JobsArchived)}
    assert set(found) == set(told_of)
    for name, column in INVEX_COLUMNS.items():
        sums = sum(Decimal(row[name]) for row in told_of.values() if row.get(name))
        assert sum(row[column] or 0 for row in found.values()) == sums, name
    assert Counter(row["jobstatus"] or "" for row in found.values()) == Counter(
        row.get("jobstatus", "") for row in told_of.values()
    )
    assert {row["modificationtime"] for row in found.values()} == {None}
    for path, file in zip(paths, expected, strict=True):
        jobs = ImportedJob.objects.filter(file__name=path.name).values_list("pandaid", flat=True)
        assert sorted(jobs) == sorted(int(row["pandaid"]) for row in file)


def test_the_same_again_changes_nothing(data: Path):
    paths = [data / "server", data / "jobs", data / "invex" / "job_records_14287024.csv"]
    first = [file for path in paths for file in import_tree(path).imported]
    counts = [table.objects.count() for table in JOB_TABLES]
    again = [file for path in paths for file in import_tree(path).imported]
    assert all(file.changed_nothing and file.before and not file.kept for file in again)
    assert [table.objects.count() for table in JOB_TABLES] == counts
    assert ImportedFile.objects.count() == len(first) == len(again)


def test_what_is_no_record_is_passed_over(data: Path):
    report = import_tree(data / "prmon")
    assert not report.imported
    assert {path.suffix for path in report.passed_over} == {".txt", ".json"}
