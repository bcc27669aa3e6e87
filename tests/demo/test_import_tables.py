"""Tables as a server wrote them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bigpandamon_core.demo.importing import tables
from bigpandamon_core.demo.importing.files import FileReport, Watcher, import_file
from bigpandamon_core.panda.jobs import JobsDefined4
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.panda.statuslog import JobsStatusLog
from bigpandamon_core.panda.workers import HarvesterWorkers
from bigpandamon_core.sources.records import Record
from bigpandamon_core.state.imports import ImportedJob

pytestmark = pytest.mark.usefixtures("panda", "own")


def imported(path: Path, text: str) -> FileReport:
    path.write_text(text)
    return import_file(tables.KIND, path, Watcher())


def test_an_empty_field_is_null_and_a_document_is_parsed(tmp_path):
    rows = 'QUEUE_ONE,"{""status"": ""online""}",2026-01-01 10:00\nQUEUE_TWO,,\n'
    assert imported(tmp_path / "schedconfig_json.csv", "panda_queue,data,last_update\n" + rows).added == 2
    found: list[Any] = list(SchedconfigJson.objects.order_by("panda_queue").values())
    assert found == [
        {"panda_queue": "QUEUE_ONE", "data": {"status": "online"}, "last_update": datetime(2026, 1, 1, 10)},
        {"panda_queue": "QUEUE_TWO", "data": None, "last_update": None},
    ]


def test_a_number_or_time_that_may_not_be_null_is_refused(tmp_path):
    report = imported(
        tmp_path / "harvester_workers.csv", "harvesterid,workerid,lastupdate,status\nh,1,,ready\n"
    )
    assert (report.records, report.refused) == (1, 1)


def test_a_text_that_may_not_be_null_is_empty(tmp_path):
    imported(
        tmp_path / "harvester_workers.csv",
        "harvesterid,workerid,lastupdate,status\nh,1,2026-01-01 00:00:00,\n",
    )
    assert HarvesterWorkers.objects.get().status == ""


def test_unknown_columns_are_named(tmp_path):
    report = imported(tmp_path / "schedconfig_json.csv", "panda_queue,colour\nQUEUE_ONE,red\nQUEUE_TWO,\n")
    assert report.left_out == {"colour": 1}


def test_changes_of_state_have_no_key_but_come_once(tmp_path):
    header = "pandaid,modificationtime,jobstatus,modiftime_extended\n"
    rows = ["1,2026-01-01 00:00:00,running,2026-01-01 00:00:00.25\n", "1,2026-01-01 00:00:00,running,\n"]
    path = tmp_path / "jobs_statuslog.csv"
    assert imported(path, header + "".join(rows)).added == 2
    report = imported(path, header + "".join(rows) + "1,2026-01-01 00:00:00,running,2026-01-01 00:00:00.5\n")
    assert (report.added, report.unchanged) == (1, 2)
    assert JobsStatusLog.objects.count() == 3


def test_workers_are_numbered_within_their_harvester(tmp_path):
    header = "harvesterid,workerid,lastupdate,status\n"
    time = "2026-01-01 00:00:00"
    path = tmp_path / "harvester_workers.csv"
    assert imported(path, f"{header}one,1,{time},ready\ntwo,1,{time},ready\n").added == 2
    report = imported(path, f"{header}one,1,2026-01-02 00:00:00,ready\n")
    assert (report.added, report.unchanged, report.kept) == (0, 1, 1)


def test_jobs_of_job_tables_have_an_origin_and_files_of_jobs_have_none(tmp_path, panda):
    pandaid = panda.job("jobsdefined4")
    names = [field.name for field in JobsDefined4._meta.concrete_fields]
    stored = JobsDefined4.objects.values_list(*names).get()
    cells = ["" if value is None else str(value) for value in stored]
    panda.clear()
    assert imported(tmp_path / "jobsdefined4.csv", ",".join(names) + "\n" + ",".join(cells) + "\n").added == 1
    imported(tmp_path / "metatable.csv", "pandaid,modificationtime,metadata\n999,1970-01-01 00:00:00,x\n")
    assert list(ImportedJob.objects.values_list("pandaid", flat=True)) == [pandaid]
    assert JobsDefined4.objects.values_list(*names).get() == stored


def test_every_table_has_a_key_of_columns_it_has():
    for table in tables.tables().values():
        key = tables.key(table)
        assert key.sought in key.names
        assert set(key.names) <= {field.name for field in table._meta.concrete_fields}


def test_recognised_by_the_file_s_name(tmp_path):
    record = Record("line 2", {"pandaid": "1"})
    assert tables.recognises(tmp_path / "jobsActive4.csv", record)
    assert not tables.recognises(tmp_path / "jobs.csv", record)
