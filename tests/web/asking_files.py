"""Tasks with data sets and files as they would be now, and jobs that read and wrote them."""

from typing import Any

import pytest

from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from tests.web.conftest import NOON

TASK, OTHER = 7001, 7002
NAME = "user.ada:user.ada.data"


@pytest.fixture
def dataset(panda):
    """`dataset(datasetid, jeditaskid=…)`; its number."""

    def make(datasetid: int, jeditaskid: int = TASK, **columns: Any) -> int:
        usual = {"datasetname": NAME, "type": "input", "creationtime": NOON, "modificationtime": NOON}
        panda.row(JediDatasets, jeditaskid=jeditaskid, datasetid=datasetid, **(usual | columns))
        return datasetid

    return make


@pytest.fixture
def content(panda):
    """`content(fileid, datasetid=…)`; its number."""

    def make(fileid: int, datasetid: int = 1, jeditaskid: int = TASK, **columns: Any) -> int:
        usual = {"lfn": f"file.{fileid}", "type": "input", "status": "ready", "creationdate": NOON}
        keys = {"jeditaskid": jeditaskid, "datasetid": datasetid, "fileid": fileid}
        panda.row(JediDatasetContents, **keys, **(usual | columns))
        return fileid

    return make


@pytest.fixture
def world(panda, dataset, content):
    """A task with an input of three files and an output of one; another task reads the same input."""
    panda.task(jeditaskid=TASK, taskname="user.ada.task", username="Ada Example")
    panda.task(jeditaskid=OTHER, username="Bob Example")
    dataset(
        1, nfiles=3, nfilesfinished=1, nfilesfailed=1, containername="user.ada:user.ada.all/", status="ready"
    )
    dataset(2, type="output", datasetname="user.ada.out", containername="user.ada.out/", status="defined")
    dataset(3, OTHER, containername="user.ada:user.ada.all/", status="done", nfiles=2, nfilesfinished=2)
    content(
        11, lfn="one", guid="g-1", scope="user.ada", pandaid=501, status="finished", procstatus="finished",
        attemptnr=2, maxattempt=3, failedattempt=1, maxfailure=3, nevents=100, startevent=0, endevent=99,
        fsize=1_500_000,
    )  # fmt: skip
    content(12, lfn="two", procstatus="running", attemptnr=3, maxattempt=3)
    content(13, lfn="two", guid="g-3")
    content(21, 2, lfn="out", type="output", status="finished", outpandaid=501)
    content(31, 3, OTHER, lfn="one", guid="g-1", scope="user.ada", pandaid=502, status="finished")
    for number, jeditaskid, datasetid, fileid, attemptnr in (
        (500, TASK, 1, 11, 1), (501, TASK, 1, 11, 2), (502, OTHER, 3, 31, 1),
    ):  # fmt: skip
        state = "failed" if number == 500 else "finished"
        panda.job(pandaid=number, jeditaskid=jeditaskid, jobstatus=state, modificationtime=NOON)
        keys = {"jeditaskid": jeditaskid, "datasetid": datasetid, "fileid": fileid, "attemptnr": attemptnr}
        panda.file(number, row_id=number, lfn="one", type="input", dataset=NAME, **keys)
