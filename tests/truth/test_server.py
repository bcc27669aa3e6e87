"""The tables a real PanDA server wrote: 300 jobs in every state, counted from the files alone."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.truth import attributes, comparing, errors, records
from tests.truth.asking import Asking
from tests.truth.columns import ALL, FLOATS, INTEGERS, TEXTS, TIMES
from tests.truth.conftest import Imported

NOW = datetime(2026, 11, 21, 0, 45)
JOB_TABLES = ("jobsdefined4", "jobsactive4", "jobsarchived4")
BESIDE = (
    "filestable4", "jobparamstable", "metatable", "jobs_statuslog", "harvester_workers",
    "harvester_rel_jobs_workers", "jedi_tasks", "jedi_datasets", "jedi_dataset_contents", "schedconfig_json",
)  # fmt: skip
LIVE = ("jobsdefined4", "jobsactive4")
Job = records.Job
Rows = list[dict[str, str]]
Answers = tuple[Job, Mapping[str, Any], Mapping[str, Any]]


@pytest.fixture(scope="module")
def by_table(data: Path, imported: Imported) -> dict[str, list[Job]]:
    paths = {name: data / "server" / f"{name}.csv" for name in (*JOB_TABLES, *BESIDE)}
    imported(NOW, paths.values())
    return {name: [dict.fromkeys(ALL) | job for job in records.jobs_of(paths[name])] for name in JOB_TABLES}


@pytest.fixture(scope="module")
def jobs(by_table: dict[str, list[Job]]) -> list[Job]:
    return [job for table in by_table.values() for job in table]


@pytest.fixture(scope="module")
def table(data: Path) -> Callable[[str], Rows]:
    return lambda name: records.table(data / "server" / f"{name}.csv")


def check(ask: Asking, jobs: list[Job], **parameters: object) -> None:
    """Every representation of one selection tells these jobs."""
    comparing.check_compatible(ask.json("/jobs/", **parameters), jobs, NOW)
    comparing.check_v1(ask.v1("jobs/summary", **parameters), ask.v1("jobs", **parameters), jobs, NOW)
    comparing.check_page(ask.page(**parameters), jobs, NOW)


def test_all_jobs(ask: Asking, jobs: list[Job]) -> None:
    assert len(jobs) == 300
    check(ask, jobs)


@pytest.mark.parametrize(
    "field",
    [
        pytest.param("jeditaskid", marks=pytest.mark.slow),
        "computingsite",
        "jobstatus",
        "produsername",
        "resourcetype",
    ],
)
def test_jobs_of_every_value(ask: Asking, jobs: list[Job], field: str) -> None:
    values = {job[field] for job in jobs}
    assert len(values) > 1
    for value in sorted(values):
        check(ask, [job for job in jobs if job[field] == value], **{field: value})


def test_all_values_of_an_attribute_on_request(ask: Asking, jobs: list[Job]) -> None:
    expected = attributes.summary(jobs, NOW)["jeditaskid"]
    page = ask.page(view="jeditaskid")
    assert {value.value: value.count for value in page.attributes["jeditaskid"]} == {
        str(task): count for task, count in expected.items()
    }


@pytest.mark.parametrize("minutes", [(0, 1), (15, 17), (17, 18), (17, 31)])
def test_a_window_binds_ended_jobs_and_with_its_end_live_ones(
    ask: Asking, by_table: dict[str, list[Job]], minutes: tuple[int, int]
) -> None:
    begin, end = (datetime(2026, 11, 21) + timedelta(minutes=minute) for minute in minutes)
    inside = {
        name: [job for job in table if begin <= job["modificationtime"] <= end]
        for name, table in by_table.items()
    }
    bounded = [job for table in inside.values() for job in table]
    check(ask, bounded, date_from=begin.isoformat(), date_to=end.isoformat())
    since = [job for job in by_table["jobsarchived4"] if begin <= job["modificationtime"] <= NOW]
    live = [job for name in LIVE for job in by_table[name]]
    check(ask, [*live, *since], date_from=begin.isoformat())


def test_errors_of_the_failed_and_holding_jobs(ask: Asking, jobs: list[Job]) -> None:
    assert sum(errors.has_errors(job) for job in jobs) == 53
    found = comparing.errors_of(ask.json("/jobs/", jobstatus="failed"))
    assert found == errors.by_count(job for job in jobs if job["jobstatus"] == "failed")


def test_every_column_of_every_job(ask: Asking, jobs: list[Job]) -> None:
    answered = {job["pandaid"]: job for job in ask.json("/jobs/", outputs="jobs")["jobs"]}
    for job in jobs:
        assert comparing.difference(shown(job), {name: answered[job["pandaid"]][name] for name in ALL}) == {}


def test_no_certificate_subject_is_told(ask: Asking, jobs: list[Job]) -> None:
    assert any("CN=" in (job["taskbuffererrordiag"] or "") for job in jobs)
    for told in (ask.bytes("/jobs/"), ask.bytes("/jobs/", json=""), ask.bytes("/api/v1/jobs/summary")):
        assert b"CN=" not in told


def shown(job: Job) -> dict[str, Any]:
    """A job's columns as a list of jobs tells them."""
    told: dict[str, Any] = {name: _number(job[name]) for name in INTEGERS | {"cpuconversion"}}
    told |= {name: None if job[name] is None else float(job[name]) for name in FLOATS}
    told |= {name: errors.seen(job[name]).rstrip(" ") for name in TEXTS}
    told |= {name: None if job[name] is None else f"{job[name]:%Y-%m-%dT%H:%M:%S}" for name in TIMES}
    return told | {
        "produserid": "",
        "produsername": job["produsername"] or "Unknown",
        "transformation": attributes.transformation(job),
        "jobstatus": attributes.state(job),
        "corecount": attributes.corecount(job),
        "eventservice": attributes.eventservice(job),
        "schedulerid": attributes.harvesterinstance(job) or "Not specified",
    }


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def of_job(rows: Rows, job: Job) -> Rows:
    return [row for row in rows if row["pandaid"] == str(job["pandaid"])]


@pytest.fixture(scope="module")
def answers(jobs: list[Job]) -> list[Answers]:
    """Every job with its own answers of both families of addresses."""
    ask = Asking()
    return [
        (job, ask.json(f"/job/{job['pandaid']}/"), ask.v1(f"jobs/{job['pandaid']}")["data"]) for job in jobs
    ]


def test_every_job_alone(answers: list[Answers]) -> None:
    """Its columns, with blanks in the times and the scheduler as stored."""
    for job, compatible, v1 in answers:
        expected = shown(job) | {"schedulerid": job["schedulerid"] or "", "cpuconversion": None}
        for name in TIMES - {"proddbupdatetime"}:
            expected[name] = expected[name].replace("T", " ") if expected[name] else None
        found = {name: compatible["job"][name] for name in ALL}
        assert comparing.difference(expected, found).keys() <= {"destinationse"}
        assert v1["jobstatus"] == job["jobstatus"]
        assert {f"{error['component']}:{error['code']}": error["diag"] or "" for error in v1["errors"]} == (
            errors.errors_of(job)
        )


def test_files_of_every_job(answers: list[Answers], table: Callable[[str], Rows]) -> None:
    rows, contents = table("filestable4"), table("jedi_dataset_contents")
    attempts = {(row["datasetid"], row["fileid"]): row["maxattempt"] for row in contents}
    for job, compatible, _v1 in answers:
        expected = sorted(of_job(rows, job), key=lambda row: (row["type"], int(row["row_id"])))
        found = compatible["files"]
        assert [file["lfn"] for file in found] == [row["lfn"] for row in expected]
        for file, row in zip(found, expected, strict=True):
            assert {name: str(file[name]) for name in row} == _cells(row)
            assert file["fsizemb"] == round(int(row["fsize"]) / 1_000_000, 2)
            if row["type"] == "input":
                assert str(file["maxattempt"]) == attempts[row["datasetid"], row["fileid"]]


def _cells(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value.split(".")[0] if name == "modificationtime" else value for name, value in row.items()}


def test_states_of_every_job(answers: list[Answers], table: Callable[[str], Rows]) -> None:
    log = table("jobs_statuslog")
    for job, _compatible, v1 in answers:
        expected = sorted(of_job(log, job), key=lambda row: row["modiftime_extended"])
        assert [(state["jobstatus"], state["modificationtime"]) for state in v1["states"]] == [
            (row["jobstatus"], row["modificationtime"][:19].replace(" ", "T")) for row in expected
        ]


def test_parameters_and_metadata_of_every_job(answers: list[Answers], table: Callable[[str], Rows]) -> None:
    parameters = {row["pandaid"]: row["jobparameters"] for row in table("jobparamstable")}
    metadata = {row["pandaid"]: row["metadata"] for row in table("metatable") if row["metadata"] != "NULL"}
    for job, compatible, v1 in answers:
        number = str(job["pandaid"])
        assert v1["parameters"] == (parameters.get(number) or None)
        assert ("metastruct" in compatible["job"]) == bool(metadata.get(number))


def test_workers_of_every_job(answers: list[Answers], table: Callable[[str], Rows]) -> None:
    relations = table("harvester_rel_jobs_workers")
    workers = {(row["harvesterid"], row["workerid"]): row for row in table("harvester_workers")}
    for job, compatible, v1 in answers:
        expected = [workers[row["harvesterid"], row["workerid"]] for row in of_job(relations, job)]
        newest = max(expected, key=lambda row: int(row["workerid"]), default={})
        assert sorted(worker["workerid"] for worker in v1["workers"]) == sorted(
            int(row["workerid"]) for row in expected
        )
        told = compatible["job"]["harvesterInfo"]
        names = ("workerid", "harvesterid", "batchlog", "computingelement", "errorcode", "diagmessage")
        assert {name: str(told[name]) for name in told} == {name: newest[name] for name in names if newest}


def test_workers_by_every_attribute_that_is_counted(
    ask: Asking, jobs: list[Job], table: Callable[[str], Rows]
) -> None:
    assert jobs
    rows = table("harvester_workers")
    found = ask.json("/harvester/workers/")
    assert sorted(one["workerid"] for one in found["workers"]) == sorted(int(row["workerid"]) for row in rows)
    page = ask.page("/harvester/workers/").attributes
    for name, counts in found["summary"].items():
        assert counts == Counter(row[name] or "Not specified" for row in rows), name
        shown = {value.value: value.count for value in page.get(name, ())}
        assert shown.items() <= {str(value): count for value, count in counts.items()}.items(), name


def test_queues_by_every_value_of_their_properties(ask: Asking, by_table: Any, table: Any) -> None:
    documents = {row["panda_queue"]: json.loads(row["data"]) for row in table("schedconfig_json")}
    assert ask.json("/sites/") == [document for _, document in sorted(documents.items())]
    asked = {(name, str(value)) for document in documents.values() for name, value in document.items()}
    assert len(asked) > 20
    for name, text in sorted(asked):
        wanted = [queue for queue in sorted(documents) if str(documents[queue].get(name)) == text]
        assert [one["nickname"] for one in ask.json("/sites/", **{name: text})] == wanted, (name, text)


def test_states_by_queue(ask: Asking, jobs: list[Job]) -> None:
    begin = NOW - timedelta(hours=12)
    counts = Counter(
        (job["computingsite"], job["jobstatus"]) for job in jobs if begin <= job["modificationtime"] <= NOW
    )
    found = ask.json("/status_summary/")["data"]
    told = {(one["computingsite"], state): one[state] for one in found for _, state in counts}
    assert len(counts) > 4
    assert {key: count for key, count in told.items() if count} == counts
