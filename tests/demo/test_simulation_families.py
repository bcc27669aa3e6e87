"""What belongs to a simulated job goes with it: files, parameters, metadata, workers, attempts, its task."""

import json
from collections import Counter, defaultdict
from datetime import datetime

import pytest

from bigpandamon_core.demo.simulation.records import Row
from bigpandamon_core.domain.job_errors import CODE_COLUMNS, is_error
from tests.demo.worlds import Simulated

pytestmark = pytest.mark.once

EPOCH = datetime(1970, 1, 1)
ENDS = ("finished", "failed", "cancelled", "closed")
TABLES = (
    "jobsactive4", "jobsarchived4", "filestable4", "jobparamstable", "metatable", "jobs_statuslog",
    "jedi_tasks", "jedi_datasets", "jedi_dataset_contents", "jedi_job_retry_history",
    "jedi_taskparams", "task_attempts", "tasks_statuslog", "schedconfig_json",
    "harvester_workers", "harvester_rel_jobs_workers", "error_descriptions", "harvester_instances",
    "harvester_worker_stats", "harvester_dialogs", "jedi_work_queue", "resource_types", "worker_node",
    "worker_node_queue", "users",
)  # fmt: skip


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    return Simulated(seed=2).run(hours=24)


@pytest.fixture(scope="module")
def jobs(simulated):
    return {row["pandaid"]: row for row in simulated.jobs()}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_filled(simulated, table):
    assert simulated.rows(table)


def test_a_young_world_has_jobs_that_are_defined():
    assert Simulated().run(hours=0.2).rows("jobsdefined4")


def test_the_rate_is_the_one_asked_for():
    """Tasks are few and of all sizes: over four days the rate settles."""
    simulated = Simulated(jobs_per_day=1000, series=0.0).run(hours=96)
    assert len(simulated.jobs()) == pytest.approx(4 * 1000, rel=0.25)


@pytest.mark.parametrize("table", ["filestable4", "jobparamstable", "metatable"])
def test_what_belongs_to_a_job_has_no_time_before_the_job_is_archived(simulated, jobs, table):
    rows = simulated.rows(table)
    assert {row["modificationtime"] for row in rows} > {EPOCH}
    for row in rows:
        job = jobs[row["pandaid"]]
        expected = job["modificationtime"] if job["jobstatus"] in ENDS else EPOCH
        assert row["modificationtime"] == expected


def test_outputs_are_ready_on_success_and_failed_otherwise(simulated, jobs):
    met = defaultdict(set)
    for row in simulated.rows("filestable4"):
        if row["type"] != "input":
            met[jobs[row["pandaid"]]["jobstatus"]].add(row["status"])
    assert met["finished"] == {"ready"}
    assert all(met[end] == {"failed"} for end in ("failed", "cancelled", "closed"))
    assert met["running"] == {"unknown"}
    assert met["transferring"] == {"transferring"}


def test_an_activated_job_has_all_its_inputs(simulated, jobs):
    waiting = {"pending", "defined", "assigned", "waiting"}
    for row in simulated.rows("filestable4"):
        state = jobs[row["pandaid"]]["jobstatus"]
        if row["type"] == "input" and state not in (*waiting, *ENDS):
            assert row["status"] in ("ready", "cached")


def test_a_job_is_told_the_names_of_its_files(simulated, jobs):
    commands = {row["pandaid"]: row["jobparameters"] for row in simulated.rows("jobparamstable")}
    for row in simulated.rows("filestable4"):
        job = jobs[row["pandaid"]]
        if job["processingtype"] != "pmerge" and row["type"] in ("input", "output"):
            assert row["lfn"] in commands[row["pandaid"]]
            assert row["attemptnr"] == job["attemptnr"]


def test_only_finished_jobs_have_sizes_of_outputs(simulated, jobs):
    for row in simulated.rows("filestable4"):
        if row["type"] == "output":
            assert (row["fsize"] > 0) == (jobs[row["pandaid"]]["jobstatus"] == "finished")


def test_failed_jobs_say_why_and_finished_ones_have_no_error(jobs):
    for row in jobs.values():
        told = [column for column in CODE_COLUMNS if is_error(row.get(column))]
        if row["jobstatus"] in ("failed", "cancelled", "closed"):
            assert told, row["pandaid"]
        if row["jobstatus"] == "finished":
            assert told == []


def test_errors_come_from_the_published_codes(simulated, jobs):
    known = {(row["component"], row["code"]) for row in simulated.rows("error_descriptions")}
    names = {"piloterrorcode": "pilot", "ddmerrorcode": "dataservice", "superrorcode": "supervisor",
             "jobdispatchererrorcode": "jobdispatcher", "taskbuffererrorcode": "taskbuffer"}  # fmt: skip
    met = {(names[column], row[column]) for row in jobs.values() for column in names if row[column]}
    assert len(met) > 20
    assert met <= known


def test_a_retry_names_the_job_it_replaces(simulated, jobs):
    history = [row for row in simulated.rows("jedi_job_retry_history") if row["relationtype"] == "retry"]
    assert {(row["newpandaid"], row["oldpandaid"]) for row in history} == {
        (row["pandaid"], row["parentid"]) for row in jobs.values() if row["parentid"]
    }
    for row in history:
        old, new = jobs[row["oldpandaid"]], jobs[row["newpandaid"]]
        assert old["jobstatus"] in ("failed", "closed")
        assert new["attemptnr"] == old["attemptnr"] + 1
        assert new["creationtime"] >= old["modificationtime"]
        assert new["jeditaskid"] == old["jeditaskid"] == row["jeditaskid"]
        assert jobs[row["originpandaid"]]["parentid"] is None


def test_no_job_is_replaced_twice(simulated):
    replaced = Counter(
        row["oldpandaid"]
        for row in simulated.rows("jedi_job_retry_history")
        if row["relationtype"] == "retry"
    )
    assert set(replaced.values()) == {1}


def test_merged_jobs_wait_for_their_merge(simulated, jobs):
    merges = [row for row in simulated.rows("jedi_job_retry_history") if row["relationtype"] == "merge"]
    assert merges
    for row in merges:
        if jobs[row["oldpandaid"]]["jobstatus"] == "finished":
            assert jobs[row["newpandaid"]]["processingtype"] == "pmerge"


def test_a_job_that_a_pilot_took_has_a_worker(simulated, jobs):
    workers = {(row["harvesterid"], row["workerid"]): row for row in simulated.rows("harvester_workers")}
    related = defaultdict(list)
    for row in simulated.rows("harvester_rel_jobs_workers"):
        related[row["pandaid"]].append(workers[row["harvesterid"], row["workerid"]])
    for row in jobs.values():
        if row.get("starttime"):
            (worker,) = related[row["pandaid"]]
            assert row["batchid"] == worker["batchid"]
            assert row["computingsite"] == worker["computingsite"]


def test_services_tell_their_live_workers_as_of_their_last_report(simulated):
    services = {row["harvester_id"]: row["lastupdate"] for row in simulated.rows("harvester_instances")}
    workers = simulated.rows("harvester_workers")
    assert {row["harvesterid"] for row in workers} < services.keys()
    told = Counter[tuple[str, ...]]()
    for row in simulated.rows("harvester_worker_stats"):
        assert row["lastupdate"] <= services[row["harvester_id"]]
        told[row["harvester_id"], row["status"]] += row["n_workers"]
    for name, heard in services.items():
        for state in ("submitted", "running"):
            alive = Counter(
                _state_at(row, heard)
                for row in workers
                if row["harvesterid"] == name and row["submittime"] <= heard
            )
            assert told[name, state] == pytest.approx(alive[state], abs=2), (name, state)
    assert sum(told.values()) > 100


def _state_at(worker: Row, moment: datetime) -> str:
    if worker.get("endtime") and worker["endtime"] <= moment:
        return "over"
    return "running" if worker.get("starttime") and worker["starttime"] <= moment else "submitted"


def test_messages_are_numbered_within_their_service(simulated):
    keys = [(row["harvester_id"], row["diagid"]) for row in simulated.rows("harvester_dialogs")]
    assert len(set(keys)) == len(keys) > 20
    assert {row["messagelevel"] for row in simulated.rows("harvester_dialogs")} >= {"INFO", "ERROR"}


def test_nodes_are_those_that_jobs_ran_on(simulated, jobs):
    seen = {(row["host_name"], row["panda_queue"]) for row in simulated.rows("worker_node_queue")}
    ran = {
        (row["modificationhost"].rpartition("@")[2], row["computingsite"])
        for row in jobs.values()
        if row.get("starttime")
    }
    assert ran <= seen
    sites = {(row["site"], row["host_name"]) for row in simulated.rows("worker_node")}
    assert {host for _, host in sites} == {host for host, _ in seen}


def test_jobs_belong_to_work_queues_and_resource_types_that_are_there(simulated, jobs):
    queues = {row["queue_id"] for row in simulated.rows("jedi_work_queue")}
    classes = {row["resource_name"] for row in simulated.rows("resource_types")}
    assert {row["workqueue_id"] for row in jobs.values()} <= queues
    assert {row["resource_type"] for row in jobs.values()} <= classes


def test_metadata_holds_what_the_process_monitor_saw(simulated, jobs):
    documents = {row["pandaid"]: json.loads(row["metadata"]) for row in simulated.rows("metatable")}
    with_series = {pandaid: document for pandaid, document in documents.items() if "prmon_series" in document}
    assert 0 < len(with_series) < len(documents)
    for pandaid, document in documents.items():
        assert document["prmon"]["Max"]["pss"] == jobs[pandaid]["maxpss"]
    for document in with_series.values():
        header, *lines = document["prmon_series"].splitlines()
        assert len(lines) > 5
        assert {len(line.split("\t")) for line in lines} == {len(header.split("\t"))}


def test_counters_of_inputs_agree_with_the_contents(simulated):
    contents = Counter(
        (row["datasetid"], row["status"])
        for row in simulated.rows("jedi_dataset_contents")
        if row["type"] == "input"
    )
    for row in simulated.rows("jedi_datasets"):
        if row["type"] == "input":
            assert row["nfilesfinished"] == contents[row["datasetid"], "finished"]


def test_ended_tasks_end_as_their_inputs_did(simulated):
    inputs = {row["jeditaskid"]: row for row in simulated.rows("jedi_datasets") if row["type"] == "input"}
    met = set()
    for task in simulated.rows("jedi_tasks"):
        if task["status"] in ("done", "finished", "failed"):
            data = inputs[task["jeditaskid"]]
            share = data["nfilesfinished"] / data["nfiles"]
            assert task["status"] == ("done" if share == 1 else "finished" if share else "failed")
            met.add(task["status"])
    assert {"done", "finished"} <= met


def test_troubles_show():
    """Failing sites fail more, black holes take many jobs and fail them at once."""
    simulated = Simulated(jobs_per_day=6000, wasteful=0.0).run(hours=24)
    ended = [row for row in simulated.rows("jobsarchived4") if row["jobstatus"] in ("finished", "failed")]
    bad, good = ("Birch", "Cedar", "Nettle"), ("Aster", "Grove", "Larch")
    assert _failing(ended, bad) > 1.5 * _failing(ended, good)
    holes = [row for row in ended if row["piloterrorcode"] == 1377]
    assert len({row["modificationhost"].partition("@")[2] for row in holes}) <= 3
    assert max((row["endtime"] - row["starttime"]).total_seconds() for row in holes) < 600


def _failing(ended: list[Row], sites: tuple[str, ...]) -> float:
    there = [row for row in ended if row["computingsite"].startswith(sites)]
    return sum(bool(row["jobstatus"] == "failed") for row in there) / len(there)


def test_a_task_s_log_and_attempt_tell_how_it_ended(simulated):
    states = defaultdict(list)
    for row in simulated.rows("tasks_statuslog"):
        states[row["jeditaskid"]].append((row["modificationtime"], row["status"]))
    attempts = {row["jeditaskid"]: row for row in simulated.rows("task_attempts")}
    ended = 0
    for task in simulated.rows("jedi_tasks"):
        logged = [status for _, status in sorted(states[task["jeditaskid"]])]
        assert logged[0] == "registered"
        assert logged[-1] == task["status"]
        assert attempts[task["jeditaskid"]].get("endstatus") in (None, task["status"])
        assert (attempts[task["jeditaskid"]].get("endtime") is None) == (task.get("endtime") is None)
        ended += task.get("endtime") is not None
    assert ended


def test_what_a_task_was_submitted_with_is_what_it_is(simulated):
    tasks = {row["jeditaskid"]: row for row in simulated.rows("jedi_tasks")}
    for row in simulated.rows("jedi_taskparams"):
        sent = json.loads(row["taskparams"])
        assert sent["taskName"] == tasks[row["jeditaskid"]]["taskname"]
