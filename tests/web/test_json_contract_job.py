"""`/job/<pandaid>/` as programs written for BigPanDA read it."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from bigpandamon_core.panda.files import FilesTableArch, MetaTableArch
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from tests.instance.factory import Panda
from tests.truth.columns import ALL, TIMES
from tests.web.compatible import ask, numbers
from tests.web.conftest import NOON
from tests.web.test_json_contract_jobs import ALWAYS

pytestmark = pytest.mark.usefixtures("own", "clock")
AT = NOON - timedelta(minutes=5)
ARCHIVED = timedelta(days=5)
WORKER = {"workerid", "harvesterid", "batchlog", "computingelement", "errorcode", "diagmessage"}
FILE_KEYS = """
    row_id pandaid modificationtime guid lfn type dataset status proddblock proddblocktoken dispatchdblock
    dispatchdblocktoken destinationdblock destinationdblocktoken destinationse fsize md5sum checksum scope
    jeditaskid datasetid fileid attemptnr fsizemb creationdate datasetname ruciodatasetname oldfiletable
    destinationdblock_vis ddmsite dsttoken
""".split()


def the_answer(
    client: Client, panda: Panda, table: str = "jobsarchived4", /, **columns: Any
) -> dict[str, Any]:
    number = panda.job(table, **({"modificationtime": AT} | columns))
    found: dict[str, Any] = ask(client, f"/job/{number}/")
    return found


@pytest.mark.parametrize("table", ["jobsdefined4", "jobsactive4", "jobsarchived4", "jobsarchived"])
def test_columns_and_computed_keys(client: Client, panda: Panda, table: str):
    answer = the_answer(
        client, panda, table, schedulerid="harvester-one", jobstatus="holding", cpuconversion=2
    )
    job = answer["job"]
    assert answer.keys() == {"job", "files", "dsfiles"}
    assert not (ALL | ALWAYS.keys()) - {"consumer", "pilotversion"} - job.keys()
    assert not {"consumer", "pilotversion", "metastruct", "metadata"} & job.keys()
    assert (job["schedulerid"], job["cpuconversion"]) == ("harvester-one", None)
    assert job["harvesterInfo"] == {}
    assert (answer["files"], answer["dsfiles"], job["file_summary_str"]) == ([], [], "")
    for name in (
        "piloterrorcode",
        "piloterrordiag",
        "exeerrorcode",
        "exeerrordiag",
        "jobstatus",
        "errorinfo",
    ):
        assert job[name] is not None


def test_its_main_times_have_a_blank(client: Client, panda: Panda):
    moment = NOON - timedelta(days=3, seconds=7)
    job = the_answer(client, panda, **dict.fromkeys(TIMES - {"modificationtime"}, moment))["job"]
    for name in TIMES - {"modificationtime", "proddbupdatetime"}:
        assert job[name] == "2026-02-26 11:59:53"
    assert job["proddbupdatetime"] == "2026-02-26T11:59:53"
    assert job["days_since_creation"] == 3


def test_its_state_is_the_shown_one(client: Client, panda: Panda):
    assert the_answer(client, panda, jobsubstatus="fg_partial")["job"]["jobstatus"] == "subfinished"


def test_metadata_as_object_and_as_text(client: Client, panda: Panda):
    stored = {"b": 1, "a": {"ü": [1, 2]}}
    number, old, broken = (panda.job(modificationtime=AT - ARCHIVED) for _ in range(3))
    panda.metadata(number, json.dumps(stored))
    panda.metadata(old, json.dumps(stored), MetaTableArch)
    panda.metadata(broken, "<META>old times</META>")
    for one in (number, old):
        job = ask(client, f"/job/{one}/")["job"]
        assert job["metastruct"] == stored
        assert json.loads(job["metadata"]) == stored
        assert "\n" in job["metadata"]
    job = ask(client, f"/job/{broken}/")["job"]
    assert job["metadata"] == "<META>old times</META>"
    assert "metastruct" not in job


def test_its_files(client: Client, panda: Panda):
    number = panda.job(modificationtime=AT)
    panda.row(
        JediDatasets, jeditaskid=7000, datasetid=11, datasetname="mc:in.ds", type="input", site="SITE_DISK"
    )
    panda.row(JediDatasetContents, jeditaskid=7000, datasetid=11, fileid=5, lfn="in.1", type="input",
              status="ready", maxattempt=4, creationdate=NOON - timedelta(days=1))  # fmt: skip
    panda.file(number, lfn="out.1", type="output", fsize=None or 0, destinationdblock="mc.x_sub9",
               destinationdblocktoken="TOKEN", status="unknown", scope=None, datasetid=None)  # fmt: skip
    panda.file(number, lfn="in.1", type="input", fsize=1_234_567, jeditaskid=7000, datasetid=11, fileid=5)
    first, last = ask(client, f"/job/{number}/")["files"]
    assert set(FILE_KEYS) | {"maxattempt"} == first.keys()
    assert set(FILE_KEYS) == last.keys()
    assert (first["lfn"], first["fsize"], first["fsizemb"], first["maxattempt"]) == (
        "in.1",
        1_234_567,
        1.23,
        4,
    )
    assert (first["datasetname"], first["ruciodatasetname"], first["ddmsite"]) == (
        "mc:in.ds",
        "in.ds",
        "SITE_DISK",
    )
    assert first["creationdate"] == "2026-02-28 12:00:00"
    assert (last["lfn"], last["type"], last["scope"], last["datasetid"]) == ("out.1", "output", "", "")
    assert (last["destinationdblock_vis"], last["dsttoken"], last["datasetname"]) == (
        "sub9",
        "TOKEN",
        "mc.x_sub9",
    )
    assert None not in {*first.values(), *last.values()}


def test_files_from_the_archive(client: Client, panda: Panda):
    number = panda.job(modificationtime=AT - ARCHIVED)
    panda.file(number, FilesTableArch, lfn="old.1", type="log", fsize=None)
    answer = ask(client, f"/job/{number}/")
    assert [(file["lfn"], file["fsize"], file["fsizemb"]) for file in answer["files"]] == [("old.1", 0, 0.0)]
    assert answer["job"]["file_summary_str"] == "log: 1, size: 0.00 (MB)"


def test_the_storage_of_the_dataset_wins(client: Client, panda: Panda):
    number = panda.job(modificationtime=AT, destinationse="nucleus:ONE")
    panda.row(
        JediDatasets, jeditaskid=7000, datasetid=12, datasetname="out", type="output", storagetoken="RSE_ONE"
    )
    panda.file(number, lfn="out.1", type="output", datasetid=12)
    assert ask(client, f"/job/{number}/")["job"]["destinationse"] == "RSE_ONE"
    assert the_answer(client, panda, destinationse="nucleus:ONE")["job"]["destinationse"] == "nucleus:ONE"


def test_its_newest_worker(client: Client, panda: Panda):
    number = panda.job(modificationtime=AT)
    panda.worker(number, workerid=7)
    panda.worker(
        number, workerid=8, batchlog="http://x/l", computingelement="ce", errorcode=3, diagmessage="<bad>"
    )
    told = ask(client, f"/job/{number}/")["job"]["harvesterInfo"]
    assert told == {"workerid": 8, "harvesterid": "harvester_one", "batchlog": "http://x/l",
                    "computingelement": "ce", "errorcode": 3, "diagmessage": "<bad>"}  # fmt: skip
    assert told.keys() == WORKER


def test_event_service_jobs_have_task_files_and_relatives(client: Client, panda: Panda):
    number = panda.job(modificationtime=AT, eventservice=1, jobsetid=91)
    panda.row(JediDatasetContents, jeditaskid=7000, datasetid=11, fileid=5, lfn="in.1", type="input",
              status="running", pandaid=number)  # fmt: skip
    answer = ask(client, f"/job/{number}/")
    assert [file["lfn"] for file in answer["dsfiles"]] == ["in.1"]
    relatives = dict(parse_qsl(answer["job"]["es_related_jobs_link_params"]))
    assert numbers(client, **relatives) == [number]
    assert "es_related_jobs_link_params" not in the_answer(client, panda)["job"]


def test_an_incomplete_record(client: Client, panda: Panda):
    job = the_answer(client, panda, "jobsarchived", jobstatus=None, creationtime=None, modificationtime=None)[
        "job"
    ]
    assert (job["jobstatus"], job["creationtime"], job["days_since_creation"]) == ("", None, None)
