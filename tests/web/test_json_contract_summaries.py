"""What comes beside and inside the jobs of `/jobs/`: summaries, errors, attempts, files."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bigpandamon_core.panda.errors import ErrorDescriptions
from bigpandamon_core.panda.files import FilesTableArch
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from tests.instance.factory import Panda
from tests.web.compatible import ask, jobs, numbers
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
AT = NOON - timedelta(minutes=5)
FIELDS = """
    processingtype computingsite jobstatus prodsourcelabel produsername jeditaskid workinggroup transformation cloud
    homepackage inputfileproject inputfiletype outputfiletype attemptnr specialhandling priorityrange reqid minramcount
    eventservice jobsubstatus nucleus gshare resourcetype corecount noutputdatafiles actualcorecount harvesterinstance
    pilotversion computingelement container_name neventsrange processor_type durationmin
""".split()  # noqa: E501  # as the facts list them
NUMERIC = ("jeditaskid", "attemptnr", "reqid", "corecount", "noutputdatafiles", "actualcorecount")
JOB_FILE = """
    row_id pandaid modificationtime guid lfn type dataset status proddblock proddblocktoken dispatchdblock
    dispatchdblocktoken destinationdblock destinationdblocktoken destinationse fsize md5sum checksum scope jeditaskid
    datasetid fileid attemptnr datasetname fsizemb oldfiletable destinationdblock_vis
""".split()  # noqa: E501
TASK_FILE = """
    jeditaskid datasetid fileid creationdate lastattempttime lfn guid type status fsize checksum scope attemptnr
    maxattempt nevents keeptrack startevent endevent firstevent boundaryid pandaid jobsetid maxfailure failedattempt
    lumiblocknr procstatus ramcount datasetname fsizemb
""".split()  # noqa: E501


def of_field(answer: Any, field: str) -> dict[str, Any]:
    [part] = [part for part in answer["selectionsummary"] if part["field"] == field]
    found: dict[str, Any] = part
    return found


def test_a_summary_has_all_attributes_in_order(client: Client, panda: Panda):
    panda.job(modificationtime=AT, minramcount=2500, actualcorecount=8, noutputdatafiles=1)
    answer = ask(client)
    assert [part["field"] for part in answer["selectionsummary"]] == sorted(FIELDS)
    assert {part["field"] for part in answer["selectionsummary"] if "stats" in part} == {
        "actualcorecount",
        "minramcount",
    }
    assert of_field(answer, "minramcount") == {
        "field": "minramcount", "list": [{"kname": "2-3GB", "kvalue": 1}], "stats": {"sum": 2500},
    }  # fmt: skip
    for part in answer["selectionsummary"]:
        [value] = part["list"]
        assert isinstance(value["kname"], int if part["field"] in NUMERIC else str), part["field"]


def test_absent_values_have_a_name_and_are_one(client: Client, panda: Panda):
    for gone in (None, ""):
        panda.job(
            modificationtime=AT, container_name=gone, jeditaskid=None, workinggroup=gone, corecount=None
        )
    answer = ask(client)
    for field in ("container_name", "jeditaskid", "workinggroup", "pilotversion", "harvesterinstance"):
        assert of_field(answer, field)["list"] == [{"kname": "Not specified", "kvalue": 2}]
    assert of_field(answer, "corecount")["list"] == [{"kname": 1, "kvalue": 2}]
    assert len(numbers(client, workinggroup="Not specified")) == 2
    assert len(numbers(client, jeditaskid="Not specified", hours=1)) == 2


def test_values_by_count_and_by_name(client: Client, panda: Panda):
    for queue, many in (("B", 1), ("A", 1), ("C", 3)):
        panda.jobs({"modificationtime": AT, "computingsite": queue} for _ in range(many))

    def order(**parameters: str) -> list[str]:
        return [value["kname"] for value in of_field(ask(client, **parameters), "computingsite")["list"]]

    assert order() == order(sortby="count") == ["C", "A", "B"]
    assert order(sortby="alpha") == ["A", "B", "C"]


def test_the_jobs_of_an_error_are_told_where_all_of_them_are_listed(client: Client, panda: Panda):
    for code in (1099, 1099, 1150):
        panda.job(modificationtime=AT, jobstatus="failed", piloterrorcode=code)
    first, second = ask(client, limit="2", sortby="pandaid-descending")["errsByCount"]
    assert (first["count"], "pandalist" in first) == (2, False)
    assert (second["count"], len(second["pandalist"])) == (1, 1)


def test_an_error_has_all_keys(client: Client, panda: Panda):
    panda.row(ErrorDescriptions, id=1, component="pilot", code=1099, acronym="STAGEIN", diagnostics="x",
              description="Stage-in failed", category=1)  # fmt: skip
    first = panda.job(
        modificationtime=AT, jobstatus="failed", piloterrorcode=1099, piloterrordiag="no <file>"
    )
    second = panda.job(
        modificationtime=AT, jobstatus="holding", piloterrorcode=1099, piloterrordiag="last one"
    )
    third = panda.job(modificationtime=AT, jobstatus="failed", transexitcode="abc")
    panda.job(modificationtime=AT, jobstatus="finished", piloterrorcode=1099)
    errors = ask(client)["errsByCount"]
    assert errors == [
        {
            "error": "pilot:1099", "codename": "piloterrorcode", "codeval": 1099, "diag": "last one",
            "desc": "Stage-in failed", "cat": {"name": "File and storage", "id": 1},
            "example_pandaid": second, "count": 2, "pandalist": [str(second), str(first)],
        },
        {
            "error": "transform:abc", "codename": "transexitcode", "codeval": "abc", "diag": "", "desc": "",
            "cat": {"name": "Uncategorised", "id": 0}, "example_pandaid": third, "count": 1,
            "pandalist": [str(third)],
        },
    ]  # fmt: skip


def _code(column: str, code: int) -> dict[str, Any]:
    return {column: str(code) if column == "transexitcode" else code}


def test_each_component_has_its_name(client: Client, panda: Panda):
    names = {
        "brokerage": "brokerageerrorcode", "dataservice": "ddmerrorcode", "executor": "exeerrorcode",
        "jobdispatcher": "jobdispatchererrorcode", "pilot": "piloterrorcode",
        "taskbuffer": "taskbuffererrorcode", "transform": "transexitcode", "supervisor": "superrorcode",
    }  # fmt: skip
    for at, column in enumerate(names.values()):
        panda.job(modificationtime=AT, jobstatus="failed", **_code(column, at + 1))
    found = {error["error"]: error["codename"] for error in ask(client)["errsByCount"]}
    assert found == {f"{name}:{at + 1}": column for at, (name, column) in enumerate(names.items())}


def test_errors_of_test_jobs_in_every_state(client: Client, panda: Panda):
    panda.job(modificationtime=AT, prodsourcelabel="prod_test", piloterrorcode=7, jobstatus="finished")
    assert [error["count"] for error in ask(client, prodsourcelabel="prod_test")["errsByCount"]] == [1]
    assert ask(client)["errsByCount"] == []


@pytest.fixture
def attempts(panda: Panda) -> list[int]:
    """Three attempts of one job, two job sets of which the second replaces the first, a job elsewhere."""
    first, second, third = (
        panda.job(modificationtime=AT, attemptnr=at, jobstatus="failed") for at in (1, 2, 3)
    )
    panda.retry(first, second)
    panda.retry(second, third, relationtype="")
    old, new = (panda.job(modificationtime=AT, jobsetid=jobset, attemptnr=0) for jobset in (91, 92))
    panda.retry(91, 92, relationtype="jobset_retry")
    panda.job(modificationtime=AT, jeditaskid=7001)
    return [first, second, third, old, new]


def test_superseded_attempts_of_one_task_are_left_out(client: Client, attempts: list[int]):
    _first, _second, third, _old, new = attempts
    for mode in ({}, {"mode": "drop"}):
        answer = ask(client, jeditaskid=7000, **mode)
        assert [job["pandaid"] for job in answer["jobs"]] == [third, new]
        assert of_field(answer, "jeditaskid")["list"] == [{"kname": 7000, "kvalue": 2}]
        assert not answer["errsByCount"]
    assert sorted(numbers(client, jeditaskid=7000, mode="nodrop")) == sorted(attempts)
    assert len(numbers(client)) == 6
    assert sorted(numbers(client, jeditaskid="7000|7001")) == sorted(numbers(client))


def test_the_last_attempt_stays(client: Client, panda: Panda):
    """Also where the history says that a job replaced itself, or speaks of another task."""
    only = panda.job(modificationtime=AT)
    panda.retry(only, only)
    panda.retry(only, only + 1, jeditaskid=7009)
    assert numbers(client, jeditaskid=7000) == [only]


def test_failed_merge_jobs_are_left_out_when_another_one_followed(client: Client, panda: Panda):
    failed, again, unmerged = (
        panda.job(modificationtime=AT, attemptnr=at, processingtype=kind, jobstatus=state)
        for at, kind, state in ((3, "pmerge", "failed"), (2, "pmerge", "finished"), (1, "simul", "finished"))
    )
    panda.retry(failed, again, relationtype="merge")
    panda.retry(unmerged, again, relationtype="merge")
    assert numbers(client, jeditaskid=7000) == [again, unmerged]


@pytest.mark.parametrize(
    ("kind", "kept"), [(1, True), (2, True), (4, True), (5, True), (3, False), (None, False)]
)
def test_event_service_is_never_left_out(client: Client, panda: Panda, kind: int | None, kept: bool):
    old, new = (panda.job(modificationtime=AT, attemptnr=at, eventservice=kind) for at in (1, 2))
    panda.retry(old, new)
    assert numbers(client, jeditaskid=7000) == ([new, old] if kept else [new])


@pytest.fixture
def with_files(panda: Panda) -> int:
    """A job with an input and an output in both file tables."""
    job = panda.job(modificationtime=AT)
    panda.row(
        JediDatasets, jeditaskid=7000, datasetid=11, datasetname="scope:in.ds", type="input", status="ready"
    )
    panda.row(JediDatasetContents, jeditaskid=7000, datasetid=11, fileid=5, pandaid=job, lfn="in.1",
              type="input", status="ready", fsize=2_500_000, attemptnr=2, maxattempt=5)  # fmt: skip
    panda.file(job, lfn="out.1", type="output", fsize=1_234_567, destinationdblock="some.ds_sub12", fileid=6,
               datasetid=12, jeditaskid=7000)  # fmt: skip
    panda.file(job, lfn="in.1", type="input", fsize=2_500_000, proddblock="in.ds", fileid=5, datasetid=11,
               jeditaskid=7000, attemptnr=1)  # fmt: skip
    return job


def test_files_of_jobs_where_asked_for(client: Client, with_files: int):
    [job] = jobs(client, datasets="true")
    of_task, first, last = job["datasets"]
    assert [file["type"] for file in job["datasets"]] == ["input", "input", "output"]
    assert set(TASK_FILE) <= of_task.keys()
    assert set(JOB_FILE) <= first.keys() == last.keys()
    assert (of_task["datasetname"], of_task["fsize"], of_task["fsizemb"]) == ("scope:in.ds", 2, "2.50")
    assert (first["datasetname"], first["oldfiletable"], first["destinationse"]) == ("in.ds", 1, "")
    assert (last["fsize"], last["fsizemb"], last["destinationdblock_vis"]) == (1, "1.23", "sub12")
    assert last["attemptnr"] is None
    assert last["modificationtime"] == "2026-03-01T12:00:00"
    assert all("datasets" not in job for job in jobs(client))


def test_files_of_long_ended_jobs(client: Client, panda: Panda):
    job = panda.job(modificationtime=AT)
    panda.file(job, FilesTableArch, lfn="old.1", type="log", fsize=None)
    [told] = jobs(client, datasets=1)
    assert [(file["lfn"], file["fsize"], file["fsizemb"]) for file in told["datasets"]] == [
        ("old.1", 0, "0.00")
    ]


def test_attempts_at_one_file(client: Client, panda: Panda, with_files: int):
    panda.job(modificationtime=AT)
    [job] = jobs(client, jeditaskid=7000, datasetid=11, fileid=5)
    assert (job["pandaid"], job["fileattemptnr"], job["filemaxattempts"]) == (with_files, 1, 5)
    [job] = jobs(client, jeditaskid=7000, datasetid=12, fileid=6)
    assert (job["fileattemptnr"], job["filemaxattempts"]) == (None, None)
    assert "fileattemptnr" not in jobs(client, jeditaskid=7000, datasetid=11)[0]
