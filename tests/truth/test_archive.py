"""Complete records of an archive, 2016 to 2018: event service, analysis, production; truth from the file."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.truth import comparing, records
from tests.truth.asking import Asking
from tests.truth.columns import ALL
from tests.truth.conftest import Imported

pytestmark = pytest.mark.slow

NOW = datetime(2018, 5, 4, 12)
YEARS = {"date_from": "2016-06-01", "date_to": "2018-06-01"}
FILE = "jobs_archive_2016_2018.ndjson"
Job = records.Job


@pytest.fixture(scope="module")
def jobs(data: Path, imported: Imported) -> list[Job]:
    path = data / "jobs" / FILE
    imported(NOW, [path])
    return [dict.fromkeys(ALL) | job for job in records.jobs_of(path)]


def check(ask: Asking, jobs: list[Job], **parameters: object) -> None:
    comparing.check_compatible(ask.json("/jobs/", **parameters), jobs, NOW)
    comparing.check_v1(ask.v1("jobs/summary", **parameters), ask.v1("jobs", **parameters), jobs, NOW)
    comparing.check_page(ask.page(**parameters), jobs, NOW)


def test_all_records_by_their_origin_and_by_their_times(ask: Asking, jobs: list[Job]) -> None:
    assert len(jobs) == 336
    check(ask, jobs, origin=FILE)
    check(ask, jobs, **YEARS)


@pytest.mark.parametrize(
    "field",
    [
        "jobstatus",
        "computingsite",
        "prodsourcelabel",
        "processingtype",
        "cloud",
        "reqid",
        "nucleus",
        "gshare",
    ],
)
def test_records_of_every_value(ask: Asking, jobs: list[Job], field: str) -> None:
    values = {job[field] for job in jobs if job[field] is not None}
    assert values
    for value in sorted(values):
        wanted = [job for job in jobs if job[field] == value]
        answer = ask.json("/jobs/", **{field: value}, **YEARS)
        tests = "test" in str(value) and field == "prodsourcelabel"
        comparing.check_compatible(answer, wanted, NOW, errors_in_every_state=tests)


def test_records_without_a_value(ask: Asking, jobs: list[Job]) -> None:
    for field in ("jeditaskid", "jobsubstatus", "workinggroup", "reqid"):
        wanted = [job for job in jobs if job[field] is None]
        assert wanted
        check(ask, wanted, **{field: "Not specified"}, **YEARS)


def test_records_of_every_task(ask: Asking, jobs: list[Job]) -> None:
    tasks = {job["jeditaskid"] for job in jobs} - {None}
    for task in sorted(tasks):
        answer = ask.json("/jobs/", jeditaskid=task, **YEARS)
        comparing.check_compatible(answer, [job for job in jobs if job["jeditaskid"] == task], NOW)


@pytest.mark.parametrize("year", [2016, 2017, 2018])
def test_records_of_a_year(ask: Asking, jobs: list[Job], year: int) -> None:
    begin, end = datetime(year, 1, 1), datetime(year, 12, 31, 23, 59, 59)
    wanted = [job for job in jobs if begin <= job["modificationtime"] <= end]
    check(ask, wanted, date_from=begin.isoformat(), date_to=end.isoformat())
